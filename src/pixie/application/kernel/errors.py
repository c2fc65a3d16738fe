"""Errors that any module may meet."""

from datetime import timedelta

from pixie.domain.kernel.errors import ErrorKind, PixieError


class IdempotencyKeyReused(PixieError):
    kind = ErrorKind.INVALID
    code = "idempotency_key_reused"
    title = "Idempotency key reused"

    def __init__(self) -> None:
        super().__init__(
            "This idempotency key was first used with a different request. Use a new key for a new request."
        )


class IdempotencyKeyInUse(PixieError):
    kind = ErrorKind.CONFLICT
    code = "idempotency_key_in_use"
    title = "Idempotency key in use"

    def __init__(self) -> None:
        super().__init__(
            "The first request with this idempotency key is still running. Ask again in a moment.",
            retry_after=timedelta(seconds=1),
        )


class InvalidRequest(PixieError):
    """The request has the wrong shape; what is right in shape but not in meaning has errors of its own."""

    kind = ErrorKind.MALFORMED
    code = "invalid_request"
    title = "Invalid request"

    def __init__(self, detail: str, *, pointer: str | None = None, parameter: str | None = None) -> None:
        """`pointer` leads to a place in the body (RFC 6901), `parameter` names what else of the request is at fault."""
        super().__init__(detail)
        where = parameter if pointer is None else pointer
        self.fields = [] if where is None else [(where, detail)]


class RequestTooLarge(PixieError):
    """The body of the request is larger than this route takes."""

    kind = ErrorKind.TOO_LARGE
    code = "request_too_large"
    title = "Request too large"

    def __init__(self) -> None:
        super().__init__("The body of the request is larger than this route takes.")


class NotSignedIn(PixieError):
    kind = ErrorKind.ANONYMOUS
    code = "not_signed_in"
    title = "Not signed in"

    def __init__(self) -> None:
        super().__init__("This request needs `Authorization: Bearer <access token>`.")


class NotAllowed(PixieError):
    kind = ErrorKind.DENIED
    code = "not_allowed"
    title = "Not allowed"

    def __init__(self, action: str) -> None:
        super().__init__(f"Your account may not {action}.")


class DatabaseUnavailable(PixieError):
    kind = ErrorKind.UNAVAILABLE
    code = "database_unavailable"
    title = "Database unavailable"

    def __init__(self) -> None:
        super().__init__("The database does not answer right now. Try again shortly.", retry_after=timedelta(seconds=2))


class DatabaseRefuses(DatabaseUnavailable):
    """It answers, and does not let Pixie in. Clients hear of an outage; `reason` is for whoever runs Pixie."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.reason = f"The database does not let Pixie in: {words}. Check DATABASE_URL."


class DatabaseBehind(PixieError):
    kind = ErrorKind.UNAVAILABLE
    code = "database_behind"
    title = "Database not migrated"

    def __init__(self, lack: str) -> None:
        super().__init__(f"The database is behind this version of Pixie: {lack}. Run `pixie migrate`.")


class QueueUnavailable(PixieError):
    kind = ErrorKind.UNAVAILABLE
    code = "queue_unavailable"
    title = "Queue unavailable"

    def __init__(self) -> None:
        super().__init__("The message queue does not answer right now.", retry_after=timedelta(seconds=1))


class QueueUnfit(QueueUnavailable):
    """It answers, and Pixie cannot work with it. Clients hear of an outage; `reason` is for whoever runs Pixie."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class AlreadyAnswered(Exception):
    """The request was answered before; `body` is that answer's JSON."""

    def __init__(self, body: bytes, status: int | None) -> None:
        super().__init__("answered before")
        self.body = body
        self.status = status
