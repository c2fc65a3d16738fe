"""Access tokens: JWTs by the profile of RFC 9068, judged as RFC 8725 advises."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Literal
from uuid import UUID

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pixie.application.accounts.ports import AccessClaims, AccessToken, TokenIssuer
from pixie.application.kernel.errors import NotSignedIn
from pixie.application.kernel.ports import Clock, IdSource
from pixie.domain.accounts.errors import TokenExpired
from pixie.domain.kernel.ids import SessionId, UserId

_TYPE = "at+jwt"
_VERSION = 1
_LONGEST = 2000  # characters; ours have about 500
_REMEMBERED = 4096  # tokens, some 4 MB
_LEEWAY = 60  # seconds that a token may seem to come from the future


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKey:
    """A key and the one algorithm it is used with."""

    id: str
    algorithm: Literal["EdDSA", "HS256"]
    signing: Ed25519PrivateKey | bytes = field(repr=False)
    verifying: Ed25519PublicKey | bytes = field(repr=False)


def ed25519_key(seed: bytes) -> TokenKey:
    """The key that these 32 bytes make (RFC 8032, section 5.1.5)."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key()
    return TokenKey(id=_thumbprint(public), algorithm="EdDSA", signing=private, verifying=public)


def hs256_key(secret: bytes) -> TokenKey:
    key_id = base64.urlsafe_b64encode(hmac.digest(secret, b"kid", hashlib.sha256)).decode("ascii")[:16]
    return TokenKey(id=key_id, algorithm="HS256", signing=secret, verifying=secret)


class _Claims(msgspec.Struct):
    iss: str
    aud: str
    sub: UUID
    sid: UUID
    jti: UUID
    iat: int
    exp: int
    ver: int


class JwtTokenIssuer(TokenIssuer):
    """Signs with `key`; believes that one, and `retired` ones until their last tokens have expired.

    A key always makes the same header. So a token's header must be one of ours to the letter, which settles type,
    algorithm and key before anything of the token is parsed.
    """

    def __init__(
        self,
        *,
        key: TokenKey,
        retired: Sequence[TokenKey] = (),
        issuer: str,
        audience: str,
        lifetime: timedelta,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._key = key
        self._jws = jwt.PyJWS()
        # A signature does not change its mind: only what is judged by the clock is judged each time.
        self._verified = lru_cache(maxsize=_REMEMBERED)(self._verify)
        self._known = {self._header(known): known for known in (key, *retired)}
        self._issuer = issuer
        self._audience = audience
        self._lifetime = lifetime
        self._clock = clock
        self._ids = ids

    def issue(self, user_id: UserId, session_id: SessionId) -> AccessToken:
        now = int(self._clock.now().timestamp())
        claims = _Claims(
            iss=self._issuer,
            aud=self._audience,
            sub=user_id,
            sid=session_id,
            jti=self._ids.new(),
            iat=now,
            exp=now + int(self._lifetime.total_seconds()),
            ver=_VERSION,
        )
        return AccessToken(text=self._signed(self._key, msgspec.json.encode(claims)), lifetime=self._lifetime)

    def read(self, token: str) -> AccessClaims:
        claims = self._verified(token)
        now = self._clock.now().timestamp()
        if (claims.iss, claims.aud, claims.ver) != (
            self._issuer,
            self._audience,
            _VERSION,
        ) or claims.iat > now + _LEEWAY:
            raise NotSignedIn
        if now >= claims.exp:
            raise TokenExpired
        return AccessClaims(user_id=UserId(claims.sub), session_id=SessionId(claims.sid))

    def _verify(self, token: str) -> _Claims:
        key = self._known.get(token.partition(".")[0])
        if key is None or len(token) > _LONGEST:
            raise NotSignedIn
        try:
            payload = self._jws.decode(token, key.verifying, algorithms=[key.algorithm])
            return msgspec.json.decode(payload, type=_Claims)
        except (jwt.InvalidTokenError, msgspec.MsgspecError):
            raise NotSignedIn from None

    def _header(self, key: TokenKey) -> str:
        return self._signed(key, b"{}").partition(".")[0]

    def _signed(self, key: TokenKey, payload: bytes) -> str:
        return self._jws.encode(payload, key.signing, key.algorithm, headers={"typ": _TYPE, "kid": key.id})


def _thumbprint(public: Ed25519PublicKey) -> str:
    """RFC 7638, for a key of RFC 8037."""
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    members = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return _base64url(hashlib.sha256(canonical.encode("ascii")).digest())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")
