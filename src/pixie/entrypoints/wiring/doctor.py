"""Looking at a set-up from outside: each finding says what is so, and what to do where it should not be."""

import shutil
import sys
from collections.abc import AsyncIterator

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from pixie.adapters.files.storage_dependency import StorageDependency
from pixie.adapters.kernel.database import Database, open_database
from pixie.adapters.kernel.dependencies import PostgresDependency
from pixie.application.files.ports import BlobStore
from pixie.application.jobs.ports import Providers
from pixie.domain.kernel.errors import PixieError
from pixie.entrypoints.wiring.container import offline_container
from pixie.entrypoints.wiring.finding import Finding
from pixie.entrypoints.wiring.settings.connections import TooManyConnections, check_connections
from pixie.entrypoints.wiring.settings.tree import Settings

LOSSLESS = "noeviction"
OLDEST_POSTGRES = 14
ROOM_ON_DISK = 1_000_000_000


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Everything that can be looked at, also when some of it is missing."""
    yield Finding(subject="python", good=sys.version_info >= (3, 11), text=sys.version.split()[0])
    yield Finding(subject="settings", good=True, text=f"valid, for {settings.env}")
    yield _disk(settings)
    async for finding in _postgres(settings):
        yield finding
    async for finding in _redis(settings):
        yield finding
    async for finding in _parts(settings):
        yield finding


def _disk(settings: Settings) -> Finding:
    if not settings.data_dir.is_dir():
        return Finding(
            subject="data folder",
            good=not settings.development,
            text=f"{settings.data_dir} is not there",
            advice="`pixie up` makes it",
        )
    free = shutil.disk_usage(settings.data_dir).free
    return Finding(
        subject="data folder",
        good=free > ROOM_ON_DISK,
        text=f"{settings.data_dir}, {free / 1e9:.1f} GB free",
        advice="make room on the disk",
    )


async def _postgres(settings: Settings) -> AsyncIterator[Finding]:
    if settings.database.url is None:
        yield Finding(
            subject="postgres", good=False, text="not set, and none runs here", advice="`pixie up`, or set DATABASE_URL"
        )
        return
    try:
        database = await open_database(settings.database.url.reveal(), pool_size=1, acquire_timeout=3)
    except (PixieError, asyncpg.PostgresError, OSError) as error:
        yield Finding(subject="postgres", good=False, text=f"does not answer ({error})", advice="check DATABASE_URL")
        return
    try:
        async for finding in _database(database, settings):
            yield finding
    finally:
        await database.close()


async def _database(database: Database, settings: Settings) -> AsyncIterator[Finding]:
    version = str(await database.fetchval("SHOW server_version"))
    major = int(version.split(".", 1)[0])
    yield Finding(
        subject="postgres",
        good=major >= OLDEST_POSTGRES,
        text=f"version {version}",
        advice=f"use PostgreSQL {OLDEST_POSTGRES} or newer",
    )
    try:
        check_connections(settings, int(await database.fetchval("SHOW max_connections")))
        yield Finding(subject="connections", good=True, text="enough for all processes")
    except TooManyConnections as error:
        yield Finding(subject="connections", good=False, text=str(error))
    try:
        await PostgresDependency(database).check()
        yield Finding(subject="schema", good=True, text="up to date")
    except PixieError as error:
        yield Finding(subject="schema", good=False, text=error.detail)


async def _redis(settings: Settings) -> AsyncIterator[Finding]:
    if settings.redis.url is None:
        yield Finding(
            subject="redis", good=False, text="not set, and none runs here", advice="`pixie up`, or set REDIS_URL"
        )
        return
    client = Redis.from_url(settings.redis.url.reveal(), socket_timeout=3, socket_connect_timeout=3)
    try:
        info = await client.info()
        yield Finding(subject="redis", good=True, text=f"version {info['redis_version']}")
        policy = info["maxmemory_policy"]
        yield Finding(
            subject="redis eviction",
            good=policy == LOSSLESS,
            text=policy,
            advice=f"set maxmemory-policy {LOSSLESS}: any other may drop messages",
        )
        yield Finding(
            subject="redis durability",
            good=bool(info["aof_enabled"]) or settings.development,
            text="append-only file on" if info["aof_enabled"] else "append-only file off",
            advice="switch `appendonly yes` on, or a restart delays work by up to half a minute",
        )
    except (RedisError, OSError) as error:
        yield Finding(subject="redis", good=False, text=f"does not answer ({error})", advice="check REDIS_URL")
    finally:
        await client.aclose()


async def _parts(settings: Settings) -> AsyncIterator[Finding]:
    container = offline_container(settings)
    try:
        providers = await container.get(Providers) if settings.database.url else None
        if providers is not None:
            names = ", ".join(card.name for card in providers.cards() if card.unavailable_reason is None)
            yield Finding(subject="models", good=bool(names), text=names or "none", advice="set PIXIE_PROVIDERS")
            for card in providers.cards():
                if card.unavailable_reason is not None:
                    yield Finding(subject=card.name, good=False, text=card.unavailable_reason, needed=False)
        await StorageDependency(await container.get(BlobStore)).check()
        yield Finding(subject="storage", good=True, text=settings.storage.kind)
    except PixieError as error:
        yield Finding(subject="storage", good=False, text=error.detail, advice="check PIXIE_STORAGE_*")
    finally:
        await container.close()
