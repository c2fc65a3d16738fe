"""What every store of credit accounts does, in memory and in PostgreSQL."""

from datetime import timedelta

import pytest

from pixie.domain.credits.errors import AlreadyGranted, HoldAlreadyPlaced, HoldAlreadySettled, HoldNotFound
from pixie.domain.credits.ledger import HoldStatus
from pixie.domain.credits.lot import LotId, LotSource
from tests.support.builders.credits import ANNA, BORIS, NOW, a_grant, hold_id, new_id
from tests.support.credit_worlds import CreditWorld, fund

DAY = timedelta(days=1)


async def test_an_account_that_nobody_has_opened_is_opened_empty(world: CreditWorld) -> None:
    async with world.unit() as unit:
        account = await unit.store.lock(ANNA)
        again = await unit.store.lock(ANNA)
        await unit.commit()

    assert (account.id, account.lots) == (ANNA, [])
    assert again == account


async def test_a_lot_is_kept_as_it_was_granted(world: CreditWorld) -> None:
    grant = a_grant(30, source=LotSource.PLAN, cause="2026-01", expires_at=NOW + DAY)
    await fund(world, ANNA, grant)

    async with world.unit() as unit:
        account = await unit.store.lock(ANNA)

    (lot,) = account.lots
    assert (lot.account_id, lot.source, lot.cause, lot.granted) == (ANNA, LotSource.PLAN, "2026-01", 30)
    assert (lot.available, lot.held, lot.expires_at, lot.created_at) == (30, 0, NOW + DAY, NOW)


async def test_accounts_know_nothing_of_each_other(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(30, cause="same"))
    await fund(world, BORIS, a_grant(5, cause="same"))

    async with world.unit() as unit:
        assert (await unit.store.lock(ANNA)).available == 30
        assert (await unit.store.lock(BORIS)).available == 5


async def test_a_cause_is_known_in_its_account_once_it_has_granted(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(cause="welcome"))

    async with world.unit() as unit:
        assert await unit.store.knows_cause(ANNA, "welcome")
        assert not await unit.store.knows_cause(ANNA, "2026-01")
        assert not await unit.store.knows_cause(BORIS, "welcome")


async def test_a_cause_that_granted_cannot_be_saved_again(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(cause="welcome"))

    async with world.unit() as unit:
        account = await unit.store.lock(ANNA)
        lot, entries = account.grant(a_grant(cause="welcome"), lot_id=LotId(new_id()), now=NOW)
        with pytest.raises(AlreadyGranted):
            await unit.store.save(entries, lot=lot)


async def test_a_hold_is_found_again_with_the_lots_it_took_from(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(10, expires_at=NOW + DAY), a_grant(10))
    held_under = hold_id()
    async with world.unit() as unit:
        placed, entries = (await unit.store.lock(ANNA)).hold(held_under, 14, NOW)
        await unit.store.save(entries, hold=placed)
        await unit.commit()

    async with world.unit() as unit:
        account, found = await unit.store.lock_hold(held_under)

    assert sorted(found.parts, key=lambda part: part.amount) == sorted(placed.parts, key=lambda part: part.amount)
    assert (found.account_id, found.amount, found.status, found.created_at) == (ANNA, 14, HoldStatus.HELD, NOW)
    assert (account.id, account.available, account.held) == (ANNA, 6, 14)


async def test_holds_of_one_account_are_kept_apart(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(10))
    first, second = hold_id(), hold_id()
    async with world.unit() as unit:
        await unit.holds.place(first, ANNA, 3)
        await unit.holds.place(second, ANNA, 4)
        await unit.holds.capture(first, 2)
        await unit.commit()

    async with world.unit() as unit:
        account, hold = await unit.store.lock_hold(second)

    assert [part.amount for part in hold.parts] == [4]
    assert (account.available, account.held) == (4, 4)


async def test_an_unknown_hold_is_not_found(world: CreditWorld) -> None:
    async with world.unit() as unit:
        with pytest.raises(HoldNotFound):
            await unit.store.lock_hold(hold_id())


async def test_one_id_holds_once(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(10))
    await fund(world, BORIS, a_grant(10))
    held_under = hold_id()
    async with world.unit() as unit:
        await unit.holds.place(held_under, ANNA, 3)
        await unit.commit()

    for user_id in (ANNA, BORIS):
        async with world.unit() as unit:
            with pytest.raises(HoldAlreadyPlaced):
                await unit.holds.place(held_under, user_id, 3)


async def test_a_settled_hold_stays_settled(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(10))
    captured, released = hold_id(), hold_id()
    async with world.unit() as unit:
        await unit.holds.place(captured, ANNA, 3)
        await unit.holds.place(released, ANNA, 4)
        await unit.holds.capture(captured, 2)
        await unit.holds.release(released)
        await unit.commit()
    world.clock.pass_time(days=1)

    async with world.unit() as unit:
        await unit.holds.capture(captured, 2)
        await unit.holds.release(released)
        with pytest.raises(HoldAlreadySettled):
            await unit.holds.capture(captured, 3)
        with pytest.raises(HoldAlreadySettled):
            await unit.holds.capture(released, 0)
        account, hold = await unit.store.lock_hold(captured)

    assert (hold.status, hold.captured, hold.settled_at) == (HoldStatus.CAPTURED, 2, NOW)
    assert (account.available, account.held) == (8, 0)


async def test_nothing_can_be_held_and_settled_like_something(world: CreditWorld) -> None:
    held_under = hold_id()
    async with world.unit() as unit:
        await unit.holds.place(held_under, ANNA, 0)
        await unit.holds.capture(held_under, 0)
        await unit.commit()

    async with world.unit() as unit:
        _, hold = await unit.store.lock_hold(held_under)
        with pytest.raises(HoldAlreadySettled):
            await unit.holds.release(held_under)

    assert hold.status is HoldStatus.CAPTURED


async def test_a_lot_that_is_used_up_is_not_loaded_any_more(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(10), a_grant(5))
    async with world.unit() as unit:
        await unit.adjust_by(ANNA, -10)

    async with world.unit() as unit:
        account = await unit.store.lock(ANNA)

    assert [lot.available for lot in account.lots] == [5]


async def test_only_accounts_with_something_to_expire_are_locked_for_it(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(10, expires_at=NOW + DAY), a_grant(5))
    await fund(world, BORIS, a_grant(10, expires_at=NOW + 2 * DAY))

    async with world.unit() as unit:
        before = await unit.store.lock_expired(NOW, 10)
        (due,) = await unit.store.lock_expired(NOW + DAY, 10)

    assert before == []
    assert (due.id, due.available) == (ANNA, 15)


async def test_no_more_accounts_than_asked_for_are_locked_to_expire(world: CreditWorld) -> None:
    for user in (ANNA, BORIS):
        await fund(world, user, a_grant(10, expires_at=NOW + DAY))

    async with world.unit() as unit:
        found = await unit.store.lock_expired(NOW + DAY, 1)

    assert len(found) == 1
