"""Waking the dispatcher. A ring that gets lost costs a quarter of a second, since it looks for itself that often."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol, Self

import structlog

from pixie.adapters.kernel.database import Connection, Database
from pixie.application.kernel.errors import DatabaseUnavailable

CHANNEL = "pixie_work"

log = structlog.get_logger(__name__)


class Bell(Protocol):
    def ring(self) -> None:
        """Say that there is work. Never blocks, never fails."""


class SilentBell(Bell):
    """For commands, whose work may wait for the next look."""

    def ring(self) -> None:
        return


class PgBell(Bell):
    """NOTIFY in a statement of its own, after the commit, at most one under way for each process.

    A NOTIFY inside the transaction would make all commits wait for one lock and lose group commit (decision 0004).
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def ring(self) -> None:
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._notify())

    async def last_ring(self) -> None:
        """Wait until what was rung has been heard."""
        if self._task is not None:
            await self._task

    async def _notify(self) -> None:
        while self._again:
            self._again = False
            try:
                await self._database.execute(f"NOTIFY {CHANNEL}")
            except DatabaseUnavailable:
                log.warning("bell_not_rung")


class Ear:
    """The other end: wakes up on a ring, or after `timeout` seconds."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rung = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def listening(cls, database: Database) -> AsyncIterator[Self]:
        async with database.connection() as connection:
            ear = cls(connection)
            await connection.add_listener(CHANNEL, ear._on_ring)
            try:
                yield ear
            finally:
                if not connection.is_closed():
                    await connection.remove_listener(CHANNEL, ear._on_ring)

    async def wait(self, timeout: float) -> None:
        """Raises `DatabaseUnavailable` once the connection is gone, for then nothing can be heard."""
        try:
            async with asyncio.timeout(timeout):
                await self._rung.wait()
        except TimeoutError:
            if self._connection.is_closed():
                raise DatabaseUnavailable from None
        finally:
            self._rung.clear()

    def _on_ring(self, *_: object) -> None:
        self._rung.set()
