from datetime import timedelta

import pytest

from pixie.application.accounts.ports import Verdict
from pixie.domain.accounts.errors import InvalidCredentials, InvalidEmail, TooBusy
from pixie.domain.accounts.password import Password
from tests.support.builders.accounts import PASSWORD, a_login, a_user
from tests.support.fakes.accounts import FakeAccounts, FakePasswordHasher


async def test_signing_in_opens_a_session_of_its_own() -> None:
    house = FakeAccounts()
    first = await house.signed_up()
    house.clock.pass_time(days=1)

    second = await house.login(a_login("ADA@example.com"))

    assert second.user.id == first.user.id
    assert second.user.last_login == house.clock.now()
    assert second.user.credits.available == 100
    assert len(house.tables.sessions) == 2
    assert (await house.caller_of(second)).user_id == first.user.id


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@example.com", "wrong"), ("ada@example.com", PASSWORD + " "), ("nobody@example.com", PASSWORD)],
)
async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer_for_the_same_work(
    email: str, password: str
) -> None:
    house = FakeAccounts()
    await house.signed_up()
    worked, commits = house.passwords.worked, house.uow.commits

    with pytest.raises(InvalidCredentials) as refused:
        await house.login(a_login(email, password))

    assert refused.value.detail == "The e-mail address or the password is wrong."
    assert house.passwords.worked == worked + 1
    assert house.uow.commits == commits


async def test_a_closed_account_gets_the_answer_of_a_wrong_password() -> None:
    house = FakeAccounts()
    answer = await house.signed_up()
    house.tables.users[answer.user.id].deactivate()

    with pytest.raises(InvalidCredentials):
        await house.login(a_login())

    assert len(house.tables.sessions) == 1


async def test_an_account_without_a_password_cannot_be_entered_with_one() -> None:
    house = FakeAccounts()
    await house.users.add(a_user("ada@example.com", password_hash=None))

    with pytest.raises(InvalidCredentials):
        await house.login(a_login())

    assert house.passwords.worked == 1


async def test_what_is_no_address_is_told_so() -> None:
    with pytest.raises(InvalidEmail):
        await FakeAccounts().login(a_login("ada"))


async def test_a_hash_of_another_cost_is_renewed_at_sign_in() -> None:
    house = FakeAccounts()
    answer = await house.signed_up()
    house.passwords.cost = 13

    await house.login(a_login())

    assert (house.tables.users[answer.user.id].password_hash or "").startswith("13$")
    await house.login(a_login())


async def test_a_busy_moment_puts_the_renewal_off_and_lets_the_user_in() -> None:
    class BusyAfterVerifying(FakePasswordHasher):
        async def hash(self, password: Password) -> str:
            raise TooBusy(timedelta(seconds=6))

    house = FakeAccounts()
    answer = await house.signed_up()
    kept = house.tables.users[answer.user.id].password_hash
    house.passwords = BusyAfterVerifying(cost=13)

    await house.login(a_login())

    assert house.tables.users[answer.user.id].password_hash == kept


async def test_a_crowd_is_asked_to_come_back_before_anything_is_computed() -> None:
    house = FakeAccounts()
    await house.signed_up()
    house.passwords.busy = True

    with pytest.raises(TooBusy):
        await house.login(a_login())

    assert len(house.tables.sessions) == 1


async def test_a_password_changed_during_the_sign_in_closes_the_door() -> None:
    class ChangedMeanwhile(FakePasswordHasher):
        async def verify(self, password: Password, password_hash: str | None) -> Verdict:
            verdict = await super().verify(password, password_hash)
            house.tables.users[answer.user.id].keep_password_as("12$another")
            return verdict

    house = FakeAccounts()
    answer = await house.signed_up()
    house.passwords = ChangedMeanwhile()

    with pytest.raises(InvalidCredentials):
        await house.login(a_login())
