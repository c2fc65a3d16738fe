"""Any sequence of movements, compared coin by coin with a slow reckoning."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.credits.account import CreditAccount
from pixie.domain.credits.errors import InsufficientCredits
from pixie.domain.credits.ledger import Hold, HoldStatus, LedgerEntry
from pixie.domain.credits.lot import Lot, LotId
from tests.support.builders.credits import ANNA, NOW, a_grant, hold_id, new_id
from tests.support.ledger_oracle import LedgerOracle

hours = st.integers(0, 6).map(lambda count: timedelta(hours=count))


@dataclass
class Books:
    """An account, everything that was written about it, and the oracle beside it."""

    now: datetime = NOW
    account: CreditAccount = field(default_factory=lambda: CreditAccount(id=ANNA))
    oracle: LedgerOracle = field(default_factory=LedgerOracle)
    lots: list[Lot] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    entries: list[LedgerEntry] = field(default_factory=list)

    def grant(self, amount: int, expires_in: timedelta | None) -> None:
        expires_at = None if expires_in is None else self.now + expires_in
        grant = a_grant(amount, expires_at=expires_at)
        lot, entries = self.account.grant(grant, lot_id=LotId(new_id()), now=self.now)
        self.oracle.grant(amount, expires_at, self.now)
        self.lots.append(lot)
        self.entries += entries

    def hold(self, amount: int) -> None:
        held_under = hold_id()
        possible = self.oracle.hold(held_under, amount, self.now)
        try:
            hold, entries = self.account.hold(held_under, amount, self.now)
        except InsufficientCredits:
            assert not possible
        else:
            assert possible
            self.holds.append(hold)
            self.entries += entries

    def settle(self, number: int, share: float | None) -> None:
        """Capture this share of a hold, or release it."""
        open_holds = [hold for hold in self.holds if hold.status is HoldStatus.HELD]
        if not open_holds:
            return
        hold = open_holds[number % len(open_holds)]
        if share is None:
            self.entries += self.account.release(hold, self.now)
        else:
            self.entries += self.account.capture(hold, int(hold.amount * share), self.now)
        self.oracle.settle(hold.id, hold.captured, self.now)

    def take_away(self, amount: int) -> None:
        possible = self.oracle.take_away(amount, self.now)
        try:
            _, entries = self.account.adjust(-amount, note="", lot_id=LotId(new_id()), now=self.now)
        except InsufficientCredits:
            assert not possible
        else:
            assert possible
            self.entries += entries

    def pass_time(self, by: timedelta) -> None:
        self.now += by

    def expire(self) -> None:
        self.entries += self.account.expire(self.now)
        self.oracle.expire(self.now)


moves = st.one_of(
    st.tuples(st.just("grant"), st.integers(1, 12), st.none() | hours),
    st.tuples(st.just("hold"), st.integers(0, 20)),
    st.tuples(st.just("settle"), st.integers(0, 5), st.none() | st.sampled_from([0.0, 0.3, 0.5, 1.0])),
    st.tuples(st.just("take_away"), st.integers(1, 15)),
    st.tuples(st.just("pass_time"), hours),
    st.tuples(st.just("expire")),
)


def played(sequence: Sequence[tuple[object, ...]]) -> Books:
    books = Books()
    for verb, *arguments in sequence:
        getattr(books, str(verb))(*arguments)
    return books


@given(st.lists(moves, max_size=40))
def test_every_credit_ends_where_the_slow_reckoning_says(sequence: list[tuple[object, ...]]) -> None:
    books = played(sequence)

    assert (books.account.available, books.account.held) == (books.oracle.free, books.oracle.held)
    assert [(lot.available, lot.held) for lot in books.lots] == [
        books.oracle.of_lot(at) for at in range(len(books.lots))
    ]


@given(st.lists(moves, max_size=40))
def test_a_balance_is_the_sum_of_its_entries(sequence: list[tuple[object, ...]]) -> None:
    books = played(sequence)

    assert sum(entry.available_delta for entry in books.entries) == books.account.available
    assert sum(entry.held_delta for entry in books.entries) == books.account.held
    by_lot: dict[LotId, list[LedgerEntry]] = defaultdict(list)
    for entry in books.entries:
        by_lot[entry.lot_id].append(entry)
    for lot in books.lots:
        assert sum(entry.available_delta for entry in by_lot[lot.id]) == lot.available
        assert sum(entry.held_delta for entry in by_lot[lot.id]) == lot.held


@given(st.lists(moves, max_size=40))
def test_nothing_is_ever_negative_or_more_than_was_granted(sequence: list[tuple[object, ...]]) -> None:
    books = played(sequence)

    running: dict[LotId, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for entry in books.entries:
        available, held = running[entry.lot_id]
        running[entry.lot_id] = (available + entry.available_delta, held + entry.held_delta)
        assert min(running[entry.lot_id]) >= 0
    assert all(lot.available + lot.held <= lot.granted for lot in books.lots)


@given(st.lists(moves, max_size=40))
def test_what_a_hold_took_was_captured_or_went_back(sequence: list[tuple[object, ...]]) -> None:
    books = played(sequence)

    for hold in books.holds:
        of_hold = [entry for entry in books.entries if entry.hold_id == hold.id]
        still_held = sum(entry.held_delta for entry in of_hold)
        captured = -sum(entry.held_delta for entry in of_hold if entry.kind == "capture")
        assert still_held == (hold.amount if hold.status is HoldStatus.HELD else 0)
        assert captured == hold.captured


@given(st.lists(moves, max_size=40))
def test_settling_again_in_the_same_way_moves_nothing(sequence: list[tuple[object, ...]]) -> None:
    books = played(sequence)
    before = [(lot.available, lot.held) for lot in books.lots]

    for hold in books.holds:
        if hold.status is HoldStatus.CAPTURED:
            assert books.account.capture(hold, hold.captured, books.now) == []
        elif hold.status is HoldStatus.RELEASED:
            assert books.account.release(hold, books.now) == []

    assert [(lot.available, lot.held) for lot in books.lots] == before
