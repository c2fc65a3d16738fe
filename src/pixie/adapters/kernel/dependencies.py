"""What Pixie cannot do without, and what it can for a while."""

from typing import Final

from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.revision import head
from pixie.application.kernel.errors import DatabaseBehind, QueueUnavailable, QueueUnfit
from pixie.application.kernel.health import Dependency

LOSSLESS: Final = "noeviction"


class PostgresDependency(Dependency):
    name = "postgres"
    essential = True

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wanted = head()

    async def check(self) -> None:
        """Raises `DatabaseBehind`. One that is ahead is right: while a new version comes, both run on it."""
        known = await self._database.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
        found = await self._database.fetchval("SELECT version_num FROM alembic_version") if known else None
        if found is None or found < self._wanted:
            raise DatabaseBehind(f"it is at {found or 'no revision'}, and {self._wanted} is needed")


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

    async def check_fitness(self) -> None:
        """Whether it lets Pixie in, and keeps what it is given. Raises `QueueUnfit`, or `QueueUnavailable`."""
        try:
            memory: dict[str, str] = await self._redis.info("memory")
        except (AuthenticationError, NoPermissionError) as error:
            raise QueueUnfit(f"Redis does not let Pixie in: {str(error).rstrip('.')}. Check REDIS_URL.") from error
        except (RedisError, OSError) as error:
            raise QueueUnavailable from error
        policy = memory.get("maxmemory_policy", LOSSLESS)
        if policy != LOSSLESS:
            raise QueueUnfit(f"Redis may drop messages: its maxmemory-policy is {policy}. Set it to {LOSSLESS}.")
