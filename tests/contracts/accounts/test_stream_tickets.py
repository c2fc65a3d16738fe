"""What every store of stream tickets promises, in memory and in PostgreSQL."""

from datetime import timedelta

from pixie.domain.accounts.session import Session
from tests.support.account_worlds import AccountWorld
from tests.support.builders.accounts import a_session, a_user
from tests.support.fakes.kernel import EPOCH

MINUTE = timedelta(minutes=1)


async def a_kept_session(world: AccountWorld) -> Session:
    user = a_user()
    session = a_session(user.id)
    async with world.unit() as unit:
        await unit.users.add(user)
        await unit.sessions.add(session)
        await unit.tickets.add(b"a digest", session.id, EPOCH + MINUTE)
        await unit.uow.commit()
    return session


async def test_a_ticket_is_taken_once(world: AccountWorld) -> None:
    session = await a_kept_session(world)

    async with world.unit() as unit:
        first = await unit.tickets.take(b"a digest", EPOCH)
        second = await unit.tickets.take(b"a digest", EPOCH)

    assert first == (session.id, session.user_id)
    assert second is None


async def test_unknown_and_expired_tickets_are_nobodys(world: AccountWorld) -> None:
    await a_kept_session(world)

    async with world.unit() as unit:
        assert await unit.tickets.take(b"another", EPOCH) is None
        assert await unit.tickets.take(b"a digest", EPOCH + MINUTE) is None


async def test_what_nobody_used_is_forgotten_after_its_time(world: AccountWorld) -> None:
    await a_kept_session(world)

    async with world.unit() as unit:
        assert await unit.tickets.forget(EPOCH + MINUTE) == 0
        assert await unit.tickets.forget(EPOCH + MINUTE + timedelta(microseconds=1)) == 1
        assert await unit.tickets.take(b"a digest", EPOCH) is None
