import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from pixie.adapters.jobs.pg_job_store import PgJobLeases, PgJobStore
from pixie.adapters.jobs.redis_job_feed import CHANNEL, RedisJobFeed
from pixie.adapters.kernel.database import Database
from pixie.application.jobs.ports import WatchEnded
from pixie.domain.jobs.job import Job, Lease
from pixie.domain.kernel.ids import JobId
from tests.support.builders.files import ANNA
from tests.support.builders.jobs import a_job
from tests.support.databases import add_user, opened, unit_of

pytestmark = pytest.mark.infra


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database:
        await add_user(database, ANNA)
        yield database


@pytest.fixture
async def job(database: Database) -> Job:
    job = a_job(owner=ANNA, now=datetime.now(UTC))
    job.claim(datetime.now(UTC), Lease(length=timedelta(seconds=30)))
    async with unit_of(database) as uow:
        await PgJobStore(uow).add(job)
        await uow.commit()
    return job


@asynccontextmanager
async def feed_on(redis_url: str, database: Database) -> AsyncIterator[RedisJobFeed]:
    async with Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=0.5) as redis:
        feed = RedisJobFeed(redis, database)
        await feed.start()
        await asyncio.sleep(0.1)
        yield feed
        await feed.stop()


async def test_a_change_in_one_process_is_heard_in_another(redis_url: str, database: Database, job: Job) -> None:
    async with (
        feed_on(redis_url, database) as here,
        feed_on(redis_url, database) as there,
        there.watch(job.id) as watch,
    ):
        version = await PgJobLeases(database).report(job.id, job.fence, 40)
        assert version is not None
        await here.announce(job.id, version)
        async with asyncio.timeout(1):
            heard = await watch.changed()

    assert (heard.progress, heard.version) == (40, version)


async def test_a_change_that_nobody_announced_is_found_by_looking(redis_url: str, database: Database, job: Job) -> None:
    async with feed_on(redis_url, database) as feed, feed.watch(job.id) as watch:
        await PgJobLeases(database).report(job.id, job.fence, 60)
        async with asyncio.timeout(5):
            assert (await watch.changed()).progress == 60


async def test_a_lost_hint_is_made_up_for_also_while_other_jobs_change_all_the_time(
    redis_url: str, database: Database, job: Job
) -> None:
    async def make_noise(feed: RedisJobFeed, other: JobId) -> None:
        while True:
            await feed.announce(other, 1)
            await asyncio.sleep(0.05)

    other = JobId(uuid4())
    async with feed_on(redis_url, database) as feed, feed.watch(other), feed.watch(job.id) as watch:
        noise = asyncio.create_task(make_noise(feed, other))
        await PgJobLeases(database).report(job.id, job.fence, 70)
        async with asyncio.timeout(5):
            assert (await watch.changed()).progress == 70
        noise.cancel()


async def test_nonsense_on_the_channel_does_no_harm(redis_url: str, database: Database, job: Job) -> None:
    async with feed_on(redis_url, database) as feed, feed.watch(job.id) as watch:
        async with Redis.from_url(redis_url) as redis:
            await redis.publish(CHANNEL, b"\xff nonsense")
        version = await PgJobLeases(database).report(job.id, job.fence, 30)
        assert version is not None
        await feed.announce(job.id, version)
        async with asyncio.timeout(1):
            assert (await watch.changed()).progress == 30


async def test_whoever_waits_for_a_watch_that_was_ended_waits_no_longer(
    redis_url: str, database: Database, job: Job
) -> None:
    async with feed_on(redis_url, database) as feed, feed.watch(job.id) as watch:
        asyncio.get_running_loop().call_later(0.05, watch.end)
        async with asyncio.timeout(1):
            with pytest.raises(WatchEnded):
                await watch.changed()


async def test_without_redis_changes_are_still_seen_and_announcing_does_no_harm(database: Database, job: Job) -> None:
    async with feed_on("redis://127.0.0.1:1", database) as feed, feed.watch(job.id) as watch:
        version = await PgJobLeases(database).report(job.id, job.fence, 80)
        assert version is not None
        await feed.announce(job.id, version)
        async with asyncio.timeout(3):
            assert (await watch.changed()).progress == 80
