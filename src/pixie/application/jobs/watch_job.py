import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from pixie.application.accounts.api import SessionWatch
from pixie.application.jobs.ports import JobFeed, JobReader, JobWatch, WatchEnded
from pixie.application.jobs.views import JobView, linked
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Links
from pixie.domain.jobs.errors import JobNotFound
from pixie.domain.kernel.errors import PixieError
from pixie.domain.kernel.ids import JobId


@dataclass(slots=True, kw_only=True)
class WatchJob:
    """Follow a job until it is over.

    - Each event is the job's state at that moment; its id is the job's version. States that follow each other faster
      than they can be sent are skipped, the last one never.
    - A client that was cut off goes on with `Last-Event-ID`, whatever was lost in between.
    - Signing out ends the stream within a second, and nothing is told afterwards.
    """

    reader: JobReader
    feed: JobFeed
    sessions: SessionWatch
    links: Links
    quiet_seconds: float = 10.0

    async def over(self, caller: Caller, job_id: JobId, last_seen: int) -> bool:
        """Whether the job has ended and the client has seen it. Raises `JobNotFound`."""
        view = await self._now(caller, job_id)
        return view.status.final and view.version <= last_seen

    async def __call__(self, caller: Caller, job_id: JobId, last_seen: int = 0) -> AsyncIterator[JobView | None]:
        """Newer states as they come; None when nothing came for a while. Trouble ends the stream: clients come
        again.
        """
        try:
            async with self.feed.watch(job_id) as watch, self.sessions.on_end(caller, watch.end):
                view: JobView | None = await self._now(caller, job_id)
                while True:
                    if view is None:
                        yield None
                    elif view.version > last_seen:
                        last_seen = view.version
                        yield linked(view, self.links)
                    if view is not None and view.status.final:
                        return
                    view = await self._next(watch)
                    if view is not None and not await self.sessions.is_running(caller):
                        return
        except (PixieError, WatchEnded):
            return

    async def _next(self, watch: JobWatch) -> JobView | None:
        """The next state, or None when nothing came for a while."""
        try:
            async with asyncio.timeout(self.quiet_seconds):
                return await watch.changed()
        except TimeoutError:
            return None

    async def _now(self, caller: Caller, job_id: JobId) -> JobView:
        found = await self.reader.find(job_id)
        if found is None or not caller.may_see(found[0]):
            raise JobNotFound
        return found[1]
