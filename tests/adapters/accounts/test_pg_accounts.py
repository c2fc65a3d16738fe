"""What only a real database can show: races, rollbacks, plans."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from pixie.adapters.accounts import pg_session_reader, pg_session_store, pg_user_reader, pg_user_store
from pixie.adapters.kernel.database import open_database
from pixie.application.accounts.deactivate_user import DeactivateUser, DeactivateUserCommand
from pixie.application.accounts.logout import LogoutCommand, Reach
from pixie.application.accounts.refresh import RefreshCommand
from pixie.application.accounts.views import Credits, SignedIn
from pixie.domain.accounts.errors import EmailTaken, InvalidCredentials, SessionEnded
from pixie.domain.kernel.ids import UserId
from tests.support.account_worlds import PgAccountWorld
from tests.support.builders.accounts import OPERATOR, a_login, a_registration
from tests.support.fakes.accounts import FakeWelcomeGift
from tests.support.fakes.kernel import EPOCH

pytestmark = pytest.mark.infra


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[PgAccountWorld]:
    database = await open_database(database_url, pool_size=10)
    yield PgAccountWorld(database)
    await database.close()


async def register(world: PgAccountWorld, email: str = "ada@example.com") -> SignedIn:
    async with world.unit() as unit:
        return await unit.register(a_registration(email))


async def login(world: PgAccountWorld) -> SignedIn:
    async with world.unit() as unit:
        return await unit.login(a_login())


async def deactivate(world: PgAccountWorld) -> None:
    async with world.unit() as unit:
        close = DeactivateUser(users=unit.users, sessions=unit.sessions, uow=unit.uow, clock=unit.clock)
        await close(DeactivateUserCommand(actor=OPERATOR, email="ada@example.com"))


async def running(world: PgAccountWorld) -> int:
    count: int = await world.database.fetchval("SELECT count(*) FROM user_sessions WHERE ended_at IS NULL")
    return count


async def test_of_many_who_register_one_address_at_once_one_gets_it(world: PgAccountWorld) -> None:
    emails = ["ada@example.com", "ADA@example.com"] * 5

    answers = await asyncio.gather(*(register(world, email) for email in emails), return_exceptions=True)

    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
    assert sum(isinstance(answer, EmailTaken) for answer in answers) == 9
    assert await running(world) == 1


async def test_a_registration_that_breaks_off_leaves_nothing_behind(world: PgAccountWorld) -> None:
    class BrokenGift(FakeWelcomeGift):
        async def give(self, user_id: UserId) -> Credits:
            raise ConnectionError

    world.gift = BrokenGift()

    with pytest.raises(ConnectionError):
        await register(world)

    for table in ("users", "user_sessions", "refresh_tokens", "outbox"):
        assert await world.database.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_a_registration_leaves_an_event_for_the_welcome_mail(world: PgAccountWorld) -> None:
    answer = await register(world)

    (row,) = await world.database.fetch("SELECT topic, subscriber, payload FROM outbox")
    assert (row["topic"], row["subscriber"]) == ("accounts.user_registered", "notifications.mail_welcome")
    assert row["payload"] == {
        "user_id": str(answer.user.id),
        "email": "ada@example.com",
        "name": "Ada",
        "locale": "en",
    }


async def test_no_session_survives_the_closing_of_its_account_whoever_signs_in_meanwhile(
    world: PgAccountWorld,
) -> None:
    await register(world)

    answers = await asyncio.gather(
        *(login(world) for _ in range(6)), deactivate(world), *(login(world) for _ in range(6)), return_exceptions=True
    )

    assert await running(world) == 0
    assert {type(answer) for answer in answers} <= {SignedIn, InvalidCredentials, type(None)}


async def test_signing_out_everywhere_twice_at_once_harms_nobody(world: PgAccountWorld) -> None:
    first = await register(world)
    for _ in range(10):
        await login(world)

    async def everywhere() -> None:
        async with world.unit() as unit:
            caller = await unit.authenticate(first.access_token)
            await unit.logout(LogoutCommand(caller=caller, reach=Reach.EVERYWHERE))

    answers = await asyncio.gather(*(everywhere() for _ in range(5)), return_exceptions=True)

    assert {type(answer) for answer in answers} <= {type(None), SessionEnded}
    assert await running(world) == 0


async def test_what_signs_out_and_refreshes_at_once_ends_signed_out(world: PgAccountWorld) -> None:
    answer = await register(world)

    async def refresh() -> None:
        async with world.unit() as unit:
            await unit.refresh(RefreshCommand(refresh_token=answer.refresh_token))

    async def logout() -> None:
        async with world.unit() as unit:
            caller = await unit.authenticate(answer.access_token)
            await unit.logout(LogoutCommand(caller=caller, reach=Reach.THIS_SESSION))

    await asyncio.gather(refresh(), logout(), refresh(), return_exceptions=True)

    assert await running(world) == 0


async def test_a_session_goes_with_its_user(world: PgAccountWorld) -> None:
    await register(world)

    await world.database.execute("DELETE FROM users")

    assert await world.database.fetchval("SELECT count(*) FROM refresh_tokens") == 0


@pytest.mark.parametrize(
    ("statement", "args"),
    [
        (pg_session_reader.ROLE_OF_SESSION, [None, None, EPOCH]),
        (pg_session_reader._PAGE, [None, EPOCH, None, 21]),
        (pg_session_store._FIND, [None]),
        (pg_session_store._FIND_BY_TOKEN, [b""]),
        (pg_session_store._SAVE_ROTATED, [None, b"", b"", EPOCH, EPOCH]),
        (pg_session_store._SAVE_ENDED, [None, EPOCH, ""]),
        (pg_session_store._END_ALL, [None, "", EPOCH]),
        (pg_session_store._FORGET, [EPOCH, 50]),
        (pg_user_reader._BY_EMAIL, [""]),
        (pg_user_reader._BY_ID, [None]),
        (pg_user_store._GET, [None]),
        (pg_user_store._GET_BY_EMAIL, [""]),
    ],
)
async def test_every_statement_of_a_request_finds_its_rows_by_an_index(
    world: PgAccountWorld, statement: str, args: list[object]
) -> None:
    async with world.database.connection() as connection:
        await connection.execute("SET enable_seqscan = off")
        plan = await connection.fetch(f"EXPLAIN {statement}", *args)
        await connection.execute("RESET enable_seqscan")

    assert "Seq Scan" not in "\n".join(row[0] for row in plan)
