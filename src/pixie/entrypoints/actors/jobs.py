from dataclasses import dataclass
from uuid import UUID

from dishka import AsyncContainer
from structlog.contextvars import bound_contextvars

from pixie.application.jobs.run_job import RunJob
from pixie.application.jobs.tell_provider import TellProvider
from pixie.domain.jobs.model_card import Queue
from pixie.domain.kernel.ids import JobId
from pixie.domain.kernel.json import JsonObject
from pixie.entrypoints.actors.binding import ActorSpec, LongSubscription


async def run(scope: AsyncContainer, row_id: UUID) -> None:
    with bound_contextvars(job_id=str(row_id)):
        run_job = await scope.get(RunJob)
        await run_job(JobId(row_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class OnJobCancelled:
    tell: TellProvider

    async def __call__(self, payload: JsonObject) -> None:
        ticket = payload["ticket"]
        await self.tell(str(payload["provider"]), None if ticket is None else str(ticket))


RUN = ActorSpec(name="jobs.run", queues=tuple(Queue), work=run)
SUBSCRIPTIONS = (LongSubscription(topic="jobs.cancelled", name="jobs.tell_provider", handler=OnJobCancelled),)
