import base64
import hashlib
import hmac
import secrets

from pixie.application.accounts.ports import RefreshTokenSource
from pixie.domain.accounts.refresh_token import PREFIX, RefreshToken

_BYTES = 32
_PURPOSE = b"refresh"


class HmacRefreshTokenSource(RefreshTokenSource):
    """The successor of a token is its HMAC under our key: it can be given out twice though nobody stored it."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def new(self) -> RefreshToken:
        return _token(secrets.token_bytes(_BYTES))

    def successor_of(self, token: RefreshToken) -> RefreshToken:
        return _token(hmac.digest(self._key, _PURPOSE + token.text.encode("ascii"), hashlib.sha256))


def _token(secret: bytes) -> RefreshToken:
    return RefreshToken(PREFIX + base64.urlsafe_b64encode(secret).decode("ascii").rstrip("="))
