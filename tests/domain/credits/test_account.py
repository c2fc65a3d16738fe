from datetime import timedelta

import pytest

from pixie.domain.credits.errors import (
    CreditTextTooLong,
    HoldAlreadySettled,
    InsufficientCredits,
    InvalidCreditAmount,
)
from pixie.domain.credits.ledger import HoldStatus
from pixie.domain.credits.lot import MOST_CREDITS, LotId, LotSource
from tests.support.builders.credits import NOW, a_grant, an_account, hold_id, moved, new_id

DAY = timedelta(days=1)
SOON = NOW + DAY
LATER = NOW + 30 * DAY


def test_a_new_account_has_nothing() -> None:
    account = an_account()

    assert (account.available, account.held) == (0, 0)


def test_a_grant_opens_a_lot_of_its_own() -> None:
    account = an_account(a_grant(30))

    lot, entries = account.grant(a_grant(20, expires_at=SOON, note="thanks"), lot_id=LotId(new_id()), now=NOW)

    assert account.available == 50
    assert (lot.granted, lot.available, lot.expires_at) == (20, 20, SOON)
    assert moved(entries) == [("grant", 20, 0)]
    assert entries[0].note == "thanks"


@pytest.mark.parametrize("amount", [0, -1, MOST_CREDITS + 1])
def test_a_grant_is_of_one_credit_at_least_and_of_no_absurd_amount(amount: int) -> None:
    with pytest.raises(InvalidCreditAmount):
        a_grant(amount)


def test_an_account_never_holds_more_than_its_sums_can_count() -> None:
    account = an_account(a_grant(MOST_CREDITS - 5))

    with pytest.raises(InvalidCreditAmount) as refused:
        account.grant(a_grant(6), lot_id=LotId(new_id()), now=NOW)

    assert refused.value.facts["most"] == 5


def test_texts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(CreditTextTooLong):
        a_grant(cause="c" * 101)
    with pytest.raises(CreditTextTooLong):
        a_grant(note="n" * 201)
    with pytest.raises(CreditTextTooLong):
        an_account().adjust(1, note="n" * 201, lot_id=LotId(new_id()), now=NOW)


def test_what_expires_soonest_is_held_first_and_what_never_expires_last() -> None:
    account = an_account(a_grant(10), a_grant(10, expires_at=LATER), a_grant(10, expires_at=SOON))
    never, later, soon = account.lots

    hold, entries = account.hold(hold_id(), 25, NOW)

    assert [(part.lot_id, part.amount) for part in hold.parts] == [(soon.id, 10), (later.id, 10), (never.id, 5)]
    assert moved(entries) == [("hold", -10, 10), ("hold", -10, 10), ("hold", -5, 5)]
    assert (account.available, account.held) == (5, 25)


def test_of_lots_that_expire_together_the_older_one_is_held_first() -> None:
    account = an_account(a_grant(10, expires_at=SOON))
    account.grant(a_grant(10, expires_at=SOON), lot_id=LotId(new_id()), now=NOW + timedelta(hours=1))

    hold, _ = account.hold(hold_id(), 5, NOW + timedelta(hours=2))

    assert hold.parts[0].lot_id == account.lots[0].id


def test_more_than_there_is_cannot_be_held() -> None:
    account = an_account(a_grant(10))

    with pytest.raises(InsufficientCredits) as refused:
        account.hold(hold_id(), 13, NOW)

    assert refused.value.facts == {"missing": 3, "required": 13, "available": 10}
    assert (account.available, account.held) == (10, 0)


def test_what_is_held_cannot_be_held_again() -> None:
    account = an_account(a_grant(10))
    account.hold(hold_id(), 10, NOW)

    with pytest.raises(InsufficientCredits):
        account.hold(hold_id(), 1, NOW)


def test_what_has_expired_cannot_be_held() -> None:
    account = an_account(a_grant(10, expires_at=SOON), a_grant(3))

    with pytest.raises(InsufficientCredits) as refused:
        account.hold(hold_id(), 4, SOON)

    assert refused.value.facts["available"] == 3


def test_a_lot_is_good_until_its_last_moment() -> None:
    account = an_account(a_grant(10, expires_at=SOON))

    hold, _ = account.hold(hold_id(), 10, SOON - timedelta(microseconds=1))

    assert hold.amount == 10


def test_whatever_touches_an_account_expires_what_has_run_out() -> None:
    account = an_account(a_grant(10, expires_at=SOON), a_grant(3))

    _, entries = account.hold(hold_id(), 2, SOON)

    assert moved(entries) == [("expire", -10, 0), ("hold", -2, 2)]


def test_holding_nothing_is_a_hold_without_entries() -> None:
    account = an_account()

    hold, entries = account.hold(hold_id(), 0, NOW)

    assert (hold.amount, hold.parts, hold.status, entries) == (0, (), HoldStatus.HELD, [])
    assert account.capture(hold, 0, NOW) == []
    assert hold.status is HoldStatus.CAPTURED


def test_less_than_nothing_cannot_be_held() -> None:
    with pytest.raises(InvalidCreditAmount):
        an_account(a_grant()).hold(hold_id(), -1, NOW)


def test_a_capture_spends_what_was_held() -> None:
    account = an_account(a_grant(10))
    hold, _ = account.hold(hold_id(), 4, NOW)

    entries = account.capture(hold, 4, NOW)

    assert moved(entries) == [("capture", 0, -4)]
    assert entries[0].hold_id == hold.id
    assert (account.available, account.held) == (6, 0)
    assert (hold.status, hold.captured, hold.settled_at) == (HoldStatus.CAPTURED, 4, NOW)


