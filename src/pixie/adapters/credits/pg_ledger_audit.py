from collections.abc import AsyncIterator
from uuid import UUID

from pixie.adapters.credits.audit_rules import RULES
from pixie.adapters.kernel.database import Connection, Database
from pixie.application.credits.ports import LedgerAudit
from pixie.application.credits.views import DriftView

_BEFORE_ALL = UUID(int=0)
_PATIENCE = 600.0
"""Seconds for one query: an account may have millions of entries."""

_LAST_OF_NEXT = """
SELECT id FROM (SELECT id FROM credit_accounts WHERE id > $1 ORDER BY id LIMIT $2) AS next ORDER BY id DESC LIMIT 1
"""


class PgLedgerAudit(LedgerAudit):
    """Reads `stretch` accounts at a time, each in a snapshot of its own that is let go before drifts are told."""

    def __init__(self, database: Database, *, stretch: int = 2000) -> None:
        self._database = database
        self._stretch = stretch

    async def drifts(self) -> AsyncIterator[DriftView]:
        after: UUID | None = _BEFORE_ALL
        while after is not None:
            found, after = await self._next_stretch(after)
            for drift in found:
                yield drift

    async def _next_stretch(self, after: UUID) -> tuple[list[DriftView], UUID | None]:
        async with (
            self._database.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute(f"SET LOCAL statement_timeout = '{_PATIENCE:.0f}s'")
            last: UUID | None = await connection.fetchval(_LAST_OF_NEXT, after, self._stretch)
            if last is None:
                return [], None
            return await _broken_rules(connection, after, last), last


async def _broken_rules(connection: Connection, after: UUID, last: UUID) -> list[DriftView]:
    return [
        DriftView(
            account_id=row["account_id"],
            rule=rule,
            subject=row["subject"],
            says=row["says"],
            should_be=row["should_be"],
        )
        for rule, query in RULES.items()
        for row in await connection.fetch(query, after, last, timeout=_PATIENCE)
    ]
