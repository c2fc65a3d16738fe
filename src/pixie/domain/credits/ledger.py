"""What the ledger is made of: entries that are never changed, and holds that are settled once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pixie.domain.credits.errors import HoldAlreadySettled
from pixie.domain.credits.lot import LotId
from pixie.domain.kernel.ids import HoldId, UserId


class EntryKind(StrEnum):
    GRANT = "grant"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    EXPIRE = "expire"
    ADJUST = "adjust"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One movement in one lot. A balance is the sum of its entries, always."""

    account_id: UserId
    lot_id: LotId
    hold_id: HoldId | None
    kind: EntryKind
    available_delta: int
    held_delta: int
    note: str
    created_at: datetime


class HoldStatus(StrEnum):
    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPart:
    """How much of a hold came from which lot."""

    lot_id: LotId
    amount: int


@dataclass(slots=True, kw_only=True)
class Hold:
    """Credits set aside for one piece of work until it is known what that costs.

    `parts` are known while the hold is open; they add up to `amount`.
    """

    id: HoldId
    account_id: UserId
    amount: int
    parts: tuple[HoldPart, ...]
    created_at: datetime
    status: HoldStatus = HoldStatus.HELD
    captured: int = 0
    settled_at: datetime | None = None

    def settle(self, status: HoldStatus, captured: int, now: datetime) -> bool:
        """End the hold. False when it ended in the same way before; raises `HoldAlreadySettled` for another end."""
        if self.status is HoldStatus.HELD:
            self.status, self.captured, self.settled_at = status, captured, now
            return True
        if (self.status, self.captured) != (status, captured):
            raise HoldAlreadySettled(self.id, self._outcome())
        return False

    def _outcome(self) -> str:
        if self.status is HoldStatus.CAPTURED:
            return f"{self.status} ({self.captured} of {self.amount})"
        return self.status
