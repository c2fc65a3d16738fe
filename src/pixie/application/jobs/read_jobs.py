"""Looking at jobs. Reads skip the domain: a reader returns views."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from pixie.application.files.api import FilesApi
from pixie.application.jobs.job_filter import JobFilter
from pixie.application.jobs.ports import JobFeed, JobReader, UsageReader
from pixie.application.jobs.views import JobResult, JobView, UsageView, linked
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.page import Page, PageRequest, page_of
from pixie.application.kernel.ports import Links
from pixie.domain.jobs.errors import JobNotFound, JobNotOver, UsageNotFound
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import JobId, UserId


@dataclass(slots=True, kw_only=True)
class ShowJob:
    """One job of yours. With `wait`, the answer comes when the job is over, or after so many seconds."""

    reader: JobReader
    feed: JobFeed
    links: Links

    async def __call__(self, caller: Caller, job_id: JobId, wait: float = 0) -> JobView:
        view = await self.now(caller, job_id)
        if wait <= 0 or view.status.final:
            return view
        async with self.feed.watch(job_id) as watch:
            view = await self.now(caller, job_id)  # it may have changed before the watch began
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    while not view.status.final:
                        view = await watch.changed()
        return linked(view, self.links)

    async def now(self, caller: Caller, job_id: JobId) -> JobView:
        found = await self.reader.find(job_id)
        if found is None or not caller.may_see(found[0]):
            raise JobNotFound
        return linked(found[1], self.links)


@dataclass(slots=True, kw_only=True)
class ShowJobResult:
    """What a finished job made. A job that failed or was cancelled answers with its error and no outputs."""

    reader: JobReader
    files: FilesApi
    show: ShowJob

    async def __call__(self, caller: Caller, job_id: JobId) -> JobResult:
        view = await self.show.now(caller, job_id)
        if not view.status.final:
            raise JobNotOver(job_id)
        outputs = await self.files.views(await self.reader.outputs_of(job_id))
        return JobResult(job=view, outputs=list(outputs))


@dataclass(slots=True, kw_only=True)
class ListJobs:
    """Your jobs, newest first."""

    reader: JobReader
    links: Links

    async def __call__(self, caller: Caller, wanted: JobFilter, page: PageRequest) -> Page[JobView]:
        found = await self.reader.page_for(caller.user_id, wanted, page)
        return page_of([linked(view, self.links) for view in found], page, lambda view: view.id)


@dataclass(slots=True, kw_only=True)
class ShowUsage:
    """What finished jobs used, by day, model and type: your own, or anybody's for an admin."""

    reader: UsageReader

    async def __call__(
        self,
        caller: Caller,
        owner: UserId,
        *,
        since: date | None = None,
        until: date | None = None,
        model: str | None = None,
        job_type: JobType | None = None,
    ) -> UsageView:
        if not caller.may_see(owner):
            raise UsageNotFound
        rows = await self.reader.totals(owner, since=since, until=until, model=model, job_type=job_type)
        return UsageView(
            user_id=owner,
            total_jobs=sum(row.jobs for row in rows),
            total_credits=sum(row.credits_used for row in rows),
            items=rows,
        )
