"""Databases, units of work and users for tests on real engines."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pixie.adapters.kernel.bell import Bell, SilentBell
from pixie.adapters.kernel.database import ConstraintErrors, Database, open_database
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.domain.kernel.ids import UserId


@asynccontextmanager
async def opened(url: str, pool_size: int = 5) -> AsyncIterator[Database]:
    database = await open_database(url, pool_size=pool_size)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def unit_of(
    database: Database, *, bell: Bell | None = None, constraints: ConstraintErrors | None = None
) -> AsyncIterator[PgUnitOfWork]:
    uow = PgUnitOfWork(database, bell or SilentBell(), constraints or {})
    try:
        yield uow
    finally:
        await uow.close()


async def add_user(database: Database, user: UserId) -> None:
    await database.execute(
        "INSERT INTO users (id, email, email_key, name) VALUES ($1, $2, $2, 'Somebody')", user, f"{user}@example.com"
    )
