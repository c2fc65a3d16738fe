import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from pixie.application.jobs.finish_job import FailJob
from pixie.application.jobs.ports import JobFeed, JobStore, Providers
from pixie.application.kernel.ports import Clock, UnitOfWork
from pixie.domain.jobs.errors import ModelNotFound
from pixie.domain.jobs.generation import Ticket
from pixie.domain.jobs.job import Job, JobError
from pixie.domain.kernel.errors import PixieError
from pixie.domain.kernel.ids import JobId


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """Growing pauses between attempts, each spread over its upper half so that retries do not come in waves."""

    base: timedelta
    cap: timedelta
    max_attempts: int
    rng: random.Random

    def after(self, attempt: int, wish: timedelta | None) -> timedelta:
        """The pause after so many attempts, and no shorter than the provider wishes."""
        grown = min(self.cap, self.base * float(2 ** min(attempt - 1, 16)))
        pause = grown * self.rng.uniform(0.5, 1.0)
        return max(pause, wish or timedelta())


@dataclass(slots=True, kw_only=True)
class LookLater:
    """Let go of a job that somebody is to look at again: its provider is busy with it, or another attempt may do
    better.

    A provider that has the request is asked again until the model's deadline has passed; after that, and after the last
    attempt, the job fails and its credits go back.
    """

    jobs: JobStore
    providers: Providers
    fail: FailJob
    feed: JobFeed
    clock: Clock
    back_off: BackOff
    uow: UnitOfWork

    async def started(self, job_id: JobId, fence: int, ticket: Ticket) -> None:
        job = await self.jobs.lock(job_id)
        job.keep_ticket(fence, ticket)
        await self._wait(job, fence, None, ticket.look_after)

    async def pending(self, job_id: JobId, fence: int, progress: int | None, look_after: timedelta) -> None:
        job = await self.jobs.lock(job_id)
        job.must_be_held(fence)
        if self._past_deadline(job):
            await self.fail.write(job, _late(job))
            return
        await self._wait(job, fence, progress, look_after)

    async def after_trouble(self, job_id: JobId, fence: int, trouble: PixieError) -> None:
        """Something that may pass by itself came in the way."""
        job = await self.jobs.lock(job_id)
        job.must_be_held(fence)
        pause = self.back_off.after(max(1, job.attempts), trouble.retry_after)
        if job.ticket is not None and not self._past_deadline(job):
            await self._wait(job, fence, None, pause)
        elif job.ticket is not None or job.attempts >= self.back_off.max_attempts:
            await self.fail.write(job, JobError(code=trouble.code, message=trouble.detail, retryable=True))
        else:
            job.retry(fence, pause, self.clock.now(), f"{trouble.code}: {trouble.detail}")
            await self._keep(job)

    async def leave(self, job_id: JobId, fence: int) -> None:
        """This worker has to go; the next one may begin at once."""
        job = await self.jobs.lock(job_id)
        job.put_back(fence, self.clock.now())
        await self._keep(job)

    async def _wait(self, job: Job, fence: int, progress: int | None, pause: timedelta) -> None:
        job.wait(fence, progress, pause, self.clock.now())
        await self._keep(job)

    async def _keep(self, job: Job) -> None:
        await self.jobs.save(job)
        await self.uow.commit()
        await self.feed.announce(job.id, job.version)

    def _past_deadline(self, job: Job) -> bool:
        try:
            terms = self.providers.card(job.card_name).terms(job.input.parameters)
        except ModelNotFound:
            return True
        return self.clock.now() - _begun(job) > timedelta(seconds=terms.deadline_seconds)


def _begun(job: Job) -> datetime:
    return job.started_at or job.created_at


def _late(job: Job) -> JobError:
    return JobError(code="deadline_exceeded", message=f"{job.provider} did not finish in time.", retryable=True)
