"""What accounts need from outside themselves."""

from abc import abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pixie.application.accounts.views import Credits, SessionView, UserSummary
from pixie.application.kernel.page import Page, PageRequest
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.password import Password
from pixie.domain.accounts.refresh_token import RefreshToken
from pixie.domain.accounts.session import EndReason, Session
from pixie.domain.accounts.user import User
from pixie.domain.kernel.ids import SessionId, UserId
from pixie.domain.kernel.role import Role


class UserStore(Protocol):
    """Users, to be changed in the current unit of work. Whoever was got stays locked until it ends."""

    @abstractmethod
    async def add(self, user: User) -> None:
        """Raises `EmailTaken`."""

    @abstractmethod
    async def get(self, user_id: UserId) -> User:
        """Raises `UserNotFound`."""

    @abstractmethod
    async def get_by_email(self, email: EmailAddress) -> User:
        """Raises `UserNotFound`."""

    @abstractmethod
    async def save(self, user: User) -> None:
        """Keep what the user's verbs changed."""


class UserReader(Protocol):
    """Users as they are committed, to look at; read outside any unit of work."""

    @abstractmethod
    async def find_by_email(self, email: EmailAddress) -> User | None:
        """Whoever has this address."""

    @abstractmethod
    async def get(self, user_id: UserId) -> User:
        """Raises `UserNotFound`."""

    @abstractmethod
    async def page(self, request: PageRequest, query: str | None) -> Page[UserSummary]:
        """Users, newest first; with `query`, those whose address or name contains it, in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A refresh token that exists, with its session. `spent_at` is None for the one that is valid now."""

    session: Session
    spent_at: datetime | None


class SessionStore(Protocol):
    """Sessions and their refresh tokens, to be changed in the current unit of work."""

    @abstractmethod
    async def add(self, session: Session) -> None:
        """Keep a new session with its first token."""

    @abstractmethod
    async def find(self, session_id: SessionId) -> Session | None:
        """The session, locked until the unit of work ends."""

    @abstractmethod
    async def find_by_token(self, digest: bytes) -> Presented | None:
        """The session that this token was ever valid in, locked until the unit of work ends."""

    @abstractmethod
    async def save_rotated(self, session: Session, spent: bytes) -> None:
        """Keep a session whose token was just rotated; `spent` is the digest of the one before."""

    @abstractmethod
    async def save_ended(self, session: Session) -> None:
        """Keep that a session ended."""

    @abstractmethod
    async def end_all(self, user_id: UserId, reason: EndReason, now: datetime) -> int:
        """End every session of this user that has not ended yet; returns how many."""

    @abstractmethod
    async def forget(self, expired_before: datetime, limit: int) -> int:
        """Delete at most `limit` sessions that expired before then; returns how many."""


class SessionReader(Protocol):
    """Sessions as they are committed; read outside any unit of work."""

    @abstractmethod
    async def role_of(self, session_id: SessionId, user_id: UserId, now: datetime) -> Role | None:
        """The user's role now; None unless this session of theirs is running and their account active."""

    @abstractmethod
    async def roles_of(self, session_ids: Collection[SessionId], now: datetime) -> Mapping[SessionId, Role]:
        """The same for many sessions at once; those that `role_of` would answer with None are missing."""

    @abstractmethod
    async def page(self, user_id: UserId, request: PageRequest, now: datetime) -> Page[SessionView]:
        """The user's running sessions, newest first; none is marked as the current one."""


class Verdict(StrEnum):
    WRONG = "wrong"
    RIGHT = "right"
    RIGHT_BUT_OUTDATED = "right_but_outdated"


class PasswordHasher(Protocol):
    """Slow on purpose, and never on the event loop. Both verbs raise `TooBusy` when their turn would come too late."""

    @abstractmethod
    async def hash(self, password: Password) -> str:
        """A hash that carries its own salt and cost."""

    @abstractmethod
    async def verify(self, password: Password, password_hash: str | None) -> Verdict:
        """Compare. Outdated is a hash of another cost than new ones. With no hash it is `WRONG`, and takes as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    text: str = field(repr=False)
    lifetime: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    user_id: UserId
    session_id: SessionId


class TokenIssuer(Protocol):
    """Signs access tokens, and knows its own again."""

    @abstractmethod
    def issue(self, user_id: UserId, session_id: SessionId) -> AccessToken:
        """A token that is valid from now on."""

    @abstractmethod
    def read(self, token: str) -> AccessClaims:
        """Raises `NotSignedIn` for anything this issuer did not sign as an access token, `TokenExpired`."""


class RefreshTokenSource(Protocol):
    @abstractmethod
    def new(self) -> RefreshToken:
        """256 random bits."""

    @abstractmethod
    def successor_of(self, token: RefreshToken) -> RefreshToken:
        """The one token that can follow: always the same for the same token, and beyond guessing without our key."""


class WelcomeGift(Protocol):
    @abstractmethod
    async def give(self, user_id: UserId) -> Credits:
        """Open the new user's credit account with its first credits, in the current unit of work."""


class CreditSummary(Protocol):
    @abstractmethod
    async def of(self, user_id: UserId) -> Credits:
        """What this user has now; read outside any unit of work."""
