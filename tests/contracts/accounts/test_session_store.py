"""What every store and reader of sessions promises, in memory and in PostgreSQL."""

from datetime import timedelta

import pytest

from pixie.application.kernel.page import PageRequest
from pixie.domain.accounts.session import Device, EndReason, Session
from pixie.domain.accounts.user import User
from pixie.domain.kernel.ids import SessionId, UserId
from pixie.domain.kernel.role import Role
from tests.support.account_worlds import AccountWorld
from tests.support.builders.accounts import POLICY, a_session, a_token, a_user, new_id
from tests.support.fakes.kernel import EPOCH

FIRST, SECOND = a_token(1), a_token(2)
LATER = EPOCH + timedelta(minutes=20)


async def a_user_with(world: AccountWorld, *sessions: Session) -> User:
    user = a_user()
    async with world.unit() as unit:
        await unit.users.add(user)
        for session in sessions:
            session.user_id = user.id
            await unit.sessions.add(session)
        await unit.uow.commit()
    return user


@pytest.mark.parametrize(
    "device",
    [Device.seen("192.0.2.7", "Firefox/140"), Device.seen("2001:db8::7", None), Device.seen(None, "مرورگر")],
)
async def test_a_session_comes_back_as_it_was_opened(world: AccountWorld, device: Device) -> None:
    session = a_session(token=FIRST, device=device)
    await a_user_with(world, session)

    async with world.unit() as unit:
        found = await unit.sessions.find_by_token(FIRST.digest)
        assert found is not None
        assert (found.session, found.spent_at) == (session, None)
        assert await unit.sessions.find(session.id) == session


async def test_a_rotated_session_is_found_by_both_of_its_tokens(world: AccountWorld) -> None:
    session = a_session(token=FIRST)
    await a_user_with(world, session)
    session.refresh(presented=FIRST.digest, spent_at=None, successor=SECOND.digest, policy=POLICY, now=LATER)

    async with world.unit() as unit:
        await unit.sessions.save_rotated(session, spent=FIRST.digest)
        await unit.uow.commit()

    async with world.unit() as unit:
        spent = await unit.sessions.find_by_token(FIRST.digest)
        valid = await unit.sessions.find_by_token(SECOND.digest)
        assert spent is not None
        assert valid is not None
        assert (spent.session, spent.spent_at) == (session, LATER)
        assert (valid.session, valid.spent_at) == (session, None)


async def test_an_ended_session_stays_ended_and_known(world: AccountWorld) -> None:
    session = a_session(token=FIRST)
    user = await a_user_with(world, session)
    session.end(EndReason.REUSED, LATER)

    async with world.unit() as unit:
        await unit.sessions.save_ended(session)
        await unit.uow.commit()

    async with world.unit() as unit:
        assert await unit.sessions.find(session.id) == session
        assert await unit.sessions.find_by_token(FIRST.digest) is not None
    assert await world.running.role_of(session.id, user.id, LATER) is None


async def test_unknown_tokens_and_sessions_are_not_found(world: AccountWorld) -> None:
    async with world.unit() as unit:
        assert await unit.sessions.find_by_token(a_token().digest) is None
        assert await unit.sessions.find(SessionId(new_id())) is None


async def test_ending_all_ends_those_of_one_user_that_had_not_ended(world: AccountWorld) -> None:
    ended, running, other = a_session(), a_session(), a_session()
    user = await a_user_with(world, ended, running)
    await a_user_with(world, other)
    ended.end(EndReason.REVOKED, EPOCH)
    async with world.unit() as unit:
        await unit.sessions.save_ended(ended)
        await unit.uow.commit()

    async with world.unit() as unit:
        assert await unit.sessions.end_all(user.id, EndReason.SIGNED_OUT, LATER) == 1
        assert await unit.sessions.end_all(user.id, EndReason.SIGNED_OUT, LATER) == 0
        await unit.uow.commit()

    async with world.unit() as unit:
        found = [await unit.sessions.find(session.id) for session in (ended, running, other)]
    assert [session.end_reason for session in found if session] == [EndReason.REVOKED, EndReason.SIGNED_OUT, None]


