"""What a process makes sure of before it starts, so that one clear line says what a thousand in a log would hide."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from pixie.adapters.kernel.database import open_database
from pixie.adapters.kernel.dependencies import PostgresDependency, RedisDependency
from pixie.application.kernel.errors import DatabaseRefuses, DatabaseUnavailable, QueueUnavailable, QueueUnfit
from pixie.entrypoints.wiring.kernel import NoEngine
from pixie.entrypoints.wiring.settings.tree import Settings

PATIENCE: Final = 5.0
_PAUSE: Final = 0.2

Check = Callable[[Settings], Awaitable[None]]

log = structlog.get_logger(__name__)


async def check_servers(settings: Settings) -> None:
    """For workers and the scheduler, which can do nothing without them. A server that is just starting is waited for,
    some seconds.

    Raises `NoEngine`, `DatabaseUnavailable`, `DatabaseBehind` or `QueueUnavailable`.
    """
    for check in (check_database, check_redis):
        await _patiently(check, settings)


async def check_servers_that_answer(settings: Settings) -> None:
    """For the API, which comes up without them too, and says 503 until they are there. Raises what no waiting mends."""
    for check in (check_database, check_redis):
        try:
            await check(settings)
        except (DatabaseUnavailable, QueueUnavailable) as error:
            if not _may_pass(error):
                raise
            log.warning("server_not_there", code=error.code)


async def check_database(settings: Settings) -> None:
    """Whether it lets Pixie in, and has all tables that this version needs. One that is ahead is right."""
    database = await open_database(database_url(settings), pool_size=1)
    try:
        await PostgresDependency(database).check()
    finally:
        await database.close()


async def check_redis(settings: Settings) -> None:
    """Whether it lets Pixie in, and drops no messages."""
    if settings.redis.url is None:
        raise NoEngine("Redis", "REDIS_URL")
    timeout = settings.redis.timeout.total_seconds()
    client = Redis.from_url(
        settings.redis.url.reveal(),
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        await RedisDependency(client).check_fitness()
    finally:
        await client.aclose()


def database_url(settings: Settings) -> str:
    if settings.database.url is None:
        raise NoEngine("database", "DATABASE_URL")
    return settings.database.url.reveal()


async def _patiently(check: Check, settings: Settings) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return await check(settings)
        except (DatabaseUnavailable, QueueUnavailable) as error:
            if not _may_pass(error) or time.monotonic() > deadline:
                raise
        await asyncio.sleep(_PAUSE)


def _may_pass(error: DatabaseUnavailable | QueueUnavailable) -> bool:
    return not isinstance(error, DatabaseRefuses | QueueUnfit)
