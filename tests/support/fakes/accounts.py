"""Accounts in memory. What is saved is kept at once: there is no transaction to roll back."""

import base64
import hashlib
from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from pixie.application.accounts.ports import (
    AccessClaims,
    AccessToken,
    CreditSummary,
    PasswordHasher,
    Presented,
    RefreshTokenSource,
    SessionReader,
    SessionStore,
    TokenIssuer,
    UserReader,
    UserStore,
    Verdict,
    WelcomeGift,
)
from pixie.application.accounts.stream_ticket import StreamTickets
from pixie.application.accounts.views import Credits, SessionView, SignedIn, UserSummary
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.errors import NotSignedIn
from pixie.application.kernel.page import Page, PageRequest, page_of
from pixie.application.kernel.ports import Clock
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.errors import EmailTaken, TokenExpired, TooBusy, UserNotFound
from pixie.domain.accounts.password import Password
from pixie.domain.accounts.refresh_token import PREFIX, RefreshToken
from pixie.domain.accounts.session import EndReason, Session, SessionPolicy
from pixie.domain.accounts.user import User
from pixie.domain.kernel.ids import SessionId, UserId
from pixie.domain.kernel.role import Role
from tests.support.account_use_cases import AccountUseCases
from tests.support.builders.accounts import a_registration
from tests.support.fakes.kernel import FakeClock, FakeIdempotencyLog, FakeIds, FakeOutbox, FakeUnitOfWork


@dataclass
class FakeTables:
    """What the tables would hold. A token is a row: its session, and when it was spent."""

    users: dict[UserId, User] = field(default_factory=dict)
    sessions: dict[SessionId, Session] = field(default_factory=dict)
    tokens: dict[bytes, tuple[SessionId, datetime | None]] = field(default_factory=dict)

    def find_by_email(self, email: EmailAddress) -> User | None:
        return next((deepcopy(user) for user in self.users.values() if user.email == email), None)


class FakeUserStore(UserStore):
    def __init__(self, tables: FakeTables) -> None:
        self.tables = tables

    async def add(self, user: User) -> None:
        if self.tables.find_by_email(user.email):
            raise EmailTaken
        self.tables.users[user.id] = deepcopy(user)

    async def get(self, user_id: UserId) -> User:
        if user_id not in self.tables.users:
            raise UserNotFound
        return deepcopy(self.tables.users[user_id])

    async def get_by_email(self, email: EmailAddress) -> User:
        user = self.tables.find_by_email(email)
        if user is None:
            raise UserNotFound
        return user

    async def save(self, user: User) -> None:
        self.tables.users[user.id] = deepcopy(user)


class FakeUserReader(UserReader):
    def __init__(self, tables: FakeTables) -> None:
        self.tables = tables

    async def find_by_email(self, email: EmailAddress) -> User | None:
        return self.tables.find_by_email(email)

    async def get(self, user_id: UserId) -> User:
        return await FakeUserStore(self.tables).get(user_id)

    async def page(self, request: PageRequest, query: str | None) -> Page[UserSummary]:
        wanted = (query or "").lower()
        users = sorted(self.tables.users.values(), key=lambda user: user.id, reverse=True)
        found = [
            UserSummary.of(user)
            for user in users
            if (request.before is None or user.id < request.before)
            and (wanted in user.email.text.lower() or wanted in user.name.text.lower())
        ]
        return page_of(found, request, lambda user: user.id)


class FakeSessionStore(SessionStore):
    def __init__(self, tables: FakeTables) -> None:
        self.tables = tables

    async def add(self, session: Session) -> None:
        self.tables.sessions[session.id] = deepcopy(session)
        self.tables.tokens[session.current] = (session.id, None)

    async def find(self, session_id: SessionId) -> Session | None:
        return deepcopy(self.tables.sessions.get(session_id))

    async def find_by_token(self, digest: bytes) -> Presented | None:
        if digest not in self.tables.tokens:
            return None
        session_id, spent_at = self.tables.tokens[digest]
        return Presented(session=deepcopy(self.tables.sessions[session_id]), spent_at=spent_at)

    async def save_rotated(self, session: Session, spent: bytes) -> None:
        self.tables.sessions[session.id] = deepcopy(session)
        self.tables.tokens[spent] = (session.id, session.last_seen_at)
        self.tables.tokens[session.current] = (session.id, None)

    async def save_ended(self, session: Session) -> None:
        self.tables.sessions[session.id] = deepcopy(session)

    async def end_all(self, user_id: UserId, reason: EndReason, now: datetime) -> int:
        running = [one for one in self.tables.sessions.values() if one.user_id == user_id and one.ended_at is None]
        for session in running:
            session.end(reason, now)
        return len(running)

    async def forget(self, expired_before: datetime, limit: int) -> int:
        expired = [one for one in self.tables.sessions.values() if one.expires_at < expired_before][:limit]
        for session in expired:
            del self.tables.sessions[session.id]
        self.tables.tokens = {
            digest: token for digest, token in self.tables.tokens.items() if token[0] in self.tables.sessions
        }
        return len(expired)


class FakeSessionReader(SessionReader):
    def __init__(self, tables: FakeTables) -> None:
        self.tables = tables

    async def role_of(self, session_id: SessionId, user_id: UserId, now: datetime) -> Role | None:
        session = self.tables.sessions.get(session_id)
        user = self.tables.users.get(user_id)
        if session is None or user is None or session.user_id != user_id:
            return None
        return user.role if user.is_active and not session.is_over(now) else None

    async def roles_of(self, session_ids: Collection[SessionId], now: datetime) -> Mapping[SessionId, Role]:
        owners = {one.id: one.user_id for one in self.tables.sessions.values() if one.id in session_ids}
        roles = {session_id: await self.role_of(session_id, owner, now) for session_id, owner in owners.items()}
        return {session_id: role for session_id, role in roles.items() if role is not None}

    async def page(self, user_id: UserId, request: PageRequest, now: datetime) -> Page[SessionView]:
        running = [one for one in self.tables.sessions.values() if one.user_id == user_id and not one.is_over(now)]
        newest_first = sorted(running, key=lambda session: session.id, reverse=True)
        found = [_session_view(one) for one in newest_first if request.before is None or one.id < request.before]
        return page_of(found, request, lambda session: session.id)