async def test_a_running_session_tells_the_role_of_its_user(world: AccountWorld) -> None:
    session = a_session()
    user = await a_user_with(world, session)

    assert await world.running.role_of(session.id, user.id, EPOCH) is Role.USER

    async with world.unit() as unit:
        loaded = await unit.users.get(user.id)
        loaded.change_role(Role.ADMIN)
        await unit.users.save(loaded)
        await unit.uow.commit()
    assert await world.running.role_of(session.id, user.id, EPOCH) is Role.ADMIN


async def test_nobody_is_signed_in_by_a_session_of_another_or_over_or_of_a_closed_account(world: AccountWorld) -> None:
    session = a_session()
    user = await a_user_with(world, session)

    assert await world.running.role_of(session.id, UserId(new_id()), EPOCH) is None
    assert await world.running.role_of(SessionId(new_id()), user.id, EPOCH) is None
    assert await world.running.role_of(session.id, user.id, session.expires_at - timedelta(microseconds=1))
    assert await world.running.role_of(session.id, user.id, session.expires_at) is None
    async with world.unit() as unit:
        loaded = await unit.users.get(user.id)
        loaded.deactivate()
        await unit.users.save(loaded)
        await unit.uow.commit()
    assert await world.running.role_of(session.id, user.id, EPOCH) is None


async def test_roles_of_many_sessions_are_those_of_each(world: AccountWorld) -> None:
    running, other, ended = a_session(), a_session(), a_session()
    await a_user_with(world, running, ended)
    await a_user_with(world, other)
    async with world.unit() as unit:
        ended.end(EndReason.SIGNED_OUT, EPOCH)
        await unit.sessions.save_ended(ended)
        await unit.uow.commit()
    asked = {running.id, ended.id, SessionId(new_id())}

    assert await world.running.roles_of(asked, EPOCH) == {running.id: Role.USER}
    assert await world.running.roles_of({running.id, other.id}, running.expires_at) == {}


async def test_pages_show_running_sessions_newest_first(world: AccountWorld) -> None:
    sessions = [a_session() for _ in range(4)]
    user = await a_user_with(world, *sessions)
    await a_user_with(world, a_session())
    sessions[1].end(EndReason.SIGNED_OUT, EPOCH)
    async with world.unit() as unit:
        await unit.sessions.save_ended(sessions[1])
        await unit.uow.commit()

    first = await world.running.page(user.id, PageRequest(limit=2), EPOCH)
    second = await world.running.page(user.id, PageRequest(limit=2, before=first.next_cursor), EPOCH)
    expired = await world.running.page(user.id, PageRequest(limit=2), EPOCH + timedelta(days=30))

    assert [view.id for view in first.items] == [sessions[3].id, sessions[2].id]
    assert [view.id for view in second.items] == [sessions[0].id]
    assert second.next_cursor is None
    assert (first.items[0].ip_address, first.items[0].user_agent) == ("192.0.2.7", "Firefox/140")
    assert expired.items == []


async def test_forgetting_takes_expired_sessions_with_all_their_tokens(world: AccountWorld) -> None:
    old = [a_session(token=token) for token in (FIRST, SECOND)]
    young = a_session(now=EPOCH + timedelta(days=1))
    await a_user_with(world, *old, young)
    limit = old[0].expires_at + timedelta(microseconds=1)

    async with world.unit() as unit:
        assert await unit.sessions.forget(limit, limit=1) == 1
        assert await unit.sessions.forget(limit, limit=10) == 1
        assert await unit.sessions.forget(limit, limit=10) == 0
        await unit.uow.commit()

    async with world.unit() as unit:
        assert await unit.sessions.find_by_token(FIRST.digest) is None
        assert await unit.sessions.find(old[1].id) is None
        assert await unit.sessions.find(young.id) == young
