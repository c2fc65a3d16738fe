from dataclasses import dataclass
from uuid import UUID

from pixie.application.jobs.ports import JobStore
from pixie.application.jobs.submit_job import SubmitJob, SubmitJobCommand
from pixie.application.jobs.views import JobView
from pixie.application.kernel.caller import Actor, Caller, Role
from pixie.domain.jobs.errors import JobNotFound
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import JobId, SessionId

NO_SESSION = SessionId(UUID(int=0))


@dataclass(slots=True, kw_only=True)
class RetryJob:
    """Run the request of a job that is over once more, as a new job of the same owner, at today's price.

    The old job stays as it is: what has ended does not change.
    """

    jobs: JobStore
    submit: SubmitJob

    async def __call__(self, actor: Actor, job_id: JobId) -> JobView:
        job = await self.jobs.lock(job_id)
        if not actor.may_see(job.owner):
            raise JobNotFound
        job.must_be_over()
        return await self.submit(
            SubmitJobCommand(
                caller=Caller(user_id=job.owner, session_id=NO_SESSION, role=Role.USER),
                job_type=JobType(job.job_type),
                model=job.card_name,
                input=job.input,
                project_id=job.project_id,
            )
        )
