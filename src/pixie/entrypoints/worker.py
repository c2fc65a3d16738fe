"""A process that handles messages."""

import asyncio
import signal
import threading
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import dramatiq
import structlog
from dishka import AsyncContainer
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware, MiddlewareError

from pixie.adapters.jobs.pg_job_hints import PgJobHints
from pixie.adapters.kernel.broker import open_broker
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.logging import configure_logging
from pixie.application.jobs.hold_job import Leaving
from pixie.domain.kernel.errors import PixieError
from pixie.entrypoints.actors.binding import bind
from pixie.entrypoints.wiring.container import worker_container
from pixie.entrypoints.wiring.kernel import NoEngine
from pixie.entrypoints.wiring.process import process_settings
from pixie.entrypoints.wiring.servers import check_servers
from pixie.entrypoints.wiring.settings.tree import Settings
from pixie.entrypoints.wiring.subscriptions import ACTORS

CLOSING_SECONDS = 15

T = TypeVar("T")

log = structlog.get_logger(__name__)


class NotBooted(MiddlewareError):
    """The one kind of error that Dramatiq does not only log when a middleware fails: no worker starts after it."""


class ContainerMiddleware(Middleware):
    """The container lives on the event loop that Dramatiq runs async actors on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._container: AsyncContainer | None = None

    @property
    def container(self) -> AsyncContainer:
        if self._container is None:
            raise RuntimeError("the worker has not booted")
        return self._container

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        del broker, worker
        try:
            self._container = on_loop(self._open())
        except Exception as error:
            raise NotBooted from error

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        del broker, worker
        if self._container is not None:
            on_loop(self._container.close(), within=CLOSING_SECONDS)

    def announce_leaving(self) -> None:
        """Let running jobs be given back."""
        on_loop(self._announce(), within=CLOSING_SECONDS)

    async def _open(self) -> AsyncContainer:
        container = await worker_container(self._settings)
        with suppress(PixieError):  # without a database all hints are sent again anyhow
            await _hint_again(container)
        return container

    async def _announce(self) -> None:
        (await self.container.get(Leaving)).announce()


async def _hint_again(container: AsyncContainer) -> None:
    """Whoever was here before may have died with hints in its hands, at jobs that it had not begun."""
    await PgJobHints(await container.get(Database)).forget_hints()


def on_loop(work: Coroutine[Any, Any, T], *, within: float | None = None) -> T:
    thread = get_event_loop_thread()
    if thread is None:
        raise RuntimeError("no event loop runs")
    return asyncio.run_coroutine_threadsafe(work, thread.loop).result(within)


def run_worker(queues: Sequence[str], overrides: dict[str, str]) -> None:
    """Handle messages until SIGTERM or SIGINT. Raises what keeps it from starting."""
    settings = process_settings(overrides)
    configure_logging(settings.log.format, settings.log.level)
    if settings.redis.url is None:
        raise NoEngine("Redis", "REDIS_URL")
    asked_to_leave = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: asked_to_leave.set())
    asyncio.run(check_servers(settings))
    middleware = ContainerMiddleware(settings)
    broker = open_broker(settings.redis.url.reveal(), middleware)
    bind(broker, ACTORS, lambda: middleware.container)
    compute_only = set(queues) == {"compute"}
    worker = dramatiq.Worker(
        broker,
        queues=set(queues) or None,
        worker_threads=settings.worker.compute_threads if compute_only else settings.worker.threads,
    )
    try:
        worker.start()
        asked_to_leave.wait()
        _announce_leaving(middleware)
    except NotBooted as error:
        raise error.__cause__ or error from None
    finally:
        worker.stop(timeout=int(settings.worker.shutdown_timeout.total_seconds() * 1000))


def _announce_leaving(middleware: ContainerMiddleware) -> None:
    """Jobs that hear nothing of it are cut off at the end, and taken over by others: no reason to stay."""
    try:
        middleware.announce_leaving()
    except Exception:
        log.exception("leaving_not_announced")
