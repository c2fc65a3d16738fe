from dataclasses import dataclass

from pixie.application.jobs.job_filter import JobFilter
from pixie.application.jobs.ports import JobReader
from pixie.application.jobs.views import JobTrace, JobView
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.page import Page, PageRequest, page_of
from pixie.domain.jobs.errors import JobNotFound
from pixie.domain.kernel.ids import JobId, UserId


@dataclass(slots=True, kw_only=True)
class TraceJob:
    """All that is known of a job, for operators."""

    reader: JobReader

    async def __call__(self, actor: Actor, job_id: JobId) -> JobTrace:
        if not actor.is_admin:
            raise NotAllowed("look into jobs")
        trace = await self.reader.trace(job_id)
        if trace is None:
            raise JobNotFound
        return trace


@dataclass(slots=True, kw_only=True)
class ListAllJobs:
    """Everybody's jobs, newest first, for operators."""

    reader: JobReader

    async def __call__(self, actor: Actor, owner: UserId | None, wanted: JobFilter, page: PageRequest) -> Page[JobView]:
        if not actor.is_admin:
            raise NotAllowed("see everybody's jobs")
        return page_of(await self.reader.page_for(owner, wanted, page), page, lambda view: view.id)