class FakeStreamTickets(StreamTickets):
    def __init__(self, tables: FakeTables) -> None:
        self.tables = tables
        self.tickets: dict[bytes, tuple[SessionId, datetime]] = {}

    async def add(self, digest: bytes, session_id: SessionId, expires_at: datetime) -> None:
        self.tickets[digest] = (session_id, expires_at)

    async def take(self, digest: bytes, now: datetime) -> tuple[SessionId, UserId] | None:
        session_id, expires_at = self.tickets.get(digest, (None, now))
        if session_id is None or expires_at <= now:
            return None
        del self.tickets[digest]
        return session_id, self.tables.sessions[session_id].user_id

    async def forget(self, expired_before: datetime) -> int:
        old = [digest for digest, (_, expires_at) in self.tickets.items() if expires_at < expired_before]
        for digest in old:
            del self.tickets[digest]
        return len(old)


class FakePasswordHasher(PasswordHasher):
    """A hash is `<cost>$<digest>`. `worked` counts what the real one would have taken its time for."""

    def __init__(self, cost: int = 12) -> None:
        self.cost = cost
        self.worked = 0
        self.busy = False

    async def hash(self, password: Password) -> str:
        self._work()
        return f"{self.cost}${_digest(password)}"

    async def verify(self, password: Password, password_hash: str | None) -> Verdict:
        self._work()
        cost, _, digest = (password_hash or "").partition("$")
        if digest != _digest(password):
            return Verdict.WRONG
        return Verdict.RIGHT if int(cost) == self.cost else Verdict.RIGHT_BUT_OUTDATED

    def _work(self) -> None:
        if self.busy:
            raise TooBusy(timedelta(seconds=6))
        self.worked += 1


class FakeTokenIssuer(TokenIssuer):
    LIFETIME = timedelta(minutes=15)

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.issued: dict[str, tuple[AccessClaims, datetime]] = {}

    def issue(self, user_id: UserId, session_id: SessionId) -> AccessToken:
        text = f"access-{len(self.issued) + 1}"
        claims = AccessClaims(user_id=user_id, session_id=session_id)
        self.issued[text] = (claims, self.clock.now() + self.LIFETIME)
        return AccessToken(text=text, lifetime=self.LIFETIME)

    def read(self, token: str) -> AccessClaims:
        if token not in self.issued:
            raise NotSignedIn
        claims, expires_at = self.issued[token]
        if self.clock.now() >= expires_at:
            raise TokenExpired
        return claims


class FakeRefreshTokenSource(RefreshTokenSource):
    """Without randomness: the same test makes the same tokens."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> RefreshToken:
        return _token(f"new {next(self._numbers)}")

    def successor_of(self, token: RefreshToken) -> RefreshToken:
        return _token(f"after {token.text}")


class FakeWelcomeGift(WelcomeGift, CreditSummary):
    def __init__(self) -> None:
        self.balances: dict[UserId, Credits] = {}

    async def give(self, user_id: UserId) -> Credits:
        self.balances[user_id] = Credits(available=100, held=0)
        return self.balances[user_id]

    async def of(self, user_id: UserId) -> Credits:
        return self.balances.get(user_id, Credits(available=0, held=0))


def _digest(password: Password) -> str:
    return hashlib.sha256(password.text.encode()).hexdigest()


def _token(seed: str) -> RefreshToken:
    secret = hashlib.sha256(seed.encode()).digest()
    return RefreshToken(PREFIX + base64.urlsafe_b64encode(secret).decode("ascii").rstrip("="))


def _session_view(session: Session) -> SessionView:
    return SessionView(
        id=session.id,
        ip_address=str(session.device.address) if session.device.address else None,
        user_agent=session.device.user_agent,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
    )


@dataclass
class FakeAccounts(AccountUseCases):
    """A whole house of accounts in memory, and its use cases."""

    policy: SessionPolicy = field(default_factory=SessionPolicy)
    tables: FakeTables = field(default_factory=FakeTables)
    clock: FakeClock = field(default_factory=FakeClock)
    ids: FakeIds = field(default_factory=FakeIds)
    uow: FakeUnitOfWork = field(default_factory=FakeUnitOfWork)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    idempotency: FakeIdempotencyLog = field(default_factory=FakeIdempotencyLog)
    passwords: FakePasswordHasher = field(default_factory=FakePasswordHasher)
    gift: FakeWelcomeGift = field(default_factory=FakeWelcomeGift)
    refresh_tokens: FakeRefreshTokenSource = field(default_factory=FakeRefreshTokenSource)

    def __post_init__(self) -> None:
        self.access_tokens = FakeTokenIssuer(self.clock)
        self.users = FakeUserStore(self.tables)
        self.known = FakeUserReader(self.tables)
        self.sessions = FakeSessionStore(self.tables)
        self.running = FakeSessionReader(self.tables)
        self.tickets = FakeStreamTickets(self.tables)

    async def signed_up(self, email: str = "ada@example.com") -> SignedIn:
        """Somebody who has just registered, with `PASSWORD`."""
        return await self.register(a_registration(email))

    async def caller_of(self, signed_in: SignedIn) -> Caller:
        return await self.authenticate(signed_in.access_token)
