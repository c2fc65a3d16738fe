"""Real engines for tests: one PostgreSQL and one Redis for each pytest process, and a fresh database for each test."""

import asyncio
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

import pytest
from redis import Redis

from pixie.adapters.kernel.embedded.accounts import Account
from pixie.adapters.kernel.embedded.binaries import postgres_programs
from pixie.adapters.kernel.embedded.launcher import Launcher
from pixie.adapters.kernel.embedded.postgres import EmbeddedPostgres
from pixie.adapters.kernel.embedded.redis import EmbeddedRedis
from pixie.adapters.kernel.migrations import migrate

_TEMPLATE = "migrated"
_numbers = count(1)


def sql(engine: EmbeddedPostgres, statement: str, database: str = "postgres") -> str:
    """Run a statement with psql: without an event loop, from any test. Its rows, without decoration."""
    psql = postgres_programs(Account.current()) / "psql"
    argv = [str(psql), "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement, engine.url_of(database)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    with Launcher() as one:
        yield one


@pytest.fixture(scope="session")
def postgres_engine(tmp_path_factory: pytest.TempPathFactory, launcher: Launcher) -> Iterator[EmbeddedPostgres]:
    """Does not wait for disks: what it holds is worth nothing after a crash."""
    home = tmp_path_factory.mktemp("postgres")
    log = home / "log"
    with EmbeddedPostgres(home / "data", password="for tests", log=log, launcher=launcher, durable=False) as engine:
        yield engine


@pytest.fixture(scope="session")
def redis_engine(tmp_path_factory: pytest.TempPathFactory, launcher: Launcher) -> Iterator[EmbeddedRedis]:
    home = tmp_path_factory.mktemp("redis")
    log = home / "log"
    with EmbeddedRedis(home / "data", password="for tests", log=log, launcher=launcher, durable=False) as engine:
        yield engine


@pytest.fixture(scope="session")
def migrated_template(postgres_engine: EmbeddedPostgres) -> str:
    """The name of a database with Pixie's tables and no rows."""
    sql(postgres_engine, f"CREATE DATABASE {_TEMPLATE}")
    with ThreadPoolExecutor(1) as pool:  # a thread has no event loop that this could disturb
        pool.submit(_migrate, postgres_engine.url_of(_TEMPLATE)).result()
    return _TEMPLATE


@contextmanager
def cloned_database(engine: EmbeddedPostgres, template: str) -> Iterator[str]:
    """A database of one's own, gone afterwards with whoever is still connected; some 50 ms."""
    name = f"test_{next(_numbers)}"
    sql(engine, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield engine.url_of(name)
    finally:
        sql(engine, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(postgres_engine: EmbeddedPostgres, migrated_template: str) -> Iterator[str]:
    """A migrated database for one test."""
    with cloned_database(postgres_engine, migrated_template) as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(postgres_engine: EmbeddedPostgres, migrated_template: str) -> Iterator[str]:
    """A migrated database that the tests of one file share."""
    with cloned_database(postgres_engine, migrated_template) as url:
        yield url


@pytest.fixture
def redis_url(redis_engine: EmbeddedRedis) -> str:
    """An empty Redis."""
    with Redis.from_url(redis_engine.url) as client:
        client.flushall()
    return redis_engine.url


def _migrate(url: str) -> None:
    asyncio.run(migrate(url))
