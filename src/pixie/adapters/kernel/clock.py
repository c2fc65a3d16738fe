import time
from datetime import UTC, datetime, timedelta

from pixie.adapters.kernel.database import Connection, Database
from pixie.application.kernel.ports import Clock

_LOOKS = 5


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
        """Of a few looks the quickest is believed, since it leaves the least room for error. A process that starts has
        much to wait for, and a clock only some milliseconds ahead dates work so that nobody looks at it at once.
        """
        async with self._database.connection() as connection:
            looks = [await _look(connection) for _ in range(_LOOKS)]
        _, self._at_sync, self._timer_at_sync = min(looks)

    def now(self) -> datetime:
        return self._at_sync + timedelta(seconds=time.monotonic() - self._timer_at_sync)


async def _look(connection: Connection) -> tuple[float, datetime, float]:
    """How long it took, what the database said, and the timer in the middle."""
    before = time.monotonic()
    now: datetime = await connection.fetchval("SELECT clock_timestamp()")
    after = time.monotonic()
    return after - before, now, (before + after) / 2
