"""The credits module, assembled: once in memory, once on PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from pixie.adapters.credits.constraints import CREDIT_CONSTRAINTS
from pixie.adapters.credits.pg_credit_account_store import PgCreditAccountStore
from pixie.adapters.credits.pg_credit_reader import PgCreditReader
from pixie.adapters.kernel.bell import SilentBell
from pixie.adapters.kernel.database import Database, open_database
from pixie.adapters.kernel.ids import Uuid7Source
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.credits.adjust_credits import AdjustCredits, AdjustCreditsCommand
from pixie.application.credits.api import CreditGrants, CreditHolds
from pixie.application.credits.expire_credits import ExpireCredits
from pixie.application.credits.ports import CreditAccountStore, CreditReader
from pixie.application.kernel.caller import Operator
from pixie.application.kernel.ports import IdSource, UnitOfWork
from pixie.domain.credits.lot import Grant
from pixie.domain.kernel.ids import UserId
from tests.support.fakes.credits import FakeCreditAccountStore, FakeCreditReader, FakeLedger
from tests.support.fakes.kernel import FakeClock, FakeIdempotencyLog, FakeIds, FakeUnitOfWork


@dataclass
class CreditUnit:
    """One unit of work, and everything that credits do in it."""

    uow: UnitOfWork
    store: CreditAccountStore
    reader: CreditReader
    clock: FakeClock
    ids: IdSource

    @property
    def holds(self) -> CreditHolds:
        return CreditHolds(accounts=self.store, reader=self.reader, clock=self.clock)

    @property
    def grants(self) -> CreditGrants:
        return CreditGrants(accounts=self.store, clock=self.clock, ids=self.ids)

    async def adjust_by(self, user_id: UserId, amount: int) -> None:
        adjust = AdjustCredits(
            accounts=self.store, idempotency=FakeIdempotencyLog(), clock=self.clock, ids=self.ids, uow=self.uow
        )
        await adjust(AdjustCreditsCommand(actor=Operator(name="test"), user_id=user_id, amount=amount))

    @property
    def expire(self) -> ExpireCredits:
        return ExpireCredits(accounts=self.store, clock=self.clock, uow=self.uow)

    async def commit(self) -> None:
        await self.uow.commit()


class CreditWorld(Protocol):
    clock: FakeClock

    @property
    def reader(self) -> CreditReader: ...

    def unit(self) -> AbstractAsyncContextManager[CreditUnit]: ...


@dataclass
class FakeCreditWorld(CreditWorld):
    clock: FakeClock = field(default_factory=FakeClock)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    ids: IdSource = field(default_factory=FakeIds)

    @property
    def reader(self) -> CreditReader:
        return FakeCreditReader(self.ledger, self.clock)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[CreditUnit]:
        store = FakeCreditAccountStore(self.ledger)
        yield CreditUnit(FakeUnitOfWork(), store, self.reader, self.clock, self.ids)


@dataclass
class PgCreditWorld(CreditWorld):
    database: Database
    clock: FakeClock = field(default_factory=FakeClock)
    ids: IdSource = field(default_factory=Uuid7Source)

    @property
    def reader(self) -> CreditReader:
        return PgCreditReader(self.database, self.clock)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[CreditUnit]:
        async with self.pg_unit() as (unit, _):
            yield unit

    @asynccontextmanager
    async def pg_unit(self) -> AsyncIterator[tuple[CreditUnit, PgUnitOfWork]]:
        """With the unit of work itself, for tests that break it."""
        uow = PgUnitOfWork(self.database, SilentBell(), CREDIT_CONSTRAINTS)
        try:
            yield CreditUnit(uow, PgCreditAccountStore(uow, self.ids), self.reader, self.clock, self.ids), uow
        finally:
            await uow.close()


FORGET = """
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM credit_entries; DELETE FROM credit_holds; DELETE FROM credit_lots; DELETE FROM credit_accounts;
DELETE FROM ai_jobs; DELETE FROM users;
COMMIT
"""


@asynccontextmanager
async def forgetful_database(url: str, pool_size: int) -> AsyncIterator[Database]:
    """One database for the tests of a file, emptied for each: the ledger cannot be rewritten, but by a superuser."""
    database = await open_database(url, pool_size=pool_size)
    try:
        async with database.connection() as connection:
            await connection.execute(FORGET)
        yield database
    finally:
        await database.close()


async def fund(world: CreditWorld, user_id: UserId, *grants: Grant) -> None:
    async with world.unit() as unit:
        for grant in grants:
            await unit.grants.give(user_id, grant)
        await unit.commit()
