"""One person's credits. Every movement of a credit is decided here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from pixie.domain.credits.errors import InsufficientCredits, InvalidCreditAmount
from pixie.domain.credits.ledger import EntryKind, Hold, HoldPart, HoldStatus, LedgerEntry
from pixie.domain.credits.lot import MOST_CREDITS, Grant, Lot, LotId, LotSource, check_note
from pixie.domain.kernel.ids import HoldId, UserId


@dataclass(slots=True, kw_only=True)
class CreditAccount:
    """An account with its open lots, those that still have something available or held.

    Each verb returns the entries it made. Lots whose time is over are expired by every verb that meets them.
    """

    id: UserId
    lots: list[Lot] = field(default_factory=list)

    @property
    def available(self) -> int:
        return sum(lot.available for lot in self.lots)

    @property
    def held(self) -> int:
        return sum(lot.held for lot in self.lots)

    def spendable(self, now: datetime) -> int:
        return sum(lot.available for lot in self.lots if not lot.expired(now))

    def grant(self, grant: Grant, *, lot_id: LotId, now: datetime) -> tuple[Lot, list[LedgerEntry]]:
        """Give credits, as a lot of their own."""
        entries = self.expire(now)
        lot = self._open(grant, lot_id, now)
        entries.append(self._move(lot, EntryKind.GRANT, now, available=grant.amount, note=grant.note))
        return lot, entries

    def adjust(self, amount: int, *, note: str, lot_id: LotId, now: datetime) -> tuple[Lot | None, list[LedgerEntry]]:
        """Put a balance right by hand, up (as a new lot that never expires) or down (what would be spent first goes).

        Raises `InsufficientCredits` when the balance would fall below zero.
        """
        check_note(note)
        if not 1 <= abs(amount) <= MOST_CREDITS:
            raise InvalidCreditAmount(amount, least=-MOST_CREDITS, most=MOST_CREDITS)
        if amount < 0:
            return None, self._take_away(-amount, note, now)
        entries = self.expire(now)
        cause = Grant(amount=amount, source=LotSource.ADJUSTMENT, cause=f"adjust:{lot_id}", note=note)
        lot = self._open(cause, lot_id, now)
        entries.append(self._move(lot, EntryKind.ADJUST, now, available=amount, note=note))
        return lot, entries

    def hold(self, hold_id: HoldId, amount: int, now: datetime) -> tuple[Hold, list[LedgerEntry]]:
        """Set credits aside, what expires soonest first. Holding nothing is legal: free work is work, too.

        Raises `InsufficientCredits`.
        """
        if not 0 <= amount <= MOST_CREDITS:
            raise InvalidCreditAmount(amount, least=0, most=MOST_CREDITS)
        self._must_afford(amount, now)
        entries = self.expire(now)
        parts: list[HoldPart] = []
        for lot, part in self._soonest_first(amount):
            parts.append(HoldPart(lot_id=lot.id, amount=part))
            entries.append(self._move(lot, EntryKind.HOLD, now, available=-part, held=part, hold_id=hold_id))
        return Hold(id=hold_id, account_id=self.id, amount=amount, parts=tuple(parts), created_at=now), entries

    def capture(self, hold: Hold, amount: int, now: datetime) -> list[LedgerEntry]:
        """Spend `amount` of a hold, what expires soonest first; the rest returns to the lots it came from.

        Doing it again is harmless; raises `HoldAlreadySettled` when the hold ended otherwise.
        """
        if not 0 <= amount <= hold.amount:
            raise InvalidCreditAmount(amount, least=0, most=hold.amount)
        return self._settle(hold, HoldStatus.CAPTURED, amount, now)

    def release(self, hold: Hold, now: datetime) -> list[LedgerEntry]:
        """Return all of a hold to the lots it came from. Repeatable like `capture`."""
        return self._settle(hold, HoldStatus.RELEASED, 0, now)

    def expire(self, now: datetime) -> list[LedgerEntry]:
        """Take away what is available in lots whose time is over; what they hold stays held."""
        over = [lot for lot in self.lots if lot.available and lot.expired(now)]
        return [self._move(lot, EntryKind.EXPIRE, now, available=-lot.available) for lot in over]

    def _settle(self, hold: Hold, status: HoldStatus, captured: int, now: datetime) -> list[LedgerEntry]:
        if not hold.settle(status, captured, now):
            return []
        entries: list[LedgerEntry] = []
        left = captured
        for lot, part in self._parts_of(hold):
            spent = min(left, part)
            left -= spent
            if spent:
                entries.append(self._move(lot, EntryKind.CAPTURE, now, held=-spent, hold_id=hold.id))
            if back := part - spent:
                entries.append(self._move(lot, EntryKind.RELEASE, now, available=back, held=-back, hold_id=hold.id))
        return entries + self.expire(now)

    def _parts_of(self, hold: Hold) -> list[tuple[Lot, int]]:
        lots = {lot.id: lot for lot in self.lots}
        parts = [(lots[part.lot_id], part.amount) for part in hold.parts]
        return sorted(parts, key=lambda part: part[0].rank)

    def _take_away(self, amount: int, note: str, now: datetime) -> list[LedgerEntry]:
        self._must_afford(amount, now)
        entries = self.expire(now)
        for lot, part in self._soonest_first(amount):
            entries.append(self._move(lot, EntryKind.ADJUST, now, available=-part, note=note))
        return entries

    def _soonest_first(self, amount: int) -> Iterator[tuple[Lot, int]]:
        for lot in sorted(self.lots, key=lambda lot: lot.rank):
            part = min(lot.available, amount)
            if part:
                amount -= part
                yield lot, part

    def _must_afford(self, amount: int, now: datetime) -> None:
        if amount > (spendable := self.spendable(now)):
            raise InsufficientCredits(required=amount, available=spendable)

    def _open(self, grant: Grant, lot_id: LotId, now: datetime) -> Lot:
        room = MOST_CREDITS - self.available - self.held
        if grant.amount > room:
            raise InvalidCreditAmount(grant.amount, least=1, most=room)
        lot = Lot(
            id=lot_id,
            account_id=self.id,
            source=grant.source,
            cause=grant.cause,
            granted=grant.amount,
            available=0,
            held=0,
            expires_at=grant.expires_at,
            created_at=now,
        )
        self.lots.append(lot)
        return lot

    def _move(
        self,
        lot: Lot,
        kind: EntryKind,
        now: datetime,
        *,
        available: int = 0,
        held: int = 0,
        hold_id: HoldId | None = None,
        note: str = "",
    ) -> LedgerEntry:
        lot.available += available
        lot.held += held
        return LedgerEntry(
            account_id=self.id,
            lot_id=lot.id,
            hold_id=hold_id,
            kind=kind,
            available_delta=available,
            held_delta=held,
            note=note,
            created_at=now,
        )
