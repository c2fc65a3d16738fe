"""What admins and operators do to accounts."""

from datetime import timedelta

import pytest

from pixie.application.accounts.api import Accounts
from pixie.application.accounts.change_role import ChangeRole, ChangeRoleCommand
from pixie.application.accounts.create_user import CreateUserCommand
from pixie.application.accounts.deactivate_user import DeactivateUser, DeactivateUserCommand
from pixie.application.accounts.forget_sessions import ForgetSessions
from pixie.application.accounts.list_users import ListUsers
from pixie.application.accounts.reactivate_user import ReactivateUser, ReactivateUserCommand
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.page import PageRequest
from pixie.domain.accounts.errors import EmailTaken, InvalidPassword, SessionEnded, UserNotFound
from pixie.domain.kernel.role import Role
from tests.support.builders.accounts import OPERATOR, PASSWORD, a_caller, a_login, a_session
from tests.support.fakes.accounts import FakeAccounts

ADMIN = a_caller(Role.ADMIN)
EMAIL = "ada@example.com"


def creation(actor: Actor = OPERATOR, *, email: str = EMAIL, password: str = PASSWORD) -> CreateUserCommand:
    return CreateUserCommand(actor=actor, email=email, password=password, name="Ada", role=Role.ADMIN)


@pytest.mark.parametrize("actor", [OPERATOR, ADMIN])
async def test_a_created_user_can_sign_in_and_has_the_role_and_the_welcome_credits(actor: Actor) -> None:
    house = FakeAccounts()

    summary = await house.create_user(creation(actor))

    answer = await house.login(a_login())
    assert (answer.user.id, answer.user.role) == (summary.id, Role.ADMIN)
    assert answer.user.credits.available == 100
    assert house.outbox.topics == ["accounts.user_registered"]


async def test_a_created_user_obeys_the_rules_of_a_registration() -> None:
    house = FakeAccounts()
    await house.signed_up(EMAIL)

    with pytest.raises(EmailTaken):
        await house.create_user(creation())
    with pytest.raises(InvalidPassword):
        await house.create_user(creation(email="eve@example.com", password="short"))


async def test_a_new_role_counts_with_the_next_request() -> None:
    house = FakeAccounts()
    answer = await house.signed_up(EMAIL)

    summary = await ChangeRole(users=house.users, uow=house.uow)(
        ChangeRoleCommand(actor=OPERATOR, email="ADA@example.com", role=Role.PREMIUM)
    )

    assert summary.role is Role.PREMIUM
    assert (await house.authenticate(answer.access_token)).role is Role.PREMIUM


async def test_a_closed_account_loses_its_sessions_and_gets_none_back_when_opened_again() -> None:
    house = FakeAccounts()
    answer = await house.signed_up(EMAIL)
    deactivate = DeactivateUser(users=house.users, sessions=house.sessions, uow=house.uow, clock=house.clock)
    reactivate = ReactivateUser(users=house.users, uow=house.uow)

    closed = await deactivate(DeactivateUserCommand(actor=OPERATOR, email=EMAIL))
    opened = await reactivate(ReactivateUserCommand(actor=OPERATOR, email=EMAIL))

    assert (closed.is_active, opened.is_active) == (False, True)
    with pytest.raises(SessionEnded):
        await house.authenticate(answer.access_token)
    await house.login(a_login(EMAIL))


async def test_users_are_listed_newest_first_and_found_by_address_or_name() -> None:
    house = FakeAccounts()
    for email in ("ada@example.com", "eve@example.com", "bob@example.org"):
        await house.signed_up(email)
    list_users = ListUsers(users=house.known)

    everybody = await list_users(OPERATOR, PageRequest())
    found = await list_users(OPERATOR, PageRequest(), "EXAMPLE.COM")

    assert [user.email for user in everybody.items] == ["bob@example.org", "eve@example.com", "ada@example.com"]
    assert [user.email for user in found.items] == ["eve@example.com", "ada@example.com"]


async def test_nobody_else_may() -> None:
    house = FakeAccounts()
    await house.signed_up(EMAIL)
    caller = a_caller(Role.PREMIUM)
    attempts = [
        house.create_user(creation(caller, email="eve@example.com")),
        ChangeRole(users=house.users, uow=house.uow)(ChangeRoleCommand(actor=caller, email=EMAIL, role=Role.ADMIN)),
        DeactivateUser(users=house.users, sessions=house.sessions, uow=house.uow, clock=house.clock)(
            DeactivateUserCommand(actor=caller, email=EMAIL)
        ),
        ReactivateUser(users=house.users, uow=house.uow)(ReactivateUserCommand(actor=caller, email=EMAIL)),
        ListUsers(users=house.known)(caller, PageRequest()),
    ]

    for attempt in attempts:
        with pytest.raises(NotAllowed):
            await attempt
    assert house.uow.commits == 1


async def test_an_unknown_user_is_told_so() -> None:
    house = FakeAccounts()

    with pytest.raises(UserNotFound):
        await ChangeRole(users=house.users, uow=house.uow)(
            ChangeRoleCommand(actor=OPERATOR, email=EMAIL, role=Role.ADMIN)
        )


async def test_other_modules_learn_an_id_by_address() -> None:
    house = FakeAccounts()
    answer = await house.signed_up(EMAIL)
    accounts = Accounts(users=house.known)

    assert await accounts.id_of("Ada@Example.com") == answer.user.id
    assert await accounts.known(answer.user.id) == answer.user.id
    with pytest.raises(UserNotFound):
        await accounts.id_of("nobody@example.com")


async def test_sessions_are_forgotten_a_week_after_they_expired() -> None:
    house = FakeAccounts()
    for _ in range(120):
        await house.sessions.add(a_session(now=house.clock.now()))
    house.clock.pass_time(days=30)
    young = a_session(now=house.clock.now())
    await house.sessions.add(young)
    house.clock.pass_time(days=7)
    forget = ForgetSessions(sessions=house.sessions, uow=house.uow, clock=house.clock)

    assert await forget() == 0
    house.clock.time += timedelta(seconds=1)

    assert await forget() == 120
    assert list(house.tables.sessions) == [young.id]
    assert await forget() == 0
