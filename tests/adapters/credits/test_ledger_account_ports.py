"""What accounts ask of credits: a welcome, and a summary."""

from datetime import timedelta

import pytest

from pixie.adapters.credits.ledger_credit_summary import LedgerCreditSummary
from pixie.adapters.credits.ledger_welcome_gift import LedgerWelcomeGift
from pixie.application.accounts.views import Credits
from pixie.domain.credits.lot import LotSource
from tests.support.builders.credits import ANNA, NOW, hold_id
from tests.support.fakes.credits import FakeCredits


@pytest.fixture
def books() -> FakeCredits:
    return FakeCredits()


def a_gift(books: FakeCredits, amount: int = 100, lifetime: timedelta | None = None) -> LedgerWelcomeGift:
    return LedgerWelcomeGift(books.grants, books.clock, amount=amount, lifetime=lifetime)


async def test_a_new_user_is_given_the_welcome_credits(books: FakeCredits) -> None:
    given = await a_gift(books).give(ANNA)

    (lot,) = books.ledger.lots_of(ANNA)
    assert given == Credits(available=100, held=0)
    assert (lot.source, lot.cause, lot.expires_at) == (LotSource.WELCOME, "welcome", None)


async def test_nobody_is_welcomed_twice(books: FakeCredits) -> None:
    await a_gift(books).give(ANNA)

    assert await a_gift(books, 50).give(ANNA) == Credits(available=100, held=0)


async def test_a_welcome_may_run_out(books: FakeCredits) -> None:
    await a_gift(books, lifetime=timedelta(days=30)).give(ANNA)

    (lot,) = books.ledger.lots_of(ANNA)
    assert lot.expires_at == NOW + timedelta(days=30)


async def test_a_welcome_of_nothing_opens_the_account(books: FakeCredits) -> None:
    given = await a_gift(books, 0).give(ANNA)

    assert given == Credits(available=0, held=0)
    assert books.ledger.accounts == {ANNA}
    assert books.ledger.entries == []


async def test_a_summary_tells_what_is_available_and_what_is_held(books: FakeCredits) -> None:
    await a_gift(books).give(ANNA)
    await books.holds.place(hold_id(), ANNA, 30)

    assert await LedgerCreditSummary(books.reader).of(ANNA) == Credits(available=70, held=30)
