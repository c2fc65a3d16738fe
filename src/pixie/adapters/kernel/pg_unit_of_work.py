from typing import Any

from pixie.adapters.kernel.bell import Bell
from pixie.adapters.kernel.database import Connection, ConstraintErrors, Database, Row, translated
from pixie.application.kernel.errors import DatabaseUnavailable
from pixie.application.kernel.ports import UnitOfWork


class PgUnitOfWork(UnitOfWork):
    """A transaction on one borrowed connection, for the stores of one scope.

    The connection is borrowed with the first statement and given back by `commit`, `rollback` or `close`, so that a
    scope that waits for something holds none. A connection found dead at the very first statement is replaced once:
    nothing had happened yet.
    """

    def __init__(self, database: Database, bell: Bell, constraints: ConstraintErrors) -> None:
        self._database = database
        self._bell = bell
        self._constraints = constraints
        self._connection: Connection | None = None
        self._rings = False

    @property
    def begun(self) -> bool:
        """Whether a transaction is open."""
        return self._connection is not None

    async def fetch(self, sql: str, *args: object) -> list[Row]:
        connection = await self._begun()
        with translated(self._constraints):
            return await connection.fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: object) -> Row | None:
        connection = await self._begun()
        with translated(self._constraints):
            return await connection.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: object) -> Any:  # noqa: ANN401 - a column of any type
        connection = await self._begun()
        with translated(self._constraints):
            return await connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> str:
        connection = await self._begun()
        with translated(self._constraints):
            return await connection.execute(sql, *args)

    def ring_after_commit(self) -> None:
        """Tell the dispatcher, once this is committed, that there is work."""
        self._rings = True

    async def commit(self) -> None:
        if self._connection is not None:
            with translated(self._constraints):
                await self._connection.execute("COMMIT")
            await self._let_go()
        if self._rings:
            self._rings = False
            self._bell.ring()

    async def rollback(self) -> None:
        self._rings = False
        if self._connection is None:
            return
        try:
            with translated():
                await self._connection.execute("ROLLBACK")
        finally:
            await self._let_go()

    async def close(self) -> None:
        """End the scope; what was not committed is gone. A broken connection has rolled back by itself."""
        try:
            await self.rollback()
        except DatabaseUnavailable:
            self._connection = None

    async def _begun(self) -> Connection:
        if self._connection is None:
            try:
                self._connection = await self._begin()
            except DatabaseUnavailable:
                self._connection = await self._begin()
        return self._connection

    async def _begin(self) -> Connection:
        connection = await self._database.borrow()
        try:
            with translated():
                await connection.execute("BEGIN")
        except BaseException:
            await self._database.give_back(connection)
            raise
        return connection

    async def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._database.give_back(connection)


class Reads:
    """For readers: in the scope's transaction while one is open, else each statement for itself.

    A reader that borrowed a second connection while its scope holds one could starve the pool: everybody waits for
    everybody's second.
    """

    def __init__(self, database: Database, uow: PgUnitOfWork) -> None:
        self._database = database
        self._uow = uow

    async def fetch(self, sql: str, *args: object) -> list[Row]:
        return await self._source().fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: object) -> Row | None:
        return await self._source().fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: object) -> Any:  # noqa: ANN401 - a column of any type
        return await self._source().fetchval(sql, *args)

    def _source(self) -> Database | PgUnitOfWork:
        return self._uow if self._uow.begun else self._database
