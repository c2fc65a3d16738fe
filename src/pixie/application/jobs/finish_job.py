from collections.abc import Sequence
from dataclasses import dataclass

from pixie.application.credits.api import CreditHolds
from pixie.application.files.api import FilesApi, StagedOutput
from pixie.application.jobs.ports import JobFeed, JobStore, UsageLog
from pixie.application.kernel.ports import Clock, Outbox, UnitOfWork
from pixie.domain.jobs.job import Job, JobError
from pixie.domain.kernel.ids import HoldId, JobId


@dataclass(slots=True, kw_only=True)
class FinishJob:
    """End a job well: files, credits and state change together or not at all.

    Raises `LeaseLost` or `JobOver` when this worker may not write any more.
    """

    jobs: JobStore
    holds: CreditHolds
    files: FilesApi
    usage: UsageLog
    outbox: Outbox
    feed: JobFeed
    clock: Clock
    uow: UnitOfWork

    async def __call__(self, job_id: JobId, fence: int, staged: Sequence[StagedOutput], credits_used: int) -> None:
        job = await self.jobs.lock(job_id)
        job.must_be_held(fence)
        outputs = tuple(await self.files.adopt(staged))
        event = job.complete(fence, outputs, credits_used, self.clock.now())
        await self.holds.capture(HoldId(job.id), credits_used)
        await self.usage.add(job)
        await self.jobs.save(job)
        await self.outbox.add(event)
        await self.uow.commit()
        await self.feed.announce(job.id, job.version)


@dataclass(slots=True, kw_only=True)
class FailJob:
    """End a job that came to nothing, and give its credits back."""

    jobs: JobStore
    holds: CreditHolds
    outbox: Outbox
    feed: JobFeed
    clock: Clock
    uow: UnitOfWork

    async def __call__(self, job_id: JobId, fence: int, error: JobError) -> None:
        job = await self.jobs.lock(job_id)
        job.must_be_held(fence)
        await self.write(job, error)

    async def write(self, job: Job, error: JobError) -> None:
        """The same for a job that is locked already."""
        event = job.fail(error, self.clock.now())
        await self.holds.release(HoldId(job.id))
        await self.jobs.save(job)
        await self.outbox.add(event)
        await self.uow.commit()
        await self.feed.announce(job.id, job.version)
