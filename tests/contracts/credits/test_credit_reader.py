"""What every reader of credits tells, in memory and in PostgreSQL."""

from datetime import timedelta

from pixie.application.credits.views import BalanceView
from tests.support.builders.credits import ANNA, BORIS, NOW, a_grant, hold_id
from tests.support.credit_worlds import CreditWorld, fund

DAY = timedelta(days=1)


async def test_who_has_no_account_has_nothing(world: CreditWorld) -> None:
    assert await world.reader.balance(ANNA) == BalanceView(available=0, held=0)


async def test_a_balance_tells_what_can_be_spent_and_what_is_held(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(10), a_grant(10, expires_at=NOW + DAY))
    await fund(world, BORIS, a_grant(7))
    async with world.unit() as unit:
        await unit.holds.place(hold_id(), ANNA, 4)
        await unit.commit()

    assert await world.reader.balance(ANNA) == BalanceView(available=16, held=4)


async def test_what_has_expired_does_not_count_even_before_it_was_taken_away(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(10), a_grant(10, expires_at=NOW + DAY))
    async with world.unit() as unit:
        await unit.holds.place(hold_id(), ANNA, 4)
        await unit.commit()

    world.clock.pass_time(days=1)

    assert await world.reader.balance(ANNA) == BalanceView(available=10, held=4)


async def test_lots_are_shown_in_the_order_of_spending(world: CreditWorld) -> None:
    never, later, soon = a_grant(1), a_grant(2, expires_at=NOW + 2 * DAY), a_grant(3, expires_at=NOW + DAY)
    await fund(world, ANNA, never, later, soon)

    account = await world.reader.account(ANNA, entries=0)

    assert [lot.cause for lot in account.lots] == [soon.cause, later.cause, never.cause]
    assert account.entries == []


async def test_the_latest_entries_are_shown_first(world: CreditWorld) -> None:
    await fund(world, ANNA, a_grant(10, note="first"), a_grant(20), a_grant(30, note="third"))
    await fund(world, BORIS, a_grant(40))

    account = await world.reader.account(ANNA, entries=2)

    assert [(entry.kind, entry.available_delta, entry.note) for entry in account.entries] == [
        ("grant", 30, "third"),
        ("grant", 20, ""),
    ]
