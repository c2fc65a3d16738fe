from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceView:
    """What can be spent now, and what is set aside for work under way."""

    available: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotView:
    id: UUID
    source: str
    cause: str
    granted: int
    available: int
    held: int
    expires_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    id: UUID
    kind: str
    available_delta: int
    held_delta: int
    lot_id: UUID
    hold_id: UUID | None
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """A balance and where it comes from: the open lots in the order of spending, the latest entries first."""

    user_id: UUID
    balance: BalanceView
    lots: list[LotView]
    entries: list[EntryView]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedView:
    """`granted` is false when this cause had granted before; the balance is the present one either way."""

    user_id: UUID
    granted: bool
    balance: BalanceView


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftView:
    """One place where the ledger disagrees with itself: what it says, and what its entries add up to."""

    account_id: UUID
    rule: str
    subject: str
    says: str
    should_be: str
