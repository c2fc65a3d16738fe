from collections.abc import Sequence

from pixie.adapters.kernel.database import Database
from pixie.application.kernel.errors import DatabaseUnavailable
from pixie.application.kernel.gauges import Gauge, GaugeReader

_JOBS = """
SELECT status, queue, count(*) AS jobs,
       coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0)::float8 AS oldest
FROM ai_jobs WHERE status IN ('pending', 'processing') GROUP BY status, queue
"""
_OUTBOX = "SELECT count(*) AS rows, coalesce(max(attempts), 0) AS attempts FROM outbox"


class PgGaugeReader(GaugeReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self) -> Sequence[Gauge]:
        up = "Whether the database answers."
        try:
            return [Gauge(name="pixie_database_up", help=up, value=1), *await self._jobs(), *await self._outbox()]
        except DatabaseUnavailable:
            return [Gauge(name="pixie_database_up", help=up, value=0)]

    async def _jobs(self) -> list[Gauge]:
        found = []
        for row in await self._database.fetch(_JOBS):
            labels = {"status": row["status"], "queue": row["queue"]}
            found += [
                Gauge(name="pixie_jobs", help="Jobs that are not over.", value=row["jobs"], labels=labels),
                Gauge(
                    name="pixie_jobs_overdue_seconds",
                    help="For how long the job that is due the longest has waited.",
                    value=max(0.0, row["oldest"]),
                    labels=labels,
                ),
            ]
        return found

    async def _outbox(self) -> list[Gauge]:
        row = await self._database.fetchrow(_OUTBOX)
        if row is None:
            return []
        return [
            Gauge(name="pixie_outbox_rows", help="Events that wait to be handled.", value=row["rows"]),
            Gauge(name="pixie_outbox_attempts", help="The most attempts at one waiting event.", value=row["attempts"]),
        ]
