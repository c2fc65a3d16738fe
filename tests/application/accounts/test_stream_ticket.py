import pytest

from pixie.application.accounts.logout import LogoutCommand, Reach
from pixie.application.accounts.stream_ticket import IssueStreamTicket, RedeemStreamTicket
from pixie.application.kernel.errors import NotSignedIn
from tests.support.fakes.accounts import FakeAccounts


def issuing(house: FakeAccounts) -> IssueStreamTicket:
    return IssueStreamTicket(tickets=house.tickets, clock=house.clock, uow=house.uow)


def redeeming(house: FakeAccounts) -> RedeemStreamTicket:
    return RedeemStreamTicket(tickets=house.tickets, sessions=house.running, clock=house.clock, uow=house.uow)


async def test_a_ticket_stands_for_its_caller_once() -> None:
    house = FakeAccounts()
    caller = await house.caller_of(await house.signed_up())
    view = await issuing(house)(caller)

    assert await redeeming(house)(view.ticket) == caller
    with pytest.raises(NotSignedIn):
        await redeeming(house)(view.ticket)
    assert view.ticket not in repr(house.tickets.tickets)


async def test_a_ticket_lives_for_a_minute() -> None:
    house = FakeAccounts()
    view = await issuing(house)(await house.caller_of(await house.signed_up()))
    house.clock.pass_time(minutes=1)

    with pytest.raises(NotSignedIn):
        await redeeming(house)(view.ticket)


async def test_a_ticket_of_an_ended_session_opens_nothing() -> None:
    house = FakeAccounts()
    caller = await house.caller_of(await house.signed_up())
    view = await issuing(house)(caller)
    await house.logout(LogoutCommand(caller=caller, reach=Reach.THIS_SESSION))

    with pytest.raises(NotSignedIn):
        await redeeming(house)(view.ticket)
