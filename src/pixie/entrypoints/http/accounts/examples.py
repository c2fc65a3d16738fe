"""What answers look like, for the API's description."""

from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from pixie.application.accounts.views import Credits, SignedIn, TokenPair, UserView
from pixie.domain.kernel.ids import UserId
from pixie.domain.kernel.locale import Locale
from pixie.domain.kernel.role import Role

T = TypeVar("T")

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


def answer(example: T, description: str) -> ResponseSpec:
    return ResponseSpec(
        data_container=type(example),
        generate_examples=False,
        description=description,
        examples=[Example(id="answer", summary=description, value=example)],
    )
