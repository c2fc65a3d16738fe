from dataclasses import dataclass

from pixie.application.credits.api import CreditHolds
from pixie.application.jobs.ports import JobFeed, JobStore
from pixie.application.jobs.views import JobView
from pixie.application.kernel.caller import Actor, Caller
from pixie.application.kernel.ports import Clock, Links, Outbox, UnitOfWork
from pixie.domain.jobs.errors import JobNotFound
from pixie.domain.kernel.ids import HoldId, JobId


@dataclass(slots=True, kw_only=True)
class CancelJob:
    """Stop a job.

    - Its credits come back at once; the provider is told; a worker that is busy with it stops within a second.
    - A job that is over already stays as it is and is returned, so a repeated cancel is harmless.
    """

    jobs: JobStore
    holds: CreditHolds
    outbox: Outbox
    feed: JobFeed
    clock: Clock
    links: Links
    uow: UnitOfWork

    async def __call__(self, caller: Actor, job_id: JobId) -> JobView:
        job = await self.jobs.lock(job_id)
        if not caller.may_see(job.owner):
            raise JobNotFound
        if job.status.final:
            await self.uow.rollback()
            return JobView.of(job, self.links)
        event = job.cancel(self.clock.now())
        await self.holds.release(HoldId(job.id))
        await self.jobs.save(job)
        await self.outbox.add(event)
        await self.uow.commit()
        await self.feed.announce(job.id, job.version)
        return JobView.of(job, self.links)


@dataclass(slots=True, kw_only=True)
class PurgeJob:
    """Remove the record of a job that is over. Its files and its ledger entries stay."""

    jobs: JobStore
    uow: UnitOfWork

    async def __call__(self, caller: Caller, job_id: JobId) -> None:
        job = await self.jobs.lock(job_id)
        if not caller.may_see(job.owner):
            raise JobNotFound
        job.must_be_over()
        await self.jobs.remove(job_id)
        await self.uow.commit()
