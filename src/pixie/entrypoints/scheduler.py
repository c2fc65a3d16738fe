"""The process that sends hints and calls periodic work. It may run twice without harm: rows are claimed, periodic work
belongs to whoever holds an advisory lock.
"""

import asyncio
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from dishka import AsyncContainer
from redis.asyncio import Redis

from pixie.adapters.jobs.pg_job_hints import PgJobHints
from pixie.adapters.kernel.bell import Ear
from pixie.adapters.kernel.broker import open_broker
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.logging import configure_logging
from pixie.adapters.kernel.pg_outbox import PgOutboxHints
from pixie.adapters.kernel.redis_messages import DramatiqSender
from pixie.application.kernel.dispatch import DispatchHints
from pixie.domain.kernel.errors import PixieError
from pixie.entrypoints.actors.binding import bind
from pixie.entrypoints.wiring.container import offline_container
from pixie.entrypoints.wiring.kernel import NoEngine
from pixie.entrypoints.wiring.periodic import PERIODIC, Periodic
from pixie.entrypoints.wiring.process import process_settings
from pixie.entrypoints.wiring.servers import check_servers
from pixie.entrypoints.wiring.settings.tree import Settings
from pixie.entrypoints.wiring.subscriptions import ACTORS

LEADER_LOCK = 0x7069786966
RETRY_SECONDS = 0.5
ENDING_SECONDS = 1.0
LEADER_SECONDS = 5
STOPPED, FAILED = 0, 1

log = structlog.get_logger(__name__)


async def run_scheduler(overrides: dict[str, str]) -> int:
    """Work until SIGTERM or SIGINT; the exit code. Raises what keeps it from starting."""
    settings = process_settings(overrides)
    configure_logging(settings.log.format, settings.log.level)
    asked = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, asked.set)
    asking = asyncio.create_task(asked.wait())
    working = asyncio.create_task(_work(settings))
    await asyncio.wait((asking, working), return_when=asyncio.FIRST_COMPLETED)
    asking.cancel()
    working.cancel()
    await asyncio.wait((working,))
    if not working.cancelled():
        working.result()
    return STOPPED if asked.is_set() else FAILED


async def _work(settings: Settings) -> None:
    """Until something ends that never should: outages are waited out, so what ends it is a fault."""
    if settings.redis.url is None:
        raise NoEngine("Redis", "REDIS_URL")
    await check_servers(settings)
    container = offline_container(settings)
    tasks = [
        asyncio.create_task(dispatch_forever(container, settings, settings.redis.url.reveal()), name="dispatch"),
        asyncio.create_task(lead_forever(container), name="lead"),
    ]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            log.critical("work_ended", work=task.get_name(), exc_info=task.exception())
    finally:
        for task in tasks:
            await _end(task)
        await container.close()


async def _end(task: "asyncio.Task[NoReturn]") -> None:
    """Ask more than once: a database that goes away at that very moment makes an outage of the wish to end."""
    while not task.done():
        task.cancel()
        await asyncio.wait((task,), timeout=ENDING_SECONDS)


async def dispatch_forever(container: AsyncContainer, settings: Settings, redis_url: str) -> NoReturn:
    """Look for due rows whenever the bell rings, and four times a second in any case."""
    broker = open_broker(redis_url)
    bind(broker, ACTORS, lambda: container)
    while True:
        try:
            database = await container.get(Database)
            dispatch = DispatchHints(
                sources=(PgJobHints(database), PgOutboxHints(database)),
                sender=DramatiqSender(broker, await container.get(Redis)),
            )
            async with Ear.listening(database) as ear:
                await dispatch.begin_anew()
                while True:
                    if await dispatch() < dispatch.batch:
                        await ear.wait(settings.jobs.sweep_interval.total_seconds())
        except PixieError as error:
            log.warning("dispatch_interrupted", code=error.code)
            await asyncio.sleep(RETRY_SECONDS)


async def lead_forever(container: AsyncContainer) -> NoReturn:
    """Hold the leader's lock, and call periodic work while it is held."""
    while True:
        try:
            database = await container.get(Database)
            async with database.connection() as connection:
                if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER_LOCK):
                    await asyncio.sleep(LEADER_SECONDS)
                    continue
                log.info("leading")
                try:
                    with _calling(container, PERIODIC):
                        while True:
                            await asyncio.sleep(LEADER_SECONDS)
                            await connection.fetchval("SELECT 1")
                finally:
                    if not connection.is_closed():
                        await connection.execute("SELECT pg_advisory_unlock_all()")
        except PixieError as error:
            log.warning("leadership_interrupted", code=error.code)
            await asyncio.sleep(RETRY_SECONDS)


@contextmanager
def _calling(container: AsyncContainer, periodic: Sequence[Periodic]) -> Iterator[None]:
    calls = AsyncIOScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    for entry in periodic:
        calls.add_job(_call, CronTrigger.from_crontab(entry.cron, timezone="UTC"), (container, entry))
    calls.start()
    try:
        yield
    finally:
        calls.shutdown(wait=False)


async def _call(container: AsyncContainer, entry: Periodic) -> None:
    """The edge of a piece of work: whatever happens, the others go on, and this one comes again."""
    try:
        async with container() as scope:
            await entry.work(scope)
    except PixieError as error:
        log.warning("periodic_work_put_off", work=entry.name, code=error.code)
    except Exception:
        log.exception("periodic_work_failed", work=entry.name)
