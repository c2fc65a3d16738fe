"""Keeping one thing running."""

import signal
import time
from collections.abc import Callable

from pixie.adapters.kernel.embedded.engine import EngineFailed
from pixie.entrypoints.supervisor.back_off import BackOff


class Keeper:
    """Starts what has ended: at once the first time, then after longer and longer pauses."""

    def __init__(
        self,
        name: str,
        *,
        start: Callable[[], object],
        exit_code: Callable[[], int | None],
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ends = 0
        self._name = name
        self._start = start
        self._exit_code = exit_code
        self._tell = tell
        self._clock = clock
        self._back_off = BackOff()
        self._alive_since = clock()
        self._due: float | None = None

    def tend(self) -> bool:
        """Look after it; True when it has just been started again."""
        code = self._exit_code()
        if code is None:
            return False
        if self._due is None:
            self._note_end(described(code))
        if self._due is None or self._clock() < self._due:
            return False
        self._due = None
        self._alive_since = self._clock()
        try:
            self._start()
        except (EngineFailed, OSError) as error:
            self._note_end(str(error))
            return False
        self._tell(f"{self._name} runs again.")
        return True

    def _note_end(self, how: str) -> None:
        self.ends += 1
        delay = self._back_off.after(self._clock() - self._alive_since)
        self._due = self._clock() + delay
        when = f"in {delay:g} s" if delay else "at once"
        self._tell(f"{self._name} has ended ({how}); it is started again {when}.")


def described(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"
