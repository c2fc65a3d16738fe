import time
from datetime import UTC, datetime, timedelta

from pixie.adapters.kernel.database import Database
from pixie.application.kernel.ports import Clock


class SystemClock(Clock):
    """This machine's clock; for commands that run without a database."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class DatabaseClock(Clock):
    """The database's time, carried on by this machine's monotonic timer.

    Every process of a system agrees on it, whatever its own clock says, and it does not jump when that clock is set.
    `sync` is called at start and each minute; between two calls the drift of a quartz timer is some milliseconds.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at_sync = datetime.now(UTC)
        self._timer_at_sync = time.monotonic()

    async def sync(self) -> None:
        before = time.monotonic()
        now: datetime = await self._database.fetchval("SELECT clock_timestamp()")
        after = time.monotonic()
        self._at_sync = now
        self._timer_at_sync = (before + after) / 2

    def now(self) -> datetime:
        return self._at_sync + timedelta(seconds=time.monotonic() - self._timer_at_sync)
