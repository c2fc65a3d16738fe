"""What may become of a request to an address that somebody else named. No detail tells of our own network."""

from pixie.domain.kernel.errors import ErrorKind, PixieError


class OutboundRefused(PixieError):
    """This address is not asked, now or later."""

    kind = ErrorKind.INVALID
    code = "address_refused"
    title = "Address refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This address is not asked: {reason}.")


class OutboundFailed(PixieError):
    """The address was asked and gave nothing usable; perhaps later. `status` is the HTTP status, if there was one."""

    kind = ErrorKind.UNAVAILABLE
    code = "address_failed"
    title = "Address does not answer"

    def __init__(self, host: str, reason: str, status: int | None = None) -> None:
        super().__init__(f"{host} gave no usable answer: {reason}.")
        self.status = status


class OutboundTooLarge(PixieError):
    kind = ErrorKind.TOO_LARGE
    code = "address_answer_too_large"
    title = "Answer too large"

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"What this address gives is larger than {max_bytes} bytes.", max_bytes=max_bytes)
