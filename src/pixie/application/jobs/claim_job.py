from dataclasses import dataclass
from datetime import timedelta

from pixie.application.jobs.finish_job import FailJob
from pixie.application.jobs.last_chance import Turn
from pixie.application.jobs.ports import JobFeed, JobStore, Providers, Resubmission
from pixie.application.kernel.ports import Clock, UnitOfWork
from pixie.domain.jobs.errors import JobNotDue, JobNotFound, JobOver, ProviderMisconfigured
from pixie.domain.jobs.job import Job, JobError, Lease
from pixie.domain.kernel.ids import JobId

QUARANTINED = JobError(
    code="quarantined", message="The job stopped every worker that took it, and was given up.", retryable=False
)
OUTCOME_UNKNOWN = JobError(
    code="outcome_unknown",
    message="A worker died while it asked the provider, and asking again might be paid twice.",
    retryable=True,
)

TURN_PAUSE = timedelta(seconds=1)
"""How long a job stands back before it asks again whether it is its turn."""


@dataclass(slots=True, kw_only=True)
class ClaimJob:
    """Take a due job in hand.

    - A hint about a job that is held, not due, over or gone means nothing, however often it comes.
    - A job that has killed its workers is given up, and its credits go back. Before that it gets a chance in which no
      other suspect runs beside it, and waits for that as long as it takes.
    - A request that may have reached a provider who cannot tell repeats apart is not sent again.
    """

    jobs: JobStore
    providers: Providers
    fail: FailJob
    feed: JobFeed
    clock: Clock
    lease: Lease
    uow: UnitOfWork

    async def __call__(self, job_id: JobId, turn: Turn) -> Job | None:
        now = self.clock.now()
        try:
            job = await self.jobs.lock(job_id)
            job.must_be_due(now, self.lease)
        except (JobNotFound, JobNotDue, JobOver):
            await self.uow.rollback()
            return None
        if job.on_last_chance(self.lease) and not turn.take():
            job.stand_back(TURN_PAUSE, now)
            await self.jobs.save(job)
            await self.uow.commit()
            return None
        died_in_call = job.leased and job.ticket is None
        version = job.version
        job.claim(now, self.lease)
        if (error := self._hopeless(job, died_in_call=died_in_call)) is not None:
            await self.fail.write(job, error)
            return None
        await self.jobs.save(job)
        await self.uow.commit()
        if job.version != version:
            await self.feed.announce(job.id, job.version)
        return job

    def _hopeless(self, job: Job, *, died_in_call: bool) -> JobError | None:
        if job.poisoned(self.lease):
            return QUARANTINED
        if not died_in_call:
            return None
        try:
            resubmission = self.providers.get(job.provider).resubmission
        except ProviderMisconfigured:
            resubmission = Resubmission.NEVER
        return OUTCOME_UNKNOWN if resubmission is Resubmission.NEVER else None
