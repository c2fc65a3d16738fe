import pytest

from pixie.application.accounts.views import Credits
from pixie.application.kernel.errors import AlreadyAnswered, IdempotencyKeyReused
from pixie.application.kernel.ports import IdempotencyKey
from pixie.domain.accounts.errors import EmailTaken, InvalidEmail, InvalidName, InvalidPassword, TooBusy
from pixie.domain.accounts.events import UserRegistered
from pixie.domain.kernel.errors import PixieError
from pixie.domain.kernel.ids import UserId
from pixie.domain.kernel.locale import Locale
from pixie.domain.kernel.role import Role
from tests.support.builders.accounts import DEVICE, PASSWORD, a_registration
from tests.support.fakes.accounts import FakeAccounts


async def test_a_new_user_is_signed_in_and_has_credits() -> None:
    house = FakeAccounts()

    answer = await house.register(a_registration("Ada@Example.com", locale=Locale.PERSIAN))

    assert answer.user.email == "Ada@example.com"
    assert answer.user.credits == Credits(available=100, held=0)
    assert (answer.user.role, answer.user.subscription_type, answer.user.locale) == (Role.USER, "free", Locale.PERSIAN)
    assert answer.user.last_login == house.clock.now()
    assert (answer.token_type, answer.expires_in) == ("Bearer", 900)
    assert (await house.authenticate(answer.access_token)).user_id == answer.user.id
    assert house.uow.commits == 1


async def test_a_new_user_is_announced() -> None:
    house = FakeAccounts()

    answer = await house.register(a_registration(locale=Locale.PERSIAN))

    assert house.outbox.events == [
        UserRegistered(user_id=UserId(answer.user.id), email="ada@example.com", name="Ada", locale="fa")
    ]


async def test_neither_password_nor_tokens_are_kept_in_the_clear() -> None:
    house = FakeAccounts()

    answer = await house.register(a_registration())

    kept = repr(house.tables)
    assert PASSWORD not in kept
    assert answer.refresh_token not in kept
    assert answer.access_token not in kept


async def test_the_session_remembers_where_it_began() -> None:
    house = FakeAccounts()

    await house.register(a_registration())

    (session,) = house.tables.sessions.values()
    assert session.device == DEVICE


@pytest.mark.parametrize("again", ["ada@example.com", "ADA@EXAMPLE.COM"])
async def test_an_address_has_one_account_whatever_its_case(again: str) -> None:
    house = FakeAccounts()
    await house.signed_up("ada@example.com")

    with pytest.raises(EmailTaken):
        await house.register(a_registration(again))

    assert house.uow.commits == 1


@pytest.mark.parametrize(
    ("email", "password", "name", "refusal"),
    [
        ("ada", PASSWORD, "Ada", InvalidEmail),
        ("ada@example.com", "short", "Ada", InvalidPassword),
        ("ada@example.com", PASSWORD, "\n", InvalidName),
    ],
)
async def test_what_breaks_a_rule_is_refused_before_anything_is_computed(
    email: str, password: str, name: str, refusal: type[PixieError]
) -> None:
    house = FakeAccounts()

    with pytest.raises(refusal):
        await house.register(a_registration(email, password=password, name=name))

    assert house.passwords.worked == 0
    assert not house.tables.users


async def test_a_crowd_is_asked_to_come_back() -> None:
    house = FakeAccounts()
    house.passwords.busy = True

    with pytest.raises(TooBusy) as refused:
        await house.register(a_registration())

    assert refused.value.retry_after is not None
    assert house.uow.commits == 0


async def test_a_repeated_registration_gets_the_first_answer_and_makes_no_second_account() -> None:
    house = FakeAccounts()
    key = IdempotencyKey(scope="address:192.0.2.7", key="k1", fingerprint=b"same")
    first = await house.register(a_registration(idempotency=key))

    with pytest.raises(AlreadyAnswered) as replay:
        await house.register(a_registration(idempotency=key))

    assert first.access_token.encode() in replay.value.body
    assert len(house.tables.users) == 1


async def test_the_key_of_another_registration_is_refused() -> None:
    house = FakeAccounts()
    await house.register(a_registration(idempotency=IdempotencyKey(scope="a", key="k1", fingerprint=b"one")))

    with pytest.raises(IdempotencyKeyReused):
        await house.register(
            a_registration("eve@example.com", idempotency=IdempotencyKey(scope="a", key="k1", fingerprint=b"two"))
        )


def test_a_command_does_not_show_its_password() -> None:
    assert PASSWORD not in repr(a_registration())
