from collections.abc import Sequence
from datetime import date

import msgspec

from pixie.adapters.jobs.job_rows import outputs_of, to_view
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.pg_unit_of_work import Reads
from pixie.application.jobs.job_filter import JobFilter
from pixie.application.jobs.ports import JobReader, UsageReader
from pixie.application.jobs.views import JobTrace, JobView, LedgerLine, UsageRow
from pixie.application.kernel.page import PageRequest
from pixie.domain.jobs.job import JobMoment
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import FileId, JobId, UserId

FARTHEST_TOLD = 1000
"""Places in the queue are counted so far and no further: nobody counts thousands of rows for each of a page's jobs."""

_VIEW = f"""
SELECT id, user_id, job_type, status, provider, model_name, input_data, progress, credits_reserved, credits_used,
       cached, attempts, error_code, error_message, error_retryable, project_id, version, created_at, started_at,
       completed_at, processing_time_ms,
       CASE WHEN status = 'pending' THEN (
           SELECT count(*) FROM (
               SELECT FROM ai_jobs AS ahead
               WHERE ahead.status = 'pending' AND ahead.queue = job.queue AND ahead.due_at < job.due_at
               LIMIT {FARTHEST_TOLD}
           ) AS in_front
       ) END AS queue_position
FROM ai_jobs AS job
"""  # noqa: S608 - a number of ours
_FIND = f"{_VIEW} WHERE id = $1"
_FIND_MANY = f"{_VIEW} WHERE id = ANY($1)"
_FILTERED = """
  AND ($2::uuid IS NULL OR id < $2)
  AND ($3::text IS NULL OR status = $3)
  AND ($4::text IS NULL OR job_type = $4)
  AND ($5::text IS NULL OR model_name = $5)
  AND ($6::uuid IS NULL OR project_id = $6)
  AND ($7::text IS NULL OR strpos(lower(input_data ->> 'prompt'), lower($7)) > 0)
ORDER BY id DESC
LIMIT $8
"""
_PAGE = f"{_VIEW} WHERE user_id = $1 {_FILTERED}"
_PAGE_OF_ALL = f"{_VIEW} WHERE $1::uuid IS NULL {_FILTERED}"
_TRACE = """
SELECT due_at, leased, fence, deaths, ticket ->> 'value' AS ticket, history, output_data FROM ai_jobs WHERE id = $1
"""
_LEDGER = """
SELECT created_at AS at, kind, available_delta, held_delta FROM credit_entries WHERE hold_id = $1 ORDER BY id
"""
_TOTALS = """
SELECT (created_at AT TIME ZONE 'UTC')::date AS day, model_name, action_type,
       count(*) AS jobs, sum(credits_used) AS credits
FROM usage_tracking
WHERE user_id = $1
  AND ($2::date IS NULL OR created_at >= $2::timestamp AT TIME ZONE 'UTC')
  AND ($3::date IS NULL OR created_at < ($3::date + 1)::timestamp AT TIME ZONE 'UTC')
  AND ($4::text IS NULL OR model_name = $4)
  AND ($5::text IS NULL OR action_type = $5)
GROUP BY day, model_name, action_type
ORDER BY day DESC, model_name, action_type
"""


class PgJobReader(JobReader):
    def __init__(self, reads: Reads | Database) -> None:
        self._reads = reads

    async def find(self, job_id: JobId) -> tuple[UserId, JobView] | None:
        row = await self._reads.fetchrow(_FIND, job_id)
        return None if row is None else (row["user_id"], to_view(row))

    async def find_many(self, job_ids: Sequence[JobId]) -> list[JobView]:
        return [to_view(row) for row in await self._reads.fetch(_FIND_MANY, list(job_ids))]

    async def outputs_of(self, job_id: JobId) -> list[FileId]:
        return list(outputs_of(await self._reads.fetchval("SELECT output_data FROM ai_jobs WHERE id = $1", job_id)))

    async def trace(self, job_id: JobId) -> JobTrace | None:
        found = await self.find(job_id)
        row = await self._reads.fetchrow(_TRACE, job_id)
        if found is None or row is None:
            return None
        owner, view = found
        return JobTrace(
            owner=owner,
            job=view,
            due_at=row["due_at"],
            leased=row["leased"],
            fence=row["fence"],
            deaths=row["deaths"],
            ticket=row["ticket"],
            history=msgspec.convert(row["history"], list[JobMoment]),
            ledger=[LedgerLine(**line) for line in await self._reads.fetch(_LEDGER, job_id)],
            output_file_ids=list(outputs_of(row["output_data"])),
        )

    async def page_for(self, owner: UserId | None, wanted: JobFilter, page: PageRequest) -> list[JobView]:
        rows = await self._reads.fetch(
            _PAGE_OF_ALL if owner is None else _PAGE,
            owner,
            page.before,
            wanted.status,
            wanted.job_type,
            wanted.model,
            wanted.project_id,
            wanted.text,
            page.limit + 1,
        )
        return [to_view(row) for row in rows]


class PgUsageReader(UsageReader):
    def __init__(self, reads: Reads | Database) -> None:
        self._reads = reads

    async def totals(
        self, owner: UserId, *, since: date | None, until: date | None, model: str | None, job_type: JobType | None
    ) -> list[UsageRow]:
        rows = await self._reads.fetch(_TOTALS, owner, since, until, model, job_type)
        return [
            UsageRow(
                day=row["day"],
                model=row["model_name"],
                job_type=JobType(row["action_type"]),
                jobs=row["jobs"],
                credits_used=row["credits"],
            )
            for row in rows
        ]
