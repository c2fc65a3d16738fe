"""Accounts, lots and holds in PostgreSQL: two round trips for each movement, one to lock and load, one to write.

A statement sees its tables as of its start, but a row that it has to wait for as of the end of that wait. So what
happened to lots while `locked` waited would be missing. `fresh` tells: the account's row changes with every movement,
and when the version that was locked is the one that the statement saw at its start, nothing moved in between. If it is
not, the statement is run again, this time without a wait.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from pixie.adapters.credits import statements
from pixie.adapters.kernel.database import Row
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.credits.ports import CreditAccountStore
from pixie.application.kernel.ports import IdSource
from pixie.domain.credits.account import CreditAccount
from pixie.domain.credits.errors import HoldNotFound
from pixie.domain.credits.ledger import Hold, HoldPart, HoldStatus, LedgerEntry
from pixie.domain.credits.lot import Lot, LotId, LotSource
from pixie.domain.kernel.ids import HoldId, UserId

Sums = dict[UUID, tuple[int, int]]
"""How much moved in an account or a lot: available, held."""


class PgCreditAccountStore(CreditAccountStore):
    def __init__(self, uow: PgUnitOfWork, ids: IdSource) -> None:
        self._uow = uow
        self._ids = ids

    async def lock(self, account_id: UserId) -> CreditAccount:
        rows = await self._fresh(statements.LOCK_ACCOUNT, account_id)
        if not rows:
            if await self._uow.fetchval(statements.OPEN_ACCOUNT, account_id):
                return CreditAccount(id=account_id)
            rows = await self._fresh(statements.LOCK_ACCOUNT, account_id)
        return CreditAccount(id=account_id, lots=_lots(rows))

    async def lock_hold(self, hold_id: HoldId) -> tuple[CreditAccount, Hold]:
        rows = await self._fresh(statements.LOCK_HOLD, hold_id)
        if not rows:
            raise HoldNotFound(hold_id)
        account_id = UserId(rows[0]["account_id"])
        return CreditAccount(id=account_id, lots=_lots(rows)), _hold(hold_id, account_id, rows)

    async def lock_expired(self, now: datetime, limit: int) -> list[CreditAccount]:
        rows_by_account: dict[UserId, list[Row]] = defaultdict(list)
        for row in await self._uow.fetch(statements.LOCK_EXPIRED, now, limit):
            if row["fresh"]:  # the others are met by the next run
                rows_by_account[row["account_id"]].append(row)
        return [CreditAccount(id=account_id, lots=_lots(rows)) for account_id, rows in rows_by_account.items()]

    async def knows_cause(self, account_id: UserId, cause: str) -> bool:
        known: bool = await self._uow.fetchval(statements.KNOWS_CAUSE, account_id, cause)
        return known

    async def save(self, entries: Sequence[LedgerEntry], *, lot: Lot | None = None, hold: Hold | None = None) -> None:
        if not entries and hold is None:
            return
        balances = _sums((entry.account_id, entry) for entry in entries)
        if hold is not None:
            balances.setdefault(hold.account_id, (0, 0))  # a hold of nothing is a change, too: see `fresh`
        await self._uow.execute(
            statements.SAVE,
            *_sum_columns(balances),
            *_sum_columns(_sums((entry.lot_id, entry) for entry in entries)),
            *_lot_values(lot),
            *_hold_values(hold),
            *self._entry_columns(entries),
        )

    async def _fresh(self, statement: str, key: UUID) -> list[Row]:
        rows = await self._uow.fetch(statement, key)
        if rows and not rows[0]["fresh"]:
            rows = await self._uow.fetch(statement, key)
        return rows

    def _entry_columns(self, entries: Sequence[LedgerEntry]) -> list[list[object]]:
        return [
            [self._ids.new() for _ in entries],
            [entry.account_id for entry in entries],
            [entry.lot_id for entry in entries],
            [entry.hold_id for entry in entries],
            [entry.kind.value for entry in entries],
            [entry.available_delta for entry in entries],
            [entry.held_delta for entry in entries],
            [entry.note for entry in entries],
            [entry.created_at for entry in entries],
        ]


def _sums(entries: Iterable[tuple[UUID, LedgerEntry]]) -> Sums:
    sums: Sums = {}
    for key, entry in entries:
        available, held = sums.get(key, (0, 0))
        sums[key] = (available + entry.available_delta, held + entry.held_delta)
    return sums


def _sum_columns(sums: Sums) -> tuple[list[UUID], list[int], list[int]]:
    return list(sums), [available for available, _ in sums.values()], [held for _, held in sums.values()]


def _lot_values(lot: Lot | None) -> tuple[object, ...]:
    if lot is None:
        return (None,) * 7
    return (lot.id, lot.account_id, lot.source.value, lot.cause, lot.granted, lot.expires_at, lot.created_at)


def _hold_values(hold: Hold | None) -> tuple[object, ...]:
    if hold is None:
        return (None,) * 7
    return (
        hold.id,
        hold.account_id,
        hold.amount,
        hold.created_at,
        hold.status.value,
        hold.captured,
        hold.settled_at,
    )


def _lots(rows: Sequence[Row]) -> list[Lot]:
    return [_lot(row) for row in rows if row["lot_id"] is not None]


def _lot(row: Row) -> Lot:
    return Lot(
        id=LotId(row["lot_id"]),
        account_id=UserId(row["account_id"]),
        source=LotSource(row["source"]),
        cause=row["cause"],
        granted=row["granted"],
        available=row["available"],
        held=row["held"],
        expires_at=row["expires_at"],
        created_at=row["created_at"],
    )


def _hold(hold_id: HoldId, account_id: UserId, rows: Sequence[Row]) -> Hold:
    row = rows[0]
    status = HoldStatus(row["status"])
    return Hold(
        id=hold_id,
        account_id=account_id,
        amount=row["amount"],
        parts=tuple(HoldPart(lot_id=LotId(row["lot_id"]), amount=row["part"]) for row in rows if row["part"])
        if status is HoldStatus.HELD
        else (),
        created_at=row["placed_at"],
        status=status,
        captured=row["captured"],
        settled_at=row["settled_at"],
    )
