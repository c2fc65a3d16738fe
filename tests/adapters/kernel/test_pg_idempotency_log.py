import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.pg_idempotency_log import PgIdempotencyLog
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.kernel.errors import AlreadyAnswered, IdempotencyKeyInUse, IdempotencyKeyReused
from pixie.application.kernel.ports import IdempotencyKey
from tests.support.databases import opened, unit_of

pytestmark = pytest.mark.infra

ANSWER = {"id": "1", "access_token": "a very secret token"}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database:
        yield database


def a_key(scope: str = "anna", key: str = "k-1", fingerprint: bytes = b"request") -> IdempotencyKey:
    return IdempotencyKey(scope=scope, key=key, fingerprint=fingerprint)


def log_in(uow: PgUnitOfWork, lifetime: timedelta = timedelta(hours=24)) -> PgIdempotencyLog:
    return PgIdempotencyLog(uow, seal_key=b"s" * 32, lifetime=lifetime)


async def answered(database: Database, key: IdempotencyKey, **more: int) -> None:
    async with unit_of(database) as uow:
        log = log_in(uow)
        await log.claim(key)
        await log.record(key, ANSWER, status=more.get("status"))
        await uow.commit()


async def test_the_first_answer_comes_again(database: Database) -> None:
    await answered(database, a_key(), status=402)

    async with unit_of(database) as uow:
        with pytest.raises(AlreadyAnswered) as again:
            await log_in(uow).claim(a_key())

    assert msgspec.json.decode(again.value.body) == ANSWER
    assert again.value.status == 402


async def test_another_request_with_the_same_key_is_refused(database: Database) -> None:
    await answered(database, a_key())

    async with unit_of(database) as uow:
        with pytest.raises(IdempotencyKeyReused):
            await log_in(uow).claim(a_key(fingerprint=b"other"))


async def test_keys_of_different_people_do_not_meet(database: Database) -> None:
    await answered(database, a_key())

    async with unit_of(database) as uow:
        await log_in(uow).claim(a_key(scope="boris"))


async def test_a_key_is_in_use_while_the_first_request_runs(database: Database) -> None:
    async with unit_of(database) as first, unit_of(database) as second:
        await log_in(first).claim(a_key())
        with pytest.raises(IdempotencyKeyInUse):
            await log_in(second).claim(a_key())


async def test_a_request_that_came_to_nothing_frees_its_key(database: Database) -> None:
    async with unit_of(database) as uow:
        await log_in(uow).claim(a_key())

    await answered(database, a_key())


async def test_of_two_answers_that_meet_one_is_kept(database: Database) -> None:
    async def race() -> bool:
        async with unit_of(database) as uow:
            try:
                await log_in(uow).record(a_key(), ANSWER)
                await uow.commit()
            except IdempotencyKeyInUse:
                return False
            return True

    assert sorted(await asyncio.gather(race(), race())) == [False, True]


async def test_an_expired_answer_is_forgotten(database: Database) -> None:
    await answered(database, a_key())
    await database.execute("UPDATE idempotency_keys SET expires_at = clock_timestamp() - interval '1 second'")

    await answered(database, a_key(fingerprint=b"other"))


async def test_neither_key_nor_answer_can_be_read_from_the_row(database: Database) -> None:
    await answered(database, a_key())

    row = await database.fetchrow("SELECT key_hash, sealed_body FROM idempotency_keys")

    assert row is not None
    assert b"k-1" not in row["key_hash"]
    assert b"secret" not in row["sealed_body"]


async def test_without_a_key_nothing_is_kept(database: Database) -> None:
    async with unit_of(database) as uow:
        log = log_in(uow)
        await log.claim(None)
        await log.record(None, ANSWER)
        await uow.commit()

    assert await database.fetchval("SELECT count(*) FROM idempotency_keys") == 0
