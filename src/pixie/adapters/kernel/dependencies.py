"""What Pixie cannot do without, and what it can for a while."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.revision import head
from pixie.application.kernel.errors import QueueUnavailable
from pixie.application.kernel.health import Dependency
from pixie.domain.kernel.errors import ErrorKind, PixieError


class DatabaseBehind(PixieError):
    kind = ErrorKind.UNAVAILABLE
    code = "database_behind"
    title = "Database not migrated"

    def __init__(self, found: str | None, wanted: str) -> None:
        super().__init__(
            f"The database is at {found or 'no revision'}, this version needs {wanted}: run `pixie migrate`."
        )


class PostgresDependency(Dependency):
    name = "postgres"
    essential = True

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wanted = head()

    async def check(self) -> None:
        known = await self._database.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
        found = await self._database.fetchval("SELECT version_num FROM alembic_version") if known else None
        if found != self._wanted:
            raise DatabaseBehind(found, self._wanted)


class RedisDependency(Dependency):
    name = "redis"
    essential = False

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    async def check(self) -> None:
        try:
            await self._redis.ping()
        except (RedisError, OSError) as error:
            raise QueueUnavailable from error
