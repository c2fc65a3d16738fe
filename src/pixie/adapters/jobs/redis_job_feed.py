"""How a process hears that jobs have changed."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from pixie.adapters.jobs.pg_job_reader import PgJobReader
from pixie.adapters.kernel.database import Database
from pixie.application.jobs.ports import JobFeed, JobWatch, WatchEnded
from pixie.application.jobs.views import JobView
from pixie.application.kernel.errors import DatabaseUnavailable
from pixie.domain.kernel.ids import JobId

CHANNEL = "pixie:jobs"
LOOK_EVERY = 2.0
"""Seconds between two looks at the rows themselves, for hints that were lost."""
LOOK_EVERY_WHILE_DEAF = 0.5
"""The same while Redis cannot be heard."""

log = structlog.get_logger(__name__)


class RedisJobFeed(JobFeed):
    """One subscription and one query serve all watchers of a process, however many they are.

    Redis carries only 'job X is now at version N'; the state itself comes from the job's row.
    """

    def __init__(self, redis: "Redis", database: Database) -> None:
        self._redis = redis
        self._database = database
        self._reader = PgJobReader(database)
        self._watches: dict[JobId, set[RedisJobWatch]] = defaultdict(set)
        self._changed: set[JobId] = set()
        self._something_changed = asyncio.Event()
        self._hearing = False
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._deliver())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def announce(self, job_id: JobId, version: int) -> None:
        try:
            await self._redis.publish(CHANNEL, f"{job_id}:{version}")
        except (RedisError, OSError):
            log.warning("job_change_not_announced", job_id=str(job_id))

    @asynccontextmanager
    async def watch(self, job_id: JobId) -> AsyncIterator["RedisJobWatch"]:
        watch = RedisJobWatch()
        self._watches[job_id].add(watch)
        try:
            yield watch
        finally:
            self._watches[job_id].discard(watch)
            if not self._watches[job_id]:
                del self._watches[job_id]

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    self._hearing = True
                    async for message in pubsub.listen():
                        self._note(message["data"])
            except (RedisError, OSError):
                if self._hearing:
                    log.warning("job_feed_deaf")
            self._hearing = False
            await asyncio.sleep(LOOK_EVERY_WHILE_DEAF)

    async def _deliver(self) -> None:
        """What is heard of goes out at once. The rows are looked at in their own time, however much is heard: a hint
        that was lost may have been a job's last.
        """
        clock = asyncio.get_running_loop()
        next_look = clock.time()
        while True:
            if clock.time() >= next_look:
                await self._look()
                next_look = clock.time() + (LOOK_EVERY if self._hearing else LOOK_EVERY_WHILE_DEAF)
            self._something_changed.clear()
            changed, self._changed = self._changed, set()
            await self._hand_out(changed)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(next_look):
                    await self._something_changed.wait()

    async def _look(self) -> None:
        """Compare what watchers know with the rows."""
        if not self._watches:
            return
        try:
            rows = await self._database.fetch(
                "SELECT id, version FROM ai_jobs WHERE id = ANY($1)", list(self._watches.keys())
            )
        except DatabaseUnavailable:
            return
        behind = (
            row["id"] for row in rows if any(w.version < row["version"] for w in self._watches.get(row["id"], ()))
        )
        self._changed.update(JobId(job_id) for job_id in behind)

    async def _hand_out(self, changed: set[JobId]) -> None:
        if not changed:
            return
        try:
            views = await self._reader.find_many(list(changed))
        except DatabaseUnavailable:
            return  # the next look finds them again
        for view in views:
            for watch in self._watches.get(view.id, ()):
                watch.offer(view)

    def _note(self, data: bytes | str) -> None:
        job_id = _job_id(data)
        if job_id in self._watches:
            self._changed.add(job_id)
            self._something_changed.set()


class RedisJobWatch(JobWatch):
    def __init__(self) -> None:
        self._newest: JobView | None = None
        self._news = asyncio.Event()
        self._ended = False

    @property
    def version(self) -> int:
        return self._newest.version if self._newest else 0

    def offer(self, view: JobView) -> None:
        if view.version > self.version:
            self._newest = view
            self._news.set()

    async def changed(self) -> JobView:
        await self._news.wait()
        if self._ended or self._newest is None:
            raise WatchEnded
        self._news.clear()
        return self._newest

    def end(self) -> None:
        self._ended = True
        self._news.set()


def _job_id(data: bytes | str) -> JobId | None:
    """None for what is no hint of ours: others may share the server."""
    text = data.decode(errors="replace") if isinstance(data, bytes) else data
    try:
        return JobId(UUID(text.partition(":")[0]))
    except ValueError:
        return None
