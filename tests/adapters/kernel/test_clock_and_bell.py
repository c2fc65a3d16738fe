import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from pixie.adapters.kernel.bell import CHANNEL, Ear, PgBell
from pixie.adapters.kernel.clock import DatabaseClock
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.ids import Uuid7Source
from pixie.application.kernel.errors import DatabaseUnavailable
from tests.support.databases import opened

pytestmark = pytest.mark.infra


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database:
        yield database


async def test_the_clock_tells_the_databases_time(database: Database) -> None:
    clock = DatabaseClock(database)
    clock._at_sync = datetime.now(UTC) - timedelta(hours=1)  # as on a machine whose clock is wrong

    await clock.sync()

    truth = await database.fetchval("SELECT clock_timestamp()")
    assert abs(clock.now() - truth) < timedelta(seconds=1)


async def test_waiting_for_a_connection_does_not_put_the_clock_forward(database_url: str) -> None:
    async with opened(database_url, pool_size=1) as database:
        clock = DatabaseClock(database)
        async with database.connection() as taken:
            syncing = asyncio.create_task(clock.sync())
            await taken.fetchval("SELECT pg_sleep(0.4)")
        await syncing
        truth = await database.fetchval("SELECT clock_timestamp()")

    assert abs(clock.now() - truth) < timedelta(milliseconds=100)


async def test_the_clock_goes_on_between_two_looks(database: Database) -> None:
    clock = DatabaseClock(database)
    await clock.sync()
    before = clock.now()
    await asyncio.sleep(0.05)

    assert timedelta(milliseconds=40) < clock.now() - before < timedelta(seconds=2)


async def test_a_ring_wakes_whoever_listens(database: Database) -> None:
    async with Ear.listening(database) as ear:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        bell = PgBell(database)
        bell.ring()
        await ear.wait(5)
        await bell.last_ring()

    assert loop.time() - begun < 2


async def test_many_rings_at_once_cost_few_statements(database: Database) -> None:
    heard: list[object] = []
    bell = PgBell(database)
    async with database.connection() as connection:
        await connection.add_listener(CHANNEL, lambda *news: heard.append(news))
        for _ in range(100):
            bell.ring()
        await bell.last_ring()
        await connection.fetchval("SELECT 1")
        await connection.reset()

    assert 1 <= len(heard) < 10


async def lose_the_line(database: Database) -> None:
    async with Ear.listening(database) as ear:
        await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        await asyncio.sleep(0.2)
        await ear.wait(0.1)


async def test_an_ear_whose_connection_is_gone_says_so(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        await lose_the_line(database)


def test_ids_sort_by_birth() -> None:
    ids = [Uuid7Source().new() for _ in range(1000)]

    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert {key.version for key in ids} == {7}