def test_a_capture_of_less_spends_what_expires_soonest_and_returns_the_rest_to_where_it_came_from() -> None:
    account = an_account(a_grant(10, expires_at=SOON), a_grant(10))
    soon, never = account.lots
    hold, _ = account.hold(hold_id(), 15, NOW)

    entries = account.capture(hold, 7, NOW)

    assert moved(entries) == [("capture", 0, -7), ("release", 3, -3), ("release", 5, -5)]
    assert (soon.available, soon.held) == (3, 0)
    assert (never.available, never.held) == (10, 0)


def test_a_capture_of_nothing_returns_everything_and_still_is_a_capture() -> None:
    account = an_account(a_grant(10))
    hold, _ = account.hold(hold_id(), 4, NOW)

    account.capture(hold, 0, NOW)

    assert (account.available, account.held) == (10, 0)
    assert (hold.status, hold.captured) == (HoldStatus.CAPTURED, 0)


@pytest.mark.parametrize("amount", [-1, 5])
def test_no_more_than_was_held_and_no_less_than_nothing_is_captured(amount: int) -> None:
    account = an_account(a_grant(10))
    hold, _ = account.hold(hold_id(), 4, NOW)

    with pytest.raises(InvalidCreditAmount):
        account.capture(hold, amount, NOW)

    assert hold.status is HoldStatus.HELD


def test_a_release_returns_everything_to_where_it_came_from() -> None:
    account = an_account(a_grant(10, expires_at=SOON), a_grant(10))
    soon, never = account.lots
    hold, _ = account.hold(hold_id(), 15, NOW)

    entries = account.release(hold, NOW)

    assert moved(entries) == [("release", 10, -10), ("release", 5, -5)]
    assert (soon.available, never.available, account.held) == (10, 10, 0)
    assert hold.status is HoldStatus.RELEASED


def test_what_comes_back_to_a_lot_that_expired_meanwhile_expires_at_once() -> None:
    account = an_account(a_grant(10, expires_at=SOON), a_grant(10))
    hold, _ = account.hold(hold_id(), 12, NOW)

    entries = account.release(hold, LATER)

    assert moved(entries) == [("release", 10, -10), ("release", 2, -2), ("expire", -10, 0)]
    assert account.available == 10


def test_what_was_held_in_time_can_be_spent_after_its_lot_expired() -> None:
    account = an_account(a_grant(10, expires_at=SOON))
    hold, _ = account.hold(hold_id(), 10, NOW)

    entries = account.capture(hold, 10, LATER)

    assert moved(entries) == [("capture", 0, -10)]


def test_settling_again_in_the_same_way_changes_nothing() -> None:
    account = an_account(a_grant(10))
    captured, _ = account.hold(hold_id(), 4, NOW)
    released, _ = account.hold(hold_id(), 4, NOW)
    account.capture(captured, 3, NOW)
    account.release(released, NOW)

    assert account.capture(captured, 3, LATER) == []
    assert account.release(released, LATER) == []
    assert (captured.settled_at, released.settled_at) == (NOW, NOW)


def test_a_settled_hold_is_never_settled_otherwise() -> None:
    account = an_account(a_grant(10))
    captured, _ = account.hold(hold_id(), 4, NOW)
    released, _ = account.hold(hold_id(), 4, NOW)
    account.capture(captured, 3, NOW)
    account.release(released, NOW)

    with pytest.raises(HoldAlreadySettled, match=r"captured \(3 of 4\)"):
        account.capture(captured, 4, NOW)
    with pytest.raises(HoldAlreadySettled):
        account.release(captured, NOW)
    with pytest.raises(HoldAlreadySettled, match="released"):
        account.capture(released, 0, NOW)


def test_expiry_takes_what_is_available_and_leaves_what_is_held() -> None:
    account = an_account(a_grant(10, expires_at=SOON))
    account.hold(hold_id(), 4, NOW)

    entries = account.expire(SOON)

    assert moved(entries) == [("expire", -6, 0)]
    assert (account.available, account.held) == (0, 4)
    assert account.expire(SOON) == []


def test_an_adjustment_up_is_a_lot_that_never_expires() -> None:
    account = an_account()

    lot, entries = account.adjust(7, note="lost in the outage", lot_id=LotId(new_id()), now=NOW)

    assert lot is not None
    assert (lot.source, lot.expires_at, lot.granted) == (LotSource.ADJUSTMENT, None, 7)
    assert moved(entries) == [("adjust", 7, 0)]


def test_an_adjustment_down_takes_what_would_be_spent_first() -> None:
    account = an_account(a_grant(10), a_grant(5, expires_at=SOON))
    never, soon = account.lots

    lot, entries = account.adjust(-8, note="charged back", lot_id=LotId(new_id()), now=NOW)

    assert lot is None
    assert [(entry.lot_id, entry.available_delta) for entry in entries] == [(soon.id, -5), (never.id, -3)]
    assert entries[0].note == "charged back"


def test_an_adjustment_never_goes_below_zero_nor_into_what_is_held() -> None:
    account = an_account(a_grant(10))
    account.hold(hold_id(), 6, NOW)

    with pytest.raises(InsufficientCredits) as refused:
        account.adjust(-5, note="", lot_id=LotId(new_id()), now=NOW)

    assert refused.value.facts == {"missing": 1, "required": 5, "available": 4}


def test_an_adjustment_by_nothing_is_refused() -> None:
    with pytest.raises(InvalidCreditAmount):
        an_account().adjust(0, note="", lot_id=LotId(new_id()), now=NOW)
