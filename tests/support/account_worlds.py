"""Accounts, assembled: once in memory, once on PostgreSQL. Each unit is what one request sees."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from pixie.adapters.accounts.constraints import ACCOUNT_CONSTRAINTS
from pixie.adapters.accounts.hmac_refresh_token_source import HmacRefreshTokenSource
from pixie.adapters.accounts.pg_session_reader import PgSessionReader
from pixie.adapters.accounts.pg_session_store import PgSessionStore
from pixie.adapters.accounts.pg_stream_tickets import PgStreamTickets
from pixie.adapters.accounts.pg_user_reader import PgUserReader
from pixie.adapters.accounts.pg_user_store import PgUserStore
from pixie.adapters.kernel.bell import SilentBell
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.ids import Uuid7Source
from pixie.adapters.kernel.pg_outbox import PgOutbox
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.accounts.ports import (
    PasswordHasher,
    RefreshTokenSource,
    SessionReader,
    SessionStore,
    TokenIssuer,
    UserReader,
    UserStore,
)
from pixie.application.accounts.stream_ticket import StreamTickets
from pixie.application.kernel.ports import IdempotencyLog, IdSource, Outbox, UnitOfWork
from pixie.domain.accounts.session import SessionPolicy
from tests.support.account_use_cases import AccountUseCases, Gift
from tests.support.fakes.accounts import FakeAccounts, FakePasswordHasher, FakeTokenIssuer, FakeWelcomeGift
from tests.support.fakes.kernel import FakeClock, FakeIdempotencyLog

SUBSCRIPTIONS = {"accounts.user_registered": ["notifications.mail_welcome"]}


@dataclass(kw_only=True)
class AccountUnit(AccountUseCases):
    users: UserStore
    known: UserReader
    sessions: SessionStore
    tickets: StreamTickets
    running: SessionReader
    passwords: PasswordHasher
    access_tokens: TokenIssuer
    refresh_tokens: RefreshTokenSource
    gift: Gift
    outbox: Outbox
    idempotency: IdempotencyLog
    uow: UnitOfWork
    ids: IdSource
    clock: FakeClock
    policy: SessionPolicy


class AccountWorld(Protocol):
    clock: FakeClock
    policy: SessionPolicy

    @property
    def known(self) -> UserReader: ...

    @property
    def running(self) -> SessionReader: ...

    def unit(self) -> AbstractAsyncContextManager[AccountUnit]: ...


class FakeAccountWorld(AccountWorld):
    def __init__(self, policy: SessionPolicy | None = None) -> None:
        self.policy = policy or SessionPolicy()
        self.house = FakeAccounts(policy=self.policy)
        self.clock = self.house.clock

    @property
    def known(self) -> UserReader:
        return self.house.known

    @property
    def running(self) -> SessionReader:
        return self.house.running

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[AccountUnit]:
        house = self.house
        yield AccountUnit(
            users=house.users,
            known=house.known,
            sessions=house.sessions,
            tickets=house.tickets,
            running=house.running,
            passwords=house.passwords,
            access_tokens=house.access_tokens,
            refresh_tokens=house.refresh_tokens,
            gift=house.gift,
            outbox=house.outbox,
            idempotency=house.idempotency,
            uow=house.uow,
            ids=house.ids,
            clock=house.clock,
            policy=house.policy,
        )


@dataclass
class PgAccountWorld(AccountWorld):
    """Real rows and transactions; only passwords, access tokens and credits are pretended."""

    database: Database
    policy: SessionPolicy = field(default_factory=SessionPolicy)
    clock: FakeClock = field(default_factory=FakeClock)
    gift: FakeWelcomeGift = field(default_factory=FakeWelcomeGift)
    passwords: FakePasswordHasher = field(default_factory=FakePasswordHasher)
    refresh_tokens: RefreshTokenSource = field(default_factory=lambda: HmacRefreshTokenSource(b"a key for tests"))

    def __post_init__(self) -> None:
        self.access_tokens = FakeTokenIssuer(self.clock)

    @property
    def known(self) -> UserReader:
        return PgUserReader(self.database)

    @property
    def running(self) -> SessionReader:
        return PgSessionReader(self.database)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[AccountUnit]:
        uow = PgUnitOfWork(self.database, SilentBell(), ACCOUNT_CONSTRAINTS)
        ids = Uuid7Source()
        try:
            yield AccountUnit(
                users=PgUserStore(uow),
                known=self.known,
                sessions=PgSessionStore(uow),
                tickets=PgStreamTickets(uow),
                running=self.running,
                passwords=self.passwords,
                access_tokens=self.access_tokens,
                refresh_tokens=self.refresh_tokens,
                gift=self.gift,
                outbox=PgOutbox(uow, ids, SUBSCRIPTIONS),
                idempotency=FakeIdempotencyLog(),
                uow=uow,
                ids=ids,
                clock=self.clock,
                policy=self.policy,
            )
        finally:
            await uow.close()
