"""What somebody does who is signed in: being recognised, looking at the account, signing out."""

from uuid import uuid4

import pytest

from pixie.application.accounts.end_session import EndSession, EndSessionCommand
from pixie.application.accounts.list_sessions import ListSessions
from pixie.application.accounts.logout import LogoutCommand, Reach
from pixie.application.accounts.show_account import ShowAccount
from pixie.application.kernel.errors import NotSignedIn
from pixie.application.kernel.page import PageRequest
from pixie.domain.accounts.errors import SessionEnded, SessionNotFound, TokenExpired
from pixie.domain.kernel.ids import SessionId
from pixie.domain.kernel.role import Role
from tests.support.builders.accounts import a_login
from tests.support.fakes.accounts import FakeAccounts


async def test_a_caller_has_the_role_of_this_moment_not_of_the_token() -> None:
    house = FakeAccounts()
    answer = await house.signed_up()
    house.tables.users[answer.user.id].change_role(Role.ADMIN)

    caller = await house.authenticate(answer.access_token)

    assert caller.is_admin


async def test_an_expired_token_is_told_apart_from_no_token_at_all() -> None:
    house = FakeAccounts()
    answer = await house.signed_up()
    house.clock.pass_time(minutes=15)

    with pytest.raises(TokenExpired):
        await house.authenticate(answer.access_token)
    with pytest.raises(NotSignedIn):
        await house.authenticate("nonsense")


async def test_a_closed_account_is_shut_out_at_once() -> None:
    house = FakeAccounts()
    answer = await house.signed_up()
    house.tables.users[answer.user.id].deactivate()

    with pytest.raises(SessionEnded):
        await house.authenticate(answer.access_token)


async def test_signing_out_ends_this_session_at_once_and_no_other() -> None:
    house = FakeAccounts()
    laptop = await house.signed_up()
    phone = await house.login(a_login())

    await house.logout(LogoutCommand(caller=await house.caller_of(laptop), reach=Reach.THIS_SESSION))

    with pytest.raises(SessionEnded):
        await house.authenticate(laptop.access_token)
    await house.authenticate(phone.access_token)


async def test_signing_out_everywhere_ends_all_my_sessions_and_nobody_elses() -> None:
    house = FakeAccounts()
    laptop = await house.signed_up()
    phone = await house.login(a_login())
    other = await house.signed_up("eve@example.com")

    await house.logout(LogoutCommand(caller=await house.caller_of(laptop), reach=Reach.EVERYWHERE))

    for answer in (laptop, phone):
        with pytest.raises(SessionEnded):
            await house.authenticate(answer.access_token)
    await house.authenticate(other.access_token)


async def test_signing_out_of_a_session_that_was_deleted_meanwhile_is_no_error() -> None:
    house = FakeAccounts()
    caller = await house.caller_of(await house.signed_up())
    house.tables.sessions.clear()

    await house.logout(LogoutCommand(caller=caller, reach=Reach.THIS_SESSION))


async def test_my_account_shows_my_credits() -> None:
    house = FakeAccounts()
    answer = await house.signed_up()

    view = await ShowAccount(users=house.known, credits=house.gift)(await house.caller_of(answer))

    assert view == answer.user


async def test_my_sessions_say_which_one_is_asking() -> None:
    house = FakeAccounts()
    await house.signed_up()
    phone = await house.login(a_login())
    await house.signed_up("eve@example.com")
    caller = await house.caller_of(phone)

    page = await ListSessions(sessions=house.running, clock=house.clock)(caller, PageRequest())

    assert [item.current for item in page.items] == [True, False]
    assert page.items[0].id == caller.session_id
    assert page.items[0].ip_address == "192.0.2.7"


async def test_a_device_can_be_signed_out_from_another() -> None:
    house = FakeAccounts()
    laptop = await house.signed_up()
    phone = await house.login(a_login())
    lost = (await house.caller_of(phone)).session_id
    end_session = EndSession(sessions=house.sessions, uow=house.uow, clock=house.clock)

    await end_session(EndSessionCommand(caller=await house.caller_of(laptop), session_id=lost))

    with pytest.raises(SessionEnded):
        await house.authenticate(phone.access_token)
    with pytest.raises(SessionNotFound):
        await end_session(EndSessionCommand(caller=await house.caller_of(laptop), session_id=lost))


async def test_sessions_of_others_are_not_there_for_me() -> None:
    house = FakeAccounts()
    mine = await house.caller_of(await house.signed_up())
    theirs = await house.signed_up("eve@example.com")
    end_session = EndSession(sessions=house.sessions, uow=house.uow, clock=house.clock)

    for session_id in ((await house.caller_of(theirs)).session_id, SessionId(uuid4())):
        with pytest.raises(SessionNotFound):
            await end_session(EndSessionCommand(caller=mine, session_id=session_id))

    await house.authenticate(theirs.access_token)
