"""What answers look like, for the API's description."""

from datetime import UTC, datetime
from uuid import UUID

from pixie.application.accounts.views import Credits, SessionView, SignedIn, TokenPair, UserView
from pixie.domain.kernel.ids import SessionId, UserId
from pixie.domain.kernel.locale import Locale
from pixie.domain.kernel.role import Role
from pixie.entrypoints.http.kernel.bodies import BodyExamples
from pixie.entrypoints.http.kernel.pagination import Listing

_PASSWORD = "correct horse battery staple"  # noqa: S105 - everybody knows it
_SIGNED_UP = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

USER = UserView(
    id=UserId(UUID("019aaf3e-8f40-7c1d-9a52-3b6f0e7d2c11")),
    email="ada@example.com",
    name="Ada",
    avatar_url=None,
    role=Role.USER,
    subscription_type="free",
    email_verified=False,
    locale=Locale.ENGLISH,
    credits=Credits(available=100, held=0),
    created_at=_SIGNED_UP,
    last_login=_SIGNED_UP,
)
TOKENS = TokenPair(
    access_token="eyJhbGciOiJFZERTQSIsImtpZCI6IuKApiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiLigKYifQ.c2lnbmF0dXJl",  # noqa: S106
    refresh_token="pxr_4vT0mJc3jQ8n1Yw5sK2fH7bXaLrEoPzUuGdCiVtN9kM",  # noqa: S106
    expires_in=900,
)
SIGNED_IN = SignedIn.of(USER, TOKENS)
SESSIONS = Listing(
    items=[
        SessionView(
            id=SessionId(UUID("019aaf3e-8f41-7a02-8c4d-5e1f9b3a7d60")),
            ip_address="203.0.113.7",
            user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            created_at=_SIGNED_UP,
            last_seen_at=datetime(2026, 11, 23, 10, 5, tzinfo=UTC),
            expires_at=datetime(2026, 12, 23, 10, 5, tzinfo=UTC),
            current=True,
        )
    ],
    next_cursor=None,
)

BODIES = BodyExamples(
    {
        "register": {"Ada": {"email": "ada@example.com", "password": _PASSWORD, "name": "Ada"}},
        "login": {"Ada": {"email": "ada@example.com", "password": _PASSWORD}},
        "refresh": {"a refresh token": {"refresh_token": TOKENS.refresh_token}},
        "logout": {"this device": {}, "all devices": {"everywhere": True}},
    }
)
