from dataclasses import dataclass, replace

from pixie.application.credits.api import CreditHolds
from pixie.application.jobs.ports import JobStore
from pixie.application.jobs.quoting import QuoteRequest
from pixie.application.jobs.views import JobView
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import (
    Clock,
    IdempotencyKey,
    IdempotencyLog,
    IdSource,
    Links,
    UnitOfWork,
)
from pixie.domain.jobs.job import Job
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import HoldId, JobId, ProjectId

SEEDS = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitJobCommand:
    caller: Caller
    job_type: JobType
    model: str
    input: JobInput
    project_id: ProjectId | None = None
    idempotency: IdempotencyKey | None = None


@dataclass(slots=True, kw_only=True)
class SubmitJob:
    """Accept a job.

    - The model must exist, be switched on and fit the request; the pictures must be yours. Otherwise nothing happens.
    - The most it can cost is held from your credits at once. What was not used comes back when the job ends.
    - A job that was accepted is never lost: it ends as completed, failed or cancelled.
    - Without a seed, one is chosen and told, so that the result can be had again; so is the duration of a video.
    """

    quote: QuoteRequest
    holds: CreditHolds
    jobs: JobStore
    idempotency: IdempotencyLog
    clock: Clock
    ids: IdSource
    links: Links
    uow: UnitOfWork

    async def __call__(self, command: SubmitJobCommand) -> JobView:
        await self.idempotency.claim(command.idempotency)
        quoted = await self.quote(command.caller, command.job_type, command.model, command.input)
        job = Job.submit(
            job_id=JobId(self.ids.new()),
            owner=command.caller.user_id,
            card=quoted.card,
            request=self._seeded(quoted.request),
            credits=quoted.credits,
            project_id=command.project_id,
            now=self.clock.now(),
        )
        await self.holds.place(HoldId(job.id), job.owner, job.credits_reserved)
        await self.jobs.add(job)
        view = JobView.of(job, self.links)
        await self.idempotency.record(command.idempotency, view)
        await self.uow.commit()
        return view

    def _seeded(self, request: JobInput) -> JobInput:
        if request.seed is not None:
            return request
        return replace(request, seed=self.ids.new().int % SEEDS)
