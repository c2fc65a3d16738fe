import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from pixie.application.jobs.ports import JobFeed, JobLeases, JobWatch
from pixie.domain.jobs.errors import LeaseLost
from pixie.domain.jobs.job import Job
from pixie.domain.kernel.errors import PixieError

T = TypeVar("T")


class WorkerLeaves(Exception):
    """This process was asked to end; the job is to be given back."""


class Leaving:
    """Whether this process was asked to end."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def announce(self) -> None:
        self._event.set()

    async def wait(self) -> None:
        await self._event.wait()


@dataclass(slots=True, kw_only=True)
class HoldJob:
    """Keep a lease alive while its work runs, and stop the work within a second once the job is no longer ours."""

    leases: JobLeases
    feed: JobFeed
    leaving: Leaving
    lease: timedelta
    heartbeat: timedelta

    async def while_held(self, job: Job, work: Coroutine[Any, Any, T]) -> T:
        """The work's own result or error. Raises `LeaseLost` or `WorkerLeaves` after the work was cancelled."""
        async with self.feed.watch(job.id) as watch:
            working = asyncio.create_task(work)
            lost = asyncio.create_task(self._until_lost(job, watch))
            leaving = asyncio.create_task(self.leaving.wait())
            try:
                await asyncio.wait({working, lost, leaving}, return_when=asyncio.FIRST_COMPLETED)
                if working.done():
                    return working.result()
                if lost.done():
                    raise LeaseLost(job.id)
                raise WorkerLeaves
            finally:
                await _end(working, lost, leaving)

    async def _until_lost(self, job: Job, watch: JobWatch) -> None:
        """Renew until the job is over, or somebody else's. A database that does not answer is asked again: if it stays
        away for longer than the lease, another worker takes over, and the fence keeps this one from writing.
        """
        clock = asyncio.get_running_loop()
        next_renewal = clock.time() + self.heartbeat.total_seconds()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(next_renewal):
                    if (await watch.changed()).status.final:
                        return
                    continue
            next_renewal = clock.time() + self.heartbeat.total_seconds()
            with contextlib.suppress(PixieError):
                if not await self.leases.renew(job.id, job.fence, self.lease):
                    return


async def _end(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
