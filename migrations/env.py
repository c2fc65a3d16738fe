"""How Alembic runs Pixie's migrations: all that are due in one transaction, one process at a time."""

import asyncio

from advanced_alchemy.alembic.commands import AlembicCommandConfig
from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from pixie.adapters.kernel.migrations import drift_filter
from pixie.adapters.kernel.schema import all_tables

MIGRATION_LOCK = 0x7069786965  # "pixie"

config: AlembicCommandConfig = context.config  # type: ignore[assignment]  # advanced-alchemy passes its own


def migrate(connection: Connection) -> None:
    # A second process that wants to migrate waits here, and then finds nothing left to do.
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        version_table=config.version_table_name,
        compare_type=True,
        compare_server_default=True,
        include_object=drift_filter,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


async def main() -> None:
    engine = config.engine
    assert isinstance(engine, AsyncEngine)  # noqa: S101 - told to the type checker
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(main())
