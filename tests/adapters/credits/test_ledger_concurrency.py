"""Many at once on one account."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from pixie.adapters.credits.pg_ledger_audit import PgLedgerAudit
from pixie.application.credits.views import BalanceView
from pixie.domain.credits.errors import HoldAlreadyPlaced, HoldAlreadySettled, InsufficientCredits
from pixie.domain.kernel.ids import HoldId
from tests.support.builders.credits import ANNA, BORIS, NOW, a_grant, hold_id
from tests.support.credit_worlds import CreditUnit, PgCreditWorld, fund

pytestmark = pytest.mark.infra


async def in_a_unit(world: PgCreditWorld, work: Callable[[CreditUnit], Awaitable[None]]) -> type[BaseException] | None:
    """Do it and commit; the kind of error when it was refused."""
    async with world.unit() as unit:
        try:
            await work(unit)
            await unit.commit()
        except (InsufficientCredits, HoldAlreadySettled, HoldAlreadyPlaced) as refused:
            return type(refused)
        return None


async def balance(world: PgCreditWorld) -> BalanceView:
    return await world.reader.balance(ANNA)


async def test_of_fifty_at_once_exactly_one_gets_the_last_credit(world: PgCreditWorld) -> None:
    await fund(world, ANNA, a_grant(1))

    outcomes = await asyncio.gather(
        *(in_a_unit(world, lambda unit: unit.holds.place(hold_id(), ANNA, 1)) for _ in range(50))
    )

    assert outcomes.count(None) == 1
    assert outcomes.count(InsufficientCredits) == 49
    assert await balance(world) == BalanceView(available=0, held=1)


async def test_fifty_at_once_on_two_lots_get_exactly_what_there_is(world: PgCreditWorld) -> None:
    await fund(world, ANNA, a_grant(20, expires_at=NOW + timedelta(days=1)), a_grant(11))

    outcomes = await asyncio.gather(
        *(in_a_unit(world, lambda unit: unit.holds.place(hold_id(), ANNA, 3)) for _ in range(50))
    )

    assert outcomes.count(None) == 10
    assert await balance(world) == BalanceView(available=1, held=30)
    assert [drift async for drift in PgLedgerAudit(world.database).drifts()] == []


async def test_of_many_that_use_one_id_one_holds(world: PgCreditWorld) -> None:
    await fund(world, ANNA, a_grant(100))
    held_under = hold_id()

    outcomes = await asyncio.gather(
        *(in_a_unit(world, lambda unit: unit.holds.place(held_under, ANNA, 3)) for _ in range(10))
    )

    assert (outcomes.count(None), outcomes.count(HoldAlreadyPlaced)) == (1, 9)
    assert await balance(world) == BalanceView(available=97, held=3)


@pytest.mark.parametrize("amount", [0, 5])
async def test_captured_or_released_but_never_both(world: PgCreditWorld, amount: int) -> None:
    await fund(world, ANNA, a_grant(5))
    held_under = hold_id()
    await in_a_unit(world, lambda unit: unit.holds.place(held_under, ANNA, amount))

    outcomes = await asyncio.gather(
        *(in_a_unit(world, lambda unit: unit.holds.capture(held_under, amount)) for _ in range(5)),
        *(in_a_unit(world, lambda unit: unit.holds.release(held_under)) for _ in range(5)),
    )

    assert sorted(outcomes.count(kind) for kind in (None, HoldAlreadySettled)) == [5, 5]
    assert (await balance(world)).held == 0
    assert [drift async for drift in PgLedgerAudit(world.database).drifts()] == []


async def test_one_cause_grants_once_however_many_ask_at_once(world: PgCreditWorld) -> None:
    await asyncio.gather(
        *(in_a_unit(world, lambda unit: _give(unit, "welcome")) for _ in range(20)),
    )

    assert await balance(world) == BalanceView(available=100, held=0)


@asynccontextmanager
async def meanwhile(world: PgCreditWorld, work: Callable[[CreditUnit], Awaitable[None]]) -> AsyncIterator[None]:
    """Have the work done, but commit it only when somebody else waits for its lock."""
    async with world.unit() as unit:
        await work(unit)
        yield
        while not await world.database.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110 - a state of the database, which tells nobody
            await asyncio.sleep(0.005)
        await unit.commit()


async def test_who_waited_for_an_account_sees_the_lot_that_was_granted_meanwhile(world: PgCreditWorld) -> None:
    await fund(world, ANNA, a_grant(1))

    async with asyncio.TaskGroup() as tasks, meanwhile(world, lambda unit: _give(unit, "bonus")):
        tasks.create_task(_must(in_a_unit(world, lambda unit: unit.holds.place(hold_id(), ANNA, 101))))

    assert await balance(world) == BalanceView(available=0, held=101)


async def test_who_waited_for_a_new_account_finds_what_was_granted_meanwhile(world: PgCreditWorld) -> None:
    async with asyncio.TaskGroup() as tasks, meanwhile(world, lambda unit: _give(unit, "welcome")):
        tasks.create_task(_must(in_a_unit(world, lambda unit: unit.holds.place(hold_id(), ANNA, 100))))

    assert await balance(world) == BalanceView(available=0, held=100)


async def test_who_waited_for_a_hold_sees_that_it_was_settled_meanwhile(world: PgCreditWorld) -> None:
    await fund(world, ANNA, a_grant(10))
    held_under = hold_id()
    await in_a_unit(world, lambda unit: unit.holds.place(held_under, ANNA, 4))

    async with asyncio.TaskGroup() as tasks, meanwhile(world, lambda unit: unit.holds.capture(held_under, 4)):
        late = tasks.create_task(in_a_unit(world, lambda unit: unit.holds.release(held_under)))

    assert late.result() is HoldAlreadySettled
    assert await balance(world) == BalanceView(available=6, held=0)


async def test_expiry_leaves_out_who_is_busy_and_waits_for_nobody(world: PgCreditWorld) -> None:
    soon = NOW + timedelta(days=1)
    await fund(world, ANNA, a_grant(10, expires_at=soon))
    await fund(world, BORIS, a_grant(10, expires_at=soon))
    world.clock.pass_time(days=1)

    async with world.unit() as busy:
        await busy.store.lock(ANNA)
        async with world.unit() as unit:
            while_busy = await asyncio.wait_for(unit.expire(), timeout=2)
    async with world.unit() as unit:
        afterwards = await unit.expire()

    assert (while_busy, afterwards) == (1, 1)


async def test_two_runs_of_expiry_at_once_expire_each_lot_once(world: PgCreditWorld) -> None:
    soon = NOW + timedelta(days=1)
    for _ in range(30):
        await fund(world, ANNA, a_grant(1, expires_at=soon))
        await fund(world, BORIS, a_grant(1, expires_at=soon))
    world.clock.pass_time(days=1)

    async def run() -> int:
        async with world.unit() as unit:
            return await unit.expire()

    both = await asyncio.gather(run(), run())
    rest = await run()

    assert sum(both) + rest == 60
    assert [drift async for drift in PgLedgerAudit(world.database).drifts()] == []


async def test_different_accounts_do_not_wait_for_each_other(world: PgCreditWorld) -> None:
    await fund(world, ANNA, a_grant(10))
    await fund(world, BORIS, a_grant(10))

    async with world.unit() as busy:
        await busy.store.lock(ANNA)
        placed = in_a_unit(world, lambda unit: unit.holds.place(HoldId(hold_id()), BORIS, 1))

        assert await asyncio.wait_for(placed, timeout=2) is None


async def _give(unit: CreditUnit, cause: str) -> None:
    await unit.grants.give(ANNA, a_grant(100, cause=cause))


async def _must(outcome: Awaitable[type[BaseException] | None]) -> None:
    assert await outcome is None
