"""The pool of connections to PostgreSQL, and the one place where the driver's errors become ours."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeAlias

import asyncpg
import msgspec

from pixie.application.kernel.errors import DatabaseBehind, DatabaseRefuses, DatabaseUnavailable, InvalidRequest
from pixie.domain.kernel.errors import PixieError

Row = asyncpg.Record
Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
ConstraintErrors = Mapping[str, type[PixieError]]

UNHURRIED = "set_config('synchronous_commit', 'off', true) IS NOT NULL"
"""A condition that always holds. A statement with it, in a transaction of its own, does not wait for the disk: for
what may be lost in a crash of the server.
"""

_REFUSING = (
    asyncpg.InvalidAuthorizationSpecificationError,  # a wrong password is one of these
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.ClientConfigurationError,
)
_PASSING = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a statement between the server's farewell and the end of the connection
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # a database that takes no connections just now
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,
)


class Database:
    """One pool for a process. Each verb is one statement in a transaction of its own: made for readers."""

    def __init__(self, pool: "asyncpg.Pool[Row]", *, acquire_timeout: float) -> None:
        self._pool = pool
        self._acquire_timeout = acquire_timeout

    async def fetch(self, sql: str, *args: object) -> list[Row]:
        async with self.connection() as connection:
            return await connection.fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: object) -> Row | None:
        async with self.connection() as connection:
            return await connection.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: object) -> Any:  # noqa: ANN401 - a column of any type
        async with self.connection() as connection:
            return await connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> str:
        async with self.connection() as connection:
            return await connection.execute(sql, *args)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Borrow a connection. Raises `DatabaseUnavailable`, also for what the borrower does with it."""
        with translated():
            async with self._pool.acquire(timeout=self._acquire_timeout) as connection:
                yield connection

    async def borrow(self) -> Connection:
        """A connection to be given back with `give_back`."""
        with translated():
            return await self._pool.acquire(timeout=self._acquire_timeout)

    async def give_back(self, connection: Connection) -> None:
        with translated():
            await self._pool.release(connection)

    async def close(self) -> None:
        """Let running statements end for some seconds, then cut them off."""
        try:
            async with asyncio.timeout(5):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()


@contextmanager
def translated(constraints: ConstraintErrors | None = None) -> Iterator[None]:
    """Turn the driver's errors into ours; what is no outage and no known constraint is a fault of Pixie and goes
    through.
    """
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        known = (constraints or {}).get(error.constraint_name or "")
        if known is None:
            raise
        raise known from error  # its constructor takes no facts: the constraint's name says it all
    except (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError) as error:
        raise InvalidRequest("Text may not contain the character U+0000.") from error
    except asyncpg.DataError:
        raise  # a value that does not fit its column got past every check of ours
    except _REFUSING as error:
        raise DatabaseRefuses(str(error).partition("\n")[0].rstrip(".")) from error
    except asyncpg.UndefinedTableError as error:
        raise DatabaseBehind("a table is missing") from error
    except _PASSING as error:
        raise DatabaseUnavailable from error


async def open_database(
    url: str,
    *,
    pool_size: int,
    acquire_timeout: float = 5.0,
    statement_timeout: float = 5.0,
    lock_timeout: float = 5.0,
    application_name: str = "pixie",
) -> Database:
    """Open a pool that grows to `pool_size` on demand. All timeouts are seconds.

    The pool does not reset connections between borrowers: nothing in Pixie changes a session's state.
    """
    with translated():
        pool = await asyncpg.create_pool(
            url.replace("postgresql+asyncpg://", "postgresql://"),
            min_size=1,
            max_size=pool_size,
            init=_teach_json,
            reset=_no_reset,
            timeout=acquire_timeout,
            command_timeout=statement_timeout + lock_timeout,
            max_inactive_connection_lifetime=60,
            server_settings={
                "application_name": application_name,
                "statement_timeout": _milliseconds(statement_timeout),
                "lock_timeout": _milliseconds(lock_timeout),
                "idle_in_transaction_session_timeout": _milliseconds(2 * statement_timeout),
                "timezone": "UTC",
                "jit": "off",
            },
        )
    return Database(pool, acquire_timeout=acquire_timeout)


async def _teach_json(connection: Any) -> None:  # noqa: ANN401 - asyncpg types this callback loosely
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda data: msgspec.json.decode(data[1:]),  # the first byte is jsonb's own version
        format="binary",
    )


async def _no_reset(connection: object) -> None:
    del connection


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))


def affected(status: str) -> int:
    """How many rows a command changed, read from its tag, e.g. `UPDATE 3`."""
    return int(status.rsplit(" ", 1)[-1])
