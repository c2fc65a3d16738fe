import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog
from dishka import BaseScope, Provider, Scope, from_context, provide
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from pixie.adapters.kernel.bell import Bell, PgBell
from pixie.adapters.kernel.clock import DatabaseClock
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.adapters.kernel.database import ConstraintErrors, Database, open_database
from pixie.adapters.kernel.ids import Uuid7Source
from pixie.adapters.kernel.outbound_http import OutboundHttp
from pixie.adapters.kernel.pg_idempotency_log import PgIdempotencyLog
from pixie.adapters.kernel.pg_outbox import PgInbox, PgOutbox, Subscriptions
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork, Reads
from pixie.application.kernel.errors import DatabaseUnavailable
from pixie.application.kernel.ports import Clock, IdempotencyLog, IdSource, Inbox, Outbox, UnitOfWork
from pixie.entrypoints.wiring.constraints import CONSTRAINTS
from pixie.entrypoints.wiring.settings.tree import Settings
from pixie.entrypoints.wiring.subscriptions import SUBSCRIPTIONS

IDEMPOTENCY_LIFETIME = timedelta(hours=24)
CLOCK_SYNC_SECONDS = 60

log = structlog.get_logger(__name__)


class KernelWiring(Provider):
    scope: BaseScope | None = Scope.REQUEST

    settings = from_context(Settings, scope=Scope.APP)
    ids = provide(Uuid7Source, provides=IdSource, scope=Scope.APP)
    inbox = provide(PgInbox, provides=Inbox)
    outbox = provide(PgOutbox, provides=Outbox)
    reads = provide(Reads)

    @provide(scope=Scope.APP)
    async def database(self, settings: Settings) -> AsyncIterator[Database]:
        if settings.database.url is None:
            raise NoEngine("database", "DATABASE_URL")
        database = await open_database(
            settings.database.url.reveal(),
            pool_size=settings.database.pool_size,
            acquire_timeout=settings.database.acquire_timeout.total_seconds(),
            statement_timeout=settings.database.statement_timeout.total_seconds(),
            lock_timeout=settings.database.lock_timeout.total_seconds(),
        )
        yield database
        await database.close()

    @provide(scope=Scope.APP)
    async def bell(self, database: Database) -> AsyncIterator[Bell]:
        bell = PgBell(database)
        yield bell
        await bell.last_ring()

    @provide(scope=Scope.APP)
    async def redis(self, settings: Settings) -> "AsyncIterator[Redis]":
        if settings.redis.url is None:
            raise NoEngine("Redis", "REDIS_URL")
        timeout = settings.redis.timeout.total_seconds()
        pool = BlockingConnectionPool.from_url(
            settings.redis.url.reveal(),
            max_connections=settings.redis.pool_size,
            timeout=timeout,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 1),
        )
        client = Redis(connection_pool=pool)
        yield client
        await client.aclose()
        await pool.disconnect()

    @provide(scope=Scope.APP)
    async def clock(self, database: Database) -> AsyncIterator[Clock]:
        """Kept in step while the process lives; without a database it starts from this machine's clock."""
        clock = DatabaseClock(database)
        keeping = asyncio.create_task(_keep_in_step(clock))
        yield clock
        keeping.cancel()

    @provide(scope=Scope.APP)
    async def compute_pool(self, settings: Settings) -> AsyncIterator[ComputePool]:
        async with ComputePool(size=settings.files.inspections) as pool:
            yield pool

    @provide(scope=Scope.APP)
    async def outbound(self, settings: Settings) -> AsyncIterator[OutboundHttp]:
        async with OutboundHttp(allowed_hosts=settings.outbound.allowed_hosts) as outbound:
            yield outbound

    @provide(scope=Scope.APP)
    def constraints(self) -> ConstraintErrors:
        return CONSTRAINTS

    @provide(scope=Scope.APP)
    def subscriptions(self) -> Subscriptions:
        return {
            topic: [entry.name for entry in SUBSCRIPTIONS if entry.topic == topic]
            for topic in {entry.topic for entry in SUBSCRIPTIONS}
        }

    @provide
    async def pg_unit_of_work(
        self, database: Database, bell: Bell, constraints: ConstraintErrors
    ) -> AsyncIterator[PgUnitOfWork]:
        uow = PgUnitOfWork(database, bell, constraints)
        yield uow
        await uow.close()

    @provide
    def unit_of_work(self, uow: PgUnitOfWork) -> UnitOfWork:
        return uow

    @provide
    def idempotency_log(self, uow: PgUnitOfWork, settings: Settings) -> IdempotencyLog:
        return PgIdempotencyLog(
            uow, seal_key=settings.keys.seal.derive("idempotent answers"), lifetime=IDEMPOTENCY_LIFETIME
        )


class NoEngine(Exception):
    """An outside service that is not set and, since no `pixie up` runs, not there."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(
            f"There is no {what}: Pixie does not run on this data folder. "
            f"Start it with `pixie up` and the same --data-dir, or set {name}."
        )


async def _keep_in_step(clock: DatabaseClock) -> None:
    synced = False
    while True:
        try:
            await clock.sync()
            synced = True
        except DatabaseUnavailable:
            log.warning("clock_not_synced")
        await asyncio.sleep(CLOCK_SYNC_SECONDS if synced else 1)
