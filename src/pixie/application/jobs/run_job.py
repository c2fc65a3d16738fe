import asyncio
from dataclasses import dataclass

from pixie.application.jobs.claim_job import ClaimJob
from pixie.application.jobs.finish_job import FailJob, FinishJob
from pixie.application.jobs.hold_job import HoldJob, WorkerLeaves
from pixie.application.jobs.last_chance import LastChances
from pixie.application.jobs.look_later import LookLater
from pixie.application.jobs.ports import Providers
from pixie.application.jobs.produce_result import Outcome, ProduceResult
from pixie.application.kernel.ports import UnitOfWork
from pixie.domain.jobs.errors import JobOver, LeaseLost
from pixie.domain.jobs.generation import Pending, Ticket
from pixie.domain.jobs.job import Job, JobError
from pixie.domain.jobs.pricing import bill
from pixie.domain.kernel.errors import PixieError
from pixie.domain.kernel.ids import JobId

PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
"""Seconds between tries to write an outcome down while the database is away; together less than its restart takes."""


@dataclass(slots=True, kw_only=True)
class RunJob:
    """Look at a due job once: start its request, or see how its provider gets on.

    - Claimed first, in a transaction of its own: the attempt is on record before any work.
    - While the work runs the lease is renewed; a job that was cancelled or taken over stops within a second.
    - What came of it is written by whoever still holds the job, and by nobody else. A database that is away for a
      moment does not cost a result.
    """

    claim: ClaimJob
    hold: HoldJob
    produce: ProduceResult
    finish: FinishJob
    fail: FailJob
    later: LookLater
    providers: Providers
    last_chances: LastChances
    uow: UnitOfWork

    async def __call__(self, job_id: JobId) -> None:
        with self.last_chances.turn() as turn:
            job = await self.claim(job_id, turn)
            if job is not None:
                await self._run(job)

    async def _run(self, job: Job) -> None:
        try:
            await self.hold.while_held(job, self._work(job))
        except (LeaseLost, JobOver):
            await self.uow.rollback()
        except WorkerLeaves:
            await self.uow.rollback()
            await self.later.leave(job.id, job.fence)

    async def _work(self, job: Job) -> None:
        outcome = await self.produce(job)
        for pause in PAUSES:
            try:
                return await self._write(job, outcome)
            except PixieError as trouble:
                if not trouble.kind.passing:
                    raise
                await self.uow.rollback()
                await asyncio.sleep(pause)
        return await self._write(job, outcome)

    async def _write(self, job: Job, outcome: Outcome) -> None:
        match outcome:
            case Ticket():
                await self.later.started(job.id, job.fence, outcome)
            case Pending():
                await self.later.pending(job.id, job.fence, outcome.progress, outcome.look_after)
            case PixieError() if outcome.kind.passing:
                await self.later.after_trouble(job.id, job.fence, outcome)
            case PixieError():
                error = JobError(code=outcome.code, message=outcome.detail, retryable=False)
                await self.fail(job.id, job.fence, error)
            case stored:
                price = self.providers.card(job.card_name).price
                used = bill(price, job.input, len(stored), job.credits_reserved)
                await self.finish(job.id, job.fence, stored, used)
