"""Looking at a set-up from outside: each finding says what is so, and what to do where it should not be."""

import shutil
import sys
from collections.abc import AsyncIterator, Mapping

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from pixie.adapters.files.storage_dependency import StorageDependency
from pixie.adapters.kernel.database import Database, open_database
from pixie.adapters.kernel.dependencies import LOSSLESS, PostgresDependency
from pixie.adapters.kernel.embedded.data_folder import NoDataFolder
from pixie.adapters.kernel.embedded.secrets_file import BadSecrets
from pixie.application.files.ports import BlobStore
from pixie.application.jobs.ports import Providers
from pixie.application.kernel.errors import DatabaseRefuses, DatabaseUnavailable
from pixie.domain.kernel.errors import PixieError
from pixie.entrypoints.wiring.container import offline_container
from pixie.entrypoints.wiring.finding import Finding
from pixie.entrypoints.wiring.process import process_settings
from pixie.entrypoints.wiring.settings.connections import TooManyConnections, check_connections
from pixie.entrypoints.wiring.settings.loading import SettingsInvalid
from pixie.entrypoints.wiring.settings.tree import Settings

OLDEST_POSTGRES = 14
ROOM_ON_DISK = 1_000_000_000


async def examine(overrides: Mapping[str, str]) -> AsyncIterator[Finding]:
    """Everything that can be looked at, also when some of it is missing. What needs the database is left out where that
    is bad, and all of it where there are no settings.
    """
    yield Finding(subject="python", good=sys.version_info >= (3, 11), text=sys.version.split()[0])
    try:
        settings = process_settings(overrides)
    except SettingsInvalid as error:
        for line in error.lines:
            yield Finding(subject="settings", good=False, text=line)
        return
    except (BadSecrets, NoDataFolder) as error:
        yield Finding(subject="data folder", good=False, text=str(error))
        return
    yield Finding(subject="settings", good=True, text=f"valid, for {settings.env}")
    yield _disk(settings)
    async for finding in _postgres(settings):
        yield finding
    async for finding in _redis(settings):
        yield finding
    yield await _storage(settings)


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
    except DatabaseRefuses as error:
        yield Finding(subject="postgres", good=False, text=error.reason)
        return
    except DatabaseUnavailable as error:
        why = error.__cause__ or error.detail
        yield Finding(subject="postgres", good=False, text=f"does not answer ({why})", advice="check DATABASE_URL")
        return
    try:
        async for finding in _database(database, settings):
            yield finding
    except PixieError as error:
        yield Finding(subject="postgres", good=False, text=error.detail)
    finally:
        await database.close()
    yield await _models(settings)


async def _database(database: Database, settings: Settings) -> AsyncIterator[Finding]:
    version = str(await database.fetchval("SHOW server_version"))
    major = int(version.split(".", 1)[0])
    yield Finding(
        subject="postgres",
        good=major >= OLDEST_POSTGRES,
        text=f"PostgreSQL {version}",
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
    client = Redis.from_url(
        settings.redis.url.reveal(), socket_timeout=3, socket_connect_timeout=3, retry=Retry(NoBackoff(), 0)
    )
    try:
        info = await client.info()
    except (RedisError, OSError) as error:
        yield Finding(subject="redis", good=False, text=f"does not answer ({error})", advice="check REDIS_URL")
        return
    finally:
        await client.aclose()
    valkey = info.get("valkey_version")
    yield Finding(subject="redis", good=True, text=f"Valkey {valkey}" if valkey else f"Redis {info['redis_version']}")
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


async def _models(settings: Settings) -> Finding:
    container = offline_container(settings)
    try:
        providers = await container.get(Providers)
    except PixieError as error:
        return Finding(subject="models", good=False, text=error.detail)
    finally:
        await container.close()
    names = ", ".join(card.name for card in providers.cards())
    return Finding(subject="models", good=bool(names), text=names or "none", advice="set PIXIE_PROVIDERS")


async def _storage(settings: Settings) -> Finding:
    container = offline_container(settings)
    try:
        await StorageDependency(await container.get(BlobStore)).check()
    except (PixieError, OSError) as error:
        why = error.detail if isinstance(error, PixieError) else str(error)
        return Finding(subject="storage", good=False, text=why, advice="check PIXIE_STORAGE_*")
    finally:
        await container.close()
    return Finding(subject="storage", good=True, text=settings.storage.kind)
