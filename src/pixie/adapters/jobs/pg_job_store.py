from datetime import timedelta

from pixie.adapters.jobs.job_rows import COLUMNS, ROOM, to_domain, to_row
from pixie.adapters.kernel.database import Database, affected
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.jobs.ports import JobLeases, JobStore
from pixie.domain.jobs.errors import JobNotFound
from pixie.domain.jobs.job import Job
from pixie.domain.kernel.ids import JobId

_PLACES = ", ".join(f"${place}" for place in range(1, ROOM + 1))
INSERT_JOB = f"INSERT INTO ai_jobs ({COLUMNS}) VALUES ({_PLACES})"  # noqa: S608 - names of columns only
_LOCK = f"SELECT {COLUMNS} FROM ai_jobs WHERE id = $1 FOR UPDATE"  # noqa: S608 - names of columns only
_UPDATE = f"UPDATE ai_jobs SET ({COLUMNS}, hinted_at) = ROW ({_PLACES}, NULL) WHERE id = $1"  # noqa: S608 - names of columns only
_RENEW = """
UPDATE ai_jobs SET due_at = clock_timestamp() + $3
WHERE id = $1 AND fence = $2 AND leased AND status = 'processing'
"""
_REPORT = """
UPDATE ai_jobs SET progress = $3, version = version + 1, updated_at = clock_timestamp()
WHERE id = $1 AND fence = $2 AND leased AND status = 'processing' AND progress < $3
RETURNING version
"""


class PgJobStore(JobStore):
    """A new job needs no hint of its own: its row is due, and the dispatcher is told after the commit."""

    def __init__(self, uow: PgUnitOfWork) -> None:
        self._uow = uow

    async def add(self, job: Job) -> None:
        await self._uow.execute(INSERT_JOB, *to_row(job))
        self._uow.ring_after_commit()

    async def lock(self, job_id: JobId) -> Job:
        row = await self._uow.fetchrow(_LOCK, job_id)
        if row is None:
            raise JobNotFound
        return to_domain(row)

    async def save(self, job: Job) -> None:
        await self._uow.execute(_UPDATE, *to_row(job))

    async def remove(self, job_id: JobId) -> None:
        await self._uow.execute("DELETE FROM ai_jobs WHERE id = $1", job_id)


class PgJobLeases(JobLeases):
    """Compare-and-set by the fence, each in a statement of its own and judged by the database's clock."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def renew(self, job_id: JobId, fence: int, length: timedelta) -> bool:
        return affected(await self._database.execute(_RENEW, job_id, fence, length)) == 1

    async def report(self, job_id: JobId, fence: int, progress: int) -> int | None:
        version: int | None = await self._database.fetchval(_REPORT, job_id, fence, progress)
        return version
