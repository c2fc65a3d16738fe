from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from pixie.adapters.kernel.bell import Bell
from pixie.adapters.kernel.database import Database, open_database
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork, Reads
from pixie.application.kernel.errors import DatabaseBehind, DatabaseRefuses, DatabaseUnavailable, InvalidRequest
from pixie.domain.accounts.errors import EmailTaken
from tests.support.databases import opened, unit_of

pytestmark = pytest.mark.infra

INSERT = "INSERT INTO subscription_plans (name) VALUES ($1)"
COUNT = "SELECT count(*) FROM subscription_plans"


class CountingBell(Bell):
    def __init__(self) -> None:
        self.rings = 0

    def ring(self) -> None:
        self.rings += 1


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url, pool_size=2) as database:
        yield database


async def test_what_was_committed_is_kept(database: Database) -> None:
    async with unit_of(database) as uow:
        await uow.execute(INSERT, "free")
        await uow.commit()

    assert await database.fetchval(COUNT) == 1


async def test_what_was_not_committed_is_gone(database: Database) -> None:
    async with unit_of(database) as uow:
        await uow.execute(INSERT, "free")

    assert await database.fetchval(COUNT) == 0


async def test_after_a_commit_a_new_transaction_begins(database: Database) -> None:
    async with unit_of(database) as uow:
        await uow.execute(INSERT, "free")
        await uow.commit()
        await uow.execute(INSERT, "premium")
        await uow.rollback()

    assert await database.fetchval(COUNT) == 1


async def test_a_unit_that_waits_holds_no_connection(database: Database) -> None:
    units = [PgUnitOfWork(database, CountingBell(), {}) for _ in range(5)]
    for number, uow in enumerate(units):
        await uow.execute(INSERT, f"plan {number}")
        await uow.commit()
        assert not uow.begun

    assert await database.fetchval(COUNT) == 5


async def test_the_bell_rings_after_the_commit_and_not_after_a_rollback(database: Database) -> None:
    bell = CountingBell()
    async with unit_of(database, bell=bell) as uow:
        uow.ring_after_commit()
        await uow.rollback()
        await uow.commit()
        assert bell.rings == 0

        uow.ring_after_commit()
        await uow.commit()

    assert bell.rings == 1


async def test_a_known_constraint_speaks_the_domains_words(database: Database) -> None:
    async with unit_of(database, constraints={"uq_subscription_plans_name": EmailTaken}) as uow:
        await uow.execute(INSERT, "free")
        with pytest.raises(EmailTaken):
            await uow.execute(INSERT, "free")


async def test_an_unknown_constraint_is_a_fault_of_ours(database: Database) -> None:
    async with unit_of(database) as uow:
        await uow.execute(INSERT, "free")
        with pytest.raises(asyncpg.UniqueViolationError):
            await uow.execute(INSERT, "free")


async def test_a_connection_found_dead_at_the_first_statement_is_replaced(
    database: Database, database_url: str
) -> None:
    async with unit_of(database) as uow, opened(database_url) as other:
        pid = await uow.fetchval("SELECT pg_backend_pid()")
        await uow.commit()
        await other.execute("SELECT pg_terminate_backend($1)", pid)

        await uow.execute(INSERT, "free")
        await uow.commit()

    assert await database.fetchval(COUNT) == 1


async def test_a_connection_lost_in_the_middle_is_an_outage_and_nothing_is_kept(database: Database) -> None:
    async with unit_of(database) as uow:
        await uow.execute(INSERT, "free")
        pid = await uow.fetchval("SELECT pg_backend_pid()")
        await database.execute("SELECT pg_terminate_backend($1)", pid)
        with pytest.raises(DatabaseUnavailable):
            await uow.execute(INSERT, "premium")

    assert await database.fetchval(COUNT) == 0


async def test_a_database_that_is_not_there_is_an_outage() -> None:
    with pytest.raises(DatabaseUnavailable):
        await open_database("postgresql://pixie:x@127.0.0.1:1/none", pool_size=1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (":for%20tests@", ":guessed@", "password authentication failed"),
        ("/test_", "/missing_", "does not exist"),
        ("/test_", "/test_?sslmode=nonsense&x=", "sslmode"),
    ],
)
async def test_a_database_that_does_not_let_us_in_is_an_outage_with_a_reason(
    database_url: str, old: str, new: str, said: str
) -> None:
    with pytest.raises(DatabaseRefuses) as refused:
        await open_database(database_url.replace(old, new), pool_size=1)

    assert isinstance(refused.value, DatabaseUnavailable)
    assert said in refused.value.reason
    assert said not in refused.value.detail
    assert "guessed" not in refused.value.reason


async def test_a_missing_table_means_that_the_database_was_not_migrated(database: Database) -> None:
    with pytest.raises(DatabaseBehind, match="pixie migrate"):
        await database.fetchval("SELECT 1 FROM nothing_of_that_name")


async def test_a_statement_that_takes_too_long_is_cut_off(database_url: str) -> None:
    database = await open_database(database_url, pool_size=1, statement_timeout=0.2)
    with pytest.raises(DatabaseUnavailable):
        await database.execute("SELECT pg_sleep(5)")
    await database.close()


async def test_an_exhausted_pool_refuses_in_time(database_url: str) -> None:
    database = await open_database(database_url, pool_size=1, acquire_timeout=0.2)
    async with database.connection():
        with pytest.raises(DatabaseUnavailable):
            await database.fetchval("SELECT 1")
    await database.close()


async def test_readers_see_what_their_own_unit_wrote_and_need_no_second_connection(database_url: str) -> None:
    async with opened(database_url, pool_size=1) as database, unit_of(database) as uow:
        reads = Reads(database, uow)
        assert await reads.fetchval(COUNT) == 0

        await uow.execute(INSERT, "free")

        assert await reads.fetchval(COUNT) == 1


async def test_text_that_the_database_cannot_keep_is_a_malformed_request(database: Database) -> None:
    async with unit_of(database) as uow:
        with pytest.raises(InvalidRequest):
            await uow.execute(INSERT, "free\0")
    with pytest.raises(InvalidRequest):
        await database.fetchval("SELECT $1::jsonb", {"prompt": "a\0b"})


async def test_json_and_ids_come_back_as_they_went(database: Database) -> None:
    value, key = {"a": [1, "ب", None, {"b": True}]}, uuid4()

    row = await database.fetchrow("SELECT $1::jsonb AS value, $2::uuid AS key", value, key)

    assert row is not None
    assert (row["value"], row["key"]) == (value, key)
