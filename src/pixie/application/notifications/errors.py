from datetime import timedelta

from pixie.domain.kernel.errors import ErrorKind, PixieError


class MailNotSent(PixieError):
    """The mail could not be handed over; it will be tried again."""

    kind = ErrorKind.UNAVAILABLE
    code = "mail_not_sent"
    title = "Mail not sent"

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"The mail could not be handed over: {reason}.", retry_after=retry_after)


class MailNotFound(PixieError):
    """There is no such mail."""

    kind = ErrorKind.MISSING
    code = "mail_not_found"
    title = "Mail not found"

    def __init__(self, mail_id: str) -> None:
        super().__init__(f"There is no mail {mail_id!r}.")
