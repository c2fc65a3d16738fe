from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.jobs.ports import UsageLog
from pixie.application.kernel.ports import IdSource
from pixie.domain.jobs.job import Job

_ADD = """
INSERT INTO usage_tracking (id, user_id, job_id, action_type, provider, model_name, credits_used, metadata, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (job_id) DO NOTHING
"""


class PgUsageLog(UsageLog):
    def __init__(self, uow: PgUnitOfWork, ids: IdSource) -> None:
        self._uow = uow
        self._ids = ids

    async def add(self, job: Job) -> None:
        await self._uow.execute(
            _ADD,
            self._ids.new(),
            job.owner,
            job.id,
            job.job_type,
            job.provider,
            job.card_name,
            job.credits_used,
            {"images": len(job.outputs), "attempts": job.attempts},
            job.completed_at,
        )
