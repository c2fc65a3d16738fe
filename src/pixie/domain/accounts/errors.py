from datetime import timedelta

from pixie.domain.kernel.errors import ErrorKind, PixieError


class InvalidEmail(PixieError):
    """This is not an e-mail address."""

    kind = ErrorKind.INVALID
    code = "invalid_email"
    title = "Invalid e-mail address"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This is not an e-mail address that Pixie can write to: {reason}.")
        self.fields = [("/email", self.detail)]


class InvalidPassword(PixieError):
    """A password has 8 to 256 characters."""

    kind = ErrorKind.INVALID
    code = "invalid_password"
    title = "Invalid password"

    def __init__(self, *, shortest: int, longest: int) -> None:
        super().__init__(
            f"A password has {shortest} to {longest} characters. Any characters will do, spaces too.",
            min_length=shortest,
            max_length=longest,
        )
        self.fields = [("/password", self.detail)]


class InvalidName(PixieError):
    """A name has 1 to 255 characters, and no line breaks or other control characters."""

    kind = ErrorKind.INVALID
    code = "invalid_name"
    title = "Invalid name"

    def __init__(self, longest: int) -> None:
        super().__init__(f"A name has 1 to {longest} characters, and no line breaks or other control characters.")
        self.fields = [("/name", self.detail)]


class EmailTaken(PixieError):
    """There is an account with this e-mail address already."""

    kind = ErrorKind.CONFLICT
    code = "email_taken"
    title = "E-mail address taken"

    def __init__(self) -> None:
        super().__init__("There is an account with this e-mail address already. Sign in instead.")


class InvalidCredentials(PixieError):
    """The e-mail address or the password is wrong."""

    kind = ErrorKind.ANONYMOUS
    code = "invalid_credentials"
    title = "Invalid credentials"

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is wrong.")


class TokenExpired(PixieError):
    """The access token has expired; refresh it."""

    kind = ErrorKind.ANONYMOUS
    code = "token_expired"
    title = "Access token expired"

    def __init__(self) -> None:
        super().__init__("The access token has expired. Get a new one from `POST /api/auth/refresh`.")


class SessionEnded(PixieError):
    """The session is over; sign in again."""

    kind = ErrorKind.ANONYMOUS
    code = "session_ended"
    title = "Session ended"

    def __init__(self) -> None:
        super().__init__("This session is over. Sign in again.")


class InvalidRefreshToken(PixieError):
    """Pixie never gave out this refresh token."""

    kind = ErrorKind.ANONYMOUS
    code = "invalid_refresh_token"
    title = "Invalid refresh token"

    def __init__(self) -> None:
        super().__init__("Pixie knows no such refresh token. Sign in again.")


class RefreshTokenReused(PixieError):
    """A spent refresh token came back, so the session was ended."""

    kind = ErrorKind.ANONYMOUS
    code = "refresh_token_reused"
    title = "Refresh token reused"

    def __init__(self) -> None:
        super().__init__(
            "This refresh token was used before. Somebody else may have it, so its session was ended. Sign in again."
        )


class UserNotFound(PixieError):
    """There is no such user."""

    kind = ErrorKind.MISSING
    code = "user_not_found"
    title = "User not found"

    def __init__(self) -> None:
        super().__init__("There is no such user.")


class SessionNotFound(PixieError):
    """You have no such session."""

    kind = ErrorKind.MISSING
    code = "session_not_found"
    title = "Session not found"

    def __init__(self) -> None:
        super().__init__("You have no such session, or it is over.")


class TooBusy(PixieError):
    """Too many people are signing in right now."""

    kind = ErrorKind.THROTTLED
    code = "too_busy"
    title = "Too busy"

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("Too many people are signing in right now. Try again shortly.", retry_after=retry_after)
