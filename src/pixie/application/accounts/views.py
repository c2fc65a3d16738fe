from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from pixie.domain.accounts.user import User
from pixie.domain.kernel.ids import SessionId, UserId
from pixie.domain.kernel.locale import Locale
from pixie.domain.kernel.role import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """`held` credits are promised to running jobs."""

    available: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UserView:
    """A user, to themselves."""

    id: UserId
    email: str
    name: str
    avatar_url: str | None
    role: Role
    subscription_type: str
    email_verified: bool
    locale: Locale
    credits: Credits
    created_at: datetime
    last_login: datetime | None

    @classmethod
    def of(cls, user: User, credits: Credits) -> Self:  # noqa: A002 - the money of this house
        return cls(
            id=user.id,
            email=user.email.text,
            name=user.name.text,
            avatar_url=user.avatar_url,
            role=user.role,
            subscription_type=user.subscription_type,
            email_verified=user.email_verified,
            locale=user.locale,
            credits=credits,
            created_at=user.created_at,
            last_login=user.last_login,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSummary:
    """A user, to an admin."""

    id: UserId
    email: str
    name: str
    role: Role
    subscription_type: str
    email_verified: bool
    is_active: bool
    created_at: datetime
    last_login: datetime | None

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(
            id=user.id,
            email=user.email.text,
            name=user.name.text,
            role=user.role,
            subscription_type=user.subscription_type,
            email_verified=user.email_verified,
            is_active=user.is_active,
            created_at=user.created_at,
            last_login=user.last_login,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """`expires_in` is the access token's life in seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 - no secret, but the scheme of RFC 6750


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A user, and the tokens of their new session."""

    user: UserView
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_type: str
    expires_in: int

    @classmethod
    def of(cls, user: UserView, tokens: TokenPair) -> Self:
        return cls(
            user=user,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            token_type=tokens.token_type,
            expires_in=tokens.expires_in,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A device that is signed in; `current` marks the one that asks."""

    id: SessionId
    ip_address: str | None
    user_agent: str | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool = False
