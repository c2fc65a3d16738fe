"""The ledger in memory. What is saved is kept at once: there is no transaction to roll back."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime

from pixie.application.credits.api import CreditGrants, CreditHolds
from pixie.application.credits.ports import CreditAccountStore, CreditReader
from pixie.application.credits.views import AccountView, BalanceView, EntryView, LotView
from pixie.application.kernel.ports import Clock, IdSource
from pixie.domain.credits.account import CreditAccount
from pixie.domain.credits.errors import AlreadyGranted, HoldAlreadyPlaced, HoldNotFound
from pixie.domain.credits.ledger import EntryKind, Hold, HoldPart, HoldStatus, LedgerEntry
from pixie.domain.credits.lot import Grant, Lot, LotId
from pixie.domain.kernel.ids import HoldId, UserId
from tests.support.builders.credits import a_grant, new_id
from tests.support.fakes.kernel import FakeClock, FakeIds


@dataclass
class FakeLedger:
    """What the tables would hold. Lots move by what entries say, as there."""

    accounts: set[UserId] = field(default_factory=set)
    lots: dict[LotId, Lot] = field(default_factory=dict)
    holds: dict[HoldId, Hold] = field(default_factory=dict)
    entries: list[LedgerEntry] = field(default_factory=list)

    def lots_of(self, account_id: UserId) -> list[Lot]:
        return [lot for lot in self.lots.values() if lot.account_id == account_id and (lot.available or lot.held)]

    def sums(self, account_id: UserId) -> tuple[int, int]:
        """Available and held, as the entries say."""
        entries = [entry for entry in self.entries if entry.account_id == account_id]
        return sum(entry.available_delta for entry in entries), sum(entry.held_delta for entry in entries)


class FakeCreditAccountStore(CreditAccountStore):
    def __init__(self, ledger: FakeLedger | None = None) -> None:
        self.ledger = ledger or FakeLedger()

    async def lock(self, account_id: UserId) -> CreditAccount:
        self.ledger.accounts.add(account_id)
        return CreditAccount(id=account_id, lots=deepcopy(self.ledger.lots_of(account_id)))

    async def lock_hold(self, hold_id: HoldId) -> tuple[CreditAccount, Hold]:
        if hold_id not in self.ledger.holds:
            raise HoldNotFound(hold_id)
        hold = self.ledger.holds[hold_id]
        return await self.lock(hold.account_id), replace(hold, parts=self._parts(hold))

    async def lock_expired(self, now: datetime, limit: int) -> list[CreditAccount]:
        due = {lot.account_id for lot in self.ledger.lots.values() if lot.available and lot.expired(now)}
        return [await self.lock(account_id) for account_id in sorted(due)[:limit]]

    async def knows_cause(self, account_id: UserId, cause: str) -> bool:
        return any(lot.account_id == account_id and lot.cause == cause for lot in self.ledger.lots.values())

    async def save(self, entries: Sequence[LedgerEntry], *, lot: Lot | None = None, hold: Hold | None = None) -> None:
        if lot is not None:
            if await self.knows_cause(lot.account_id, lot.cause):
                raise AlreadyGranted
            self.ledger.lots[lot.id] = replace(lot, available=0, held=0)
        if hold is not None:
            self._keep(hold)
        for entry in entries:
            moved = self.ledger.lots[entry.lot_id]
            moved.available += entry.available_delta
            moved.held += entry.held_delta
        self.ledger.entries += entries

    def _keep(self, hold: Hold) -> None:
        kept = self.ledger.holds.get(hold.id)
        if kept is not None and hold.status is HoldStatus.HELD:
            raise HoldAlreadyPlaced
        if kept is None or kept.status is HoldStatus.HELD:
            self.ledger.holds[hold.id] = deepcopy(hold)

    def _parts(self, hold: Hold) -> tuple[HoldPart, ...]:
        if hold.status is not HoldStatus.HELD:
            return ()
        return tuple(
            HoldPart(lot_id=entry.lot_id, amount=entry.held_delta)
            for entry in self.ledger.entries
            if entry.hold_id == hold.id and entry.kind is EntryKind.HOLD
        )


class FakeCreditReader(CreditReader):
    def __init__(self, ledger: FakeLedger, clock: Clock) -> None:
        self.ledger = ledger
        self.clock = clock

    async def balance(self, user_id: UserId) -> BalanceView:
        account = CreditAccount(id=user_id, lots=self.ledger.lots_of(user_id))
        return BalanceView(available=account.spendable(self.clock.now()), held=account.held)

    async def account(self, user_id: UserId, *, entries: int) -> AccountView:
        numbered = [(number, entry) for number, entry in enumerate(self.ledger.entries) if entry.account_id == user_id]
        return AccountView(
            user_id=user_id,
            balance=await self.balance(user_id),
            lots=[_lot_view(lot) for lot in sorted(self.ledger.lots_of(user_id), key=lambda lot: lot.rank)],
            entries=[_entry_view(entry) for _, entry in reversed(numbered)][:entries],
        )


@dataclass
class FakeCredits:
    """Everything that other modules' tests need of credits: `holds` to give away, and a way to fill an account."""

    clock: Clock = field(default_factory=FakeClock)
    ids: IdSource = field(default_factory=FakeIds)
    ledger: FakeLedger = field(default_factory=FakeLedger)

    @property
    def store(self) -> FakeCreditAccountStore:
        return FakeCreditAccountStore(self.ledger)

    @property
    def reader(self) -> FakeCreditReader:
        return FakeCreditReader(self.ledger, self.clock)

    @property
    def holds(self) -> CreditHolds:
        return CreditHolds(accounts=self.store, reader=self.reader, clock=self.clock)

    @property
    def grants(self) -> CreditGrants:
        return CreditGrants(accounts=self.store, clock=self.clock, ids=self.ids)

    async def fund(self, user_id: UserId, amount: int) -> None:
        await self.grants.give(user_id, a_grant(amount))

    async def give(self, user_id: UserId, grant: Grant) -> None:
        await self.grants.give(user_id, grant)


def _lot_view(lot: Lot) -> LotView:
    return LotView(
        id=lot.id,
        source=lot.source,
        cause=lot.cause,
        granted=lot.granted,
        available=lot.available,
        held=lot.held,
        expires_at=lot.expires_at,
        created_at=lot.created_at,
    )


def _entry_view(entry: LedgerEntry) -> EntryView:
    return EntryView(
        id=new_id(),
        kind=entry.kind,
        available_delta=entry.available_delta,
        held_delta=entry.held_delta,
        lot_id=entry.lot_id,
        hold_id=entry.hold_id,
        note=entry.note,
        created_at=entry.created_at,
    )
