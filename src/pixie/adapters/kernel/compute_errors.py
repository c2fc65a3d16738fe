"""What can go wrong with work in a child process."""

from datetime import timedelta

from pixie.domain.kernel.errors import ErrorKind, PixieError


class ComputeBusy(PixieError):
    """No child became free in the time that the caller was ready to wait."""

    kind = ErrorKind.THROTTLED
    code = "compute_busy"
    title = "All processors busy"

    def __init__(self, waited: float) -> None:
        super().__init__(
            f"All processors were busy with other pictures for {waited:g} s.", retry_after=timedelta(seconds=2)
        )


class ComputeTimedOut(PixieError):
    """Nothing came back in time; the machine may be at fault as well as the work."""

    kind = ErrorKind.UNAVAILABLE
    code = "compute_timed_out"
    title = "Computation timed out"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"A computation did not end within {seconds:g} s.", retry_after=timedelta(seconds=5))


class ComputeCrashed(PixieError):
    """The child died of something else than its limits: a fault in a native library, or a kill from outside.

    `by_itself` tells the fault, which the same work will meet again, from the kill.
    """

    kind = ErrorKind.UNAVAILABLE
    code = "compute_crashed"
    title = "Computation crashed"

    def __init__(self, how: str, *, by_itself: bool = False) -> None:
        super().__init__(f"A process that computed ended: {how}.")
        self.by_itself = by_itself


class ComputeExhausted(PixieError):
    """The work wants more memory or processor time than it was given; it will want the same next time."""

    kind = ErrorKind.INVALID
    code = "compute_exhausted"
    title = "Too heavy to compute"

    def __init__(self, what: str) -> None:
        super().__init__(f"This takes more {what} than is given to one computation.")


class ComputeFailed(Exception):
    """The function raised what it should not have; the text is the child's traceback."""
