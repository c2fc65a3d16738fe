from pixie.adapters.kernel.database import Database, Row
from pixie.adapters.kernel.pg_unit_of_work import Reads
from pixie.application.credits.ports import CreditReader
from pixie.application.credits.views import AccountView, BalanceView, EntryView, LotView
from pixie.application.kernel.ports import Clock
from pixie.domain.kernel.ids import UserId

BALANCE = """
SELECT account.available - coalesce(sum(lot.available), 0)::int AS available, account.held
FROM credit_accounts AS account
LEFT JOIN credit_lots AS lot ON lot.account_id = account.id AND lot.available > 0 AND lot.expires_at <= $2
WHERE account.id = $1
GROUP BY account.id
"""

OPEN_LOTS = """
SELECT id, source, cause, granted, available, held, expires_at, created_at FROM credit_lots
WHERE account_id = $1 AND (available > 0 OR held > 0)
ORDER BY expires_at NULLS LAST, created_at, id
"""

LATEST_ENTRIES = """
SELECT id, kind, available_delta, held_delta, lot_id, hold_id, note, created_at FROM credit_entries
WHERE account_id = $1 ORDER BY id DESC LIMIT $2
"""


class PgCreditReader(CreditReader):
    def __init__(self, reads: Reads | Database, clock: Clock) -> None:
        self._reads = reads
        self._clock = clock

    async def balance(self, user_id: UserId) -> BalanceView:
        row = await self._reads.fetchrow(BALANCE, user_id, self._clock.now())
        if row is None:
            return BalanceView(available=0, held=0)
        return BalanceView(available=row["available"], held=row["held"])

    async def account(self, user_id: UserId, *, entries: int) -> AccountView:
        return AccountView(
            user_id=user_id,
            balance=await self.balance(user_id),
            lots=[_lot_view(row) for row in await self._reads.fetch(OPEN_LOTS, user_id)],
            entries=[_entry_view(row) for row in await self._reads.fetch(LATEST_ENTRIES, user_id, entries)],
        )


def _lot_view(row: Row) -> LotView:
    return LotView(
        id=row["id"],
        source=row["source"],
        cause=row["cause"],
        granted=row["granted"],
        available=row["available"],
        held=row["held"],
        expires_at=row["expires_at"],
        created_at=row["created_at"],
    )


def _entry_view(row: Row) -> EntryView:
    return EntryView(
        id=row["id"],
        kind=row["kind"],
        available_delta=row["available_delta"],
        held_delta=row["held_delta"],
        lot_id=row["lot_id"],
        hold_id=row["hold_id"],
        note=row["note"],
        created_at=row["created_at"],
    )
