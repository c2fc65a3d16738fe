import pytest

from pixie.application.credits.views import BalanceView
from pixie.domain.credits.errors import HoldAlreadySettled, HoldNotFound, InsufficientCredits
from tests.support.builders.credits import ANNA, NOW, a_grant, hold_id
from tests.support.fakes.credits import FakeCredits


async def test_what_is_placed_is_set_aside(books: FakeCredits) -> None:
    await books.fund(ANNA, 10)

    await books.holds.place(hold_id(), ANNA, 4)

    assert await books.holds.balance(ANNA) == BalanceView(available=6, held=4)


async def test_who_has_too_little_is_told_how_much_is_missing(books: FakeCredits) -> None:
    await books.fund(ANNA, 10)

    with pytest.raises(InsufficientCredits) as refused:
        await books.holds.place(hold_id(), ANNA, 11)

    assert refused.value.facts == {"missing": 1, "required": 11, "available": 10}
    assert books.ledger.holds == {}


async def test_who_never_had_an_account_may_do_what_is_free_and_nothing_else(books: FakeCredits) -> None:
    await books.holds.place(hold_id(), ANNA, 0)

    with pytest.raises(InsufficientCredits):
        await books.holds.place(hold_id(), ANNA, 1)


async def test_a_capture_spends_and_returns_the_rest(books: FakeCredits) -> None:
    await books.fund(ANNA, 10)
    held_under = hold_id()
    await books.holds.place(held_under, ANNA, 6)

    await books.holds.capture(held_under, 4)

    assert await books.holds.balance(ANNA) == BalanceView(available=6, held=0)


async def test_a_release_returns_everything(books: FakeCredits) -> None:
    await books.fund(ANNA, 10)
    held_under = hold_id()
    await books.holds.place(held_under, ANNA, 6)

    await books.holds.release(held_under)

    assert await books.holds.balance(ANNA) == BalanceView(available=10, held=0)


async def test_a_retry_of_either_changes_nothing(books: FakeCredits) -> None:
    await books.fund(ANNA, 10)
    captured, released = hold_id(), hold_id()
    for held_under in (captured, released):
        await books.holds.place(held_under, ANNA, 5)

    for _ in range(2):
        await books.holds.capture(captured, 2)
        await books.holds.release(released)

    assert await books.holds.balance(ANNA) == BalanceView(available=8, held=0)
    assert books.ledger.sums(ANNA) == (8, 0)


async def test_what_was_captured_is_never_released(books: FakeCredits) -> None:
    await books.fund(ANNA, 10)
    held_under = hold_id()
    await books.holds.place(held_under, ANNA, 5)
    await books.holds.capture(held_under, 5)

    with pytest.raises(HoldAlreadySettled):
        await books.holds.release(held_under)


async def test_what_was_never_placed_is_neither_captured_nor_released(books: FakeCredits) -> None:
    with pytest.raises(HoldNotFound):
        await books.holds.capture(hold_id(), 1)
    with pytest.raises(HoldNotFound):
        await books.holds.release(hold_id())


async def test_a_balance_leaves_out_what_has_expired(books: FakeCredits) -> None:
    await books.give(ANNA, a_grant(10, expires_at=NOW))

    assert await books.holds.balance(ANNA) == BalanceView(available=0, held=0)
