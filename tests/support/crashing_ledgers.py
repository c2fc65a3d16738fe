"""The ledgers that the machine runs on: one in memory, and one on a PostgreSQL whose connections are cut."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from pixie.adapters.credits.constraints import CREDIT_CONSTRAINTS
from pixie.adapters.credits.pg_credit_account_store import PgCreditAccountStore
from pixie.adapters.credits.pg_ledger_audit import PgLedgerAudit
from pixie.adapters.kernel.bell import SilentBell
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.credits.views import DriftView
from pixie.application.kernel.errors import DatabaseUnavailable
from pixie.domain.credits.ledger import Hold, LedgerEntry
from pixie.domain.credits.lot import Lot
from tests.support.builders.credits import new_id
from tests.support.credit_worlds import CreditUnit, FakeCreditWorld, PgCreditWorld
from tests.support.fakes.credits import FakeCreditAccountStore
from tests.support.fakes.kernel import FakeUnitOfWork
from tests.support.ledger_machine import Crash, Work


class Crashed(Exception):
    """The process is no more."""


class DyingStore(FakeCreditAccountStore):
    async def save(self, entries: Sequence[LedgerEntry], *, lot: Lot | None = None, hold: Hold | None = None) -> None:
        raise Crashed


@dataclass
class FakeCrashingLedger:
    """Cannot roll back, so every crash is one before it writes."""

    world: FakeCreditWorld = field(default_factory=FakeCreditWorld)

    async def attempt(self, work: Work, crash: Crash) -> bool:
        world = self.world
        store = (FakeCreditAccountStore if crash is Crash.NONE else DyingStore)(world.ledger)
        try:
            await work(CreditUnit(FakeUnitOfWork(), store, world.reader, world.clock, world.ids))
        except Crashed:
            return False
        return True

    async def drifts(self) -> list[DriftView]:
        ledger = self.world.ledger
        for account_id in ledger.accounts:
            lots = ledger.lots_of(account_id)
            assert ledger.sums(account_id) == (sum(lot.available for lot in lots), sum(lot.held for lot in lots))
        assert all(min(lot.available, lot.held) >= 0 for lot in ledger.lots.values())
        return []


class KilledStore(PgCreditAccountStore):
    """Loses its connection between reading and writing."""

    def __init__(self, uow: PgUnitOfWork, ledger: "PgCrashingLedger") -> None:
        super().__init__(uow, ledger.world.ids)
        self._ledger = ledger
        self._doomed = uow

    async def save(self, entries: Sequence[LedgerEntry], *, lot: Lot | None = None, hold: Hold | None = None) -> None:
        await self._ledger.kill(await self._doomed.fetchval("SELECT pg_backend_pid()"))
        await super().save(entries, lot=lot, hold=hold)


@dataclass
class PgCrashingLedger:
    """Works on one pool, and looks on and kills from another. A mark in each transaction tells which ones were kept."""

    world: PgCreditWorld
    victims: Database

    async def prepare(self) -> None:
        await self.world.database.execute("CREATE TABLE marks (id uuid PRIMARY KEY)")

    async def attempt(self, work: Work, crash: Crash) -> bool:
        mark = new_id()
        uow = PgUnitOfWork(self.victims, SilentBell(), CREDIT_CONSTRAINTS)
        try:
            await work(self._unit(uow, crash))
            await uow.execute("INSERT INTO marks VALUES ($1)", mark)
            await self._end(uow, crash)
        except DatabaseUnavailable:
            assert crash is not Crash.NONE
        finally:
            await uow.close()
        kept: bool = await self.world.database.fetchval("SELECT EXISTS (SELECT FROM marks WHERE id = $1)", mark)
        assert kept == (crash is Crash.NONE) or crash is Crash.KILLED_IN_COMMIT
        return kept

    async def kill(self, pid: int) -> None:
        """Returns when that connection's server process is gone."""
        database = self.world.database
        assert await database.fetchval("SELECT pg_terminate_backend($1)", pid)
        while await database.fetchval("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)", pid):  # noqa: ASYNC110 - told by nobody
            await asyncio.sleep(0.001)

    async def drifts(self) -> list[DriftView]:
        return [drift async for drift in PgLedgerAudit(self.world.database).drifts()]

    def _unit(self, uow: PgUnitOfWork, crash: Crash) -> CreditUnit:
        world = self.world
        dies_early = crash is Crash.KILLED_BEFORE_WRITING
        store = KilledStore(uow, self) if dies_early else PgCreditAccountStore(uow, world.ids)
        return CreditUnit(uow, store, world.reader, world.clock, world.ids)

    async def _end(self, uow: PgUnitOfWork, crash: Crash) -> None:
        if crash is Crash.ROLLED_BACK:
            await uow.rollback()
            return
        if crash is Crash.KILLED_BEFORE_COMMIT:
            await self.kill(await uow.fetchval("SELECT pg_backend_pid()"))
        if crash is Crash.KILLED_IN_COMMIT:
            pid = await uow.fetchval("SELECT pg_backend_pid()")
            killing = asyncio.create_task(self.kill(pid))
            try:
                await uow.commit()
            finally:
                await killing
            return
        await uow.commit()
