import asyncio
import base64
import hashlib
import hmac
from collections.abc import Iterator

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pixie.adapters.accounts.bcrypt_password_hasher import BcryptPasswordHasher
from pixie.application.accounts.ports import Verdict
from pixie.domain.accounts.errors import TooBusy
from pixie.domain.accounts.password import Password
from tests.support.builders.accounts import PASSWORD

KEY = b"a key for tests"


@pytest.fixture
def hasher() -> Iterator[BcryptPasswordHasher]:
    one = BcryptPasswordHasher(key=KEY, cost=4, threads=2, patience=5)
    yield one
    one.close()


async def test_the_hash_is_bcrypt_over_an_hmac(hasher: BcryptPasswordHasher) -> None:
    password_hash = await hasher.hash(Password(PASSWORD))

    blended = base64.b64encode(hmac.digest(KEY, PASSWORD.encode(), hashlib.sha256))
    assert bcrypt.checkpw(blended, password_hash.encode())
    assert password_hash.startswith("$2b$04$")


@settings(max_examples=20)
@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_every_character_of_a_long_password_counts(one: str, other: str) -> None:
    async def verdicts() -> list[Verdict]:
        hasher = BcryptPasswordHasher(key=KEY, cost=4, threads=1, patience=5)
        password_hash = await hasher.hash(Password(one))
        found = [await hasher.verify(Password(text), password_hash) for text in (one, other, one + "x")]
        hasher.close()
        return found

    same = Password(one) == Password(other)
    assert asyncio.run(verdicts()) == [Verdict.RIGHT, Verdict.RIGHT if same else Verdict.WRONG, Verdict.WRONG]


async def test_a_stolen_table_is_worthless_without_the_key(hasher: BcryptPasswordHasher) -> None:
    password_hash = await hasher.hash(Password(PASSWORD))
    thief = BcryptPasswordHasher(key=b"another key", cost=4, threads=1, patience=5)

    assert await thief.verify(Password(PASSWORD), password_hash) is Verdict.WRONG
    thief.close()


async def test_a_hash_of_another_cost_is_right_but_outdated(hasher: BcryptPasswordHasher) -> None:
    stronger = BcryptPasswordHasher(key=KEY, cost=5, threads=1, patience=5)
    password_hash = await hasher.hash(Password(PASSWORD))

    assert await stronger.verify(Password(PASSWORD), password_hash) is Verdict.RIGHT_BUT_OUTDATED
    assert await stronger.verify(Password("wrong"), password_hash) is Verdict.WRONG
    stronger.close()


async def test_an_unknown_user_costs_the_work_of_a_known_one(hasher: BcryptPasswordHasher) -> None:
    known = (await hasher.hash(Password(PASSWORD))).encode()

    assert len(hasher._nobodys) == len(known)
    assert hasher._nobodys[:7] == known[:7] == b"$2b$04$"
    assert bcrypt.checkpw(b"anything", hasher._nobodys) is False


async def test_the_event_loop_goes_on_while_passwords_are_hashed() -> None:
    hasher = BcryptPasswordHasher(key=KEY, cost=12, threads=2, patience=60)
    hashing = asyncio.gather(*(hasher.hash(Password(PASSWORD)) for _ in range(4)))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert turns > 5
    await hashing
    hasher.close()


async def test_who_would_wait_too_long_is_refused_at_once_and_told_when_to_come_back() -> None:
    hasher = BcryptPasswordHasher(key=KEY, cost=10, threads=1, patience=0.2)
    crowd = [asyncio.create_task(hasher.hash(Password(PASSWORD))) for _ in range(30)]
    answers = await asyncio.gather(*crowd, return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, TooBusy)]
    served = [answer for answer in answers if isinstance(answer, str)]
    assert len(refused) + len(served) == 30
    assert len(refused) >= 10
    assert served
    assert all(one.retry_after and one.retry_after.total_seconds() > 0.2 for one in refused)
    assert await hasher.verify(Password(PASSWORD), served[0]) is Verdict.RIGHT
    hasher.close()


async def test_who_goes_away_frees_their_place_in_the_line() -> None:
    hasher = BcryptPasswordHasher(key=KEY, cost=10, threads=1, patience=0.3)
    waiting = [asyncio.create_task(hasher.hash(Password(PASSWORD))) for _ in range(4)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)

    served = await asyncio.gather(*(hasher.hash(Password(PASSWORD)) for _ in range(4)))

    assert len(served) == 4
    hasher.close()
