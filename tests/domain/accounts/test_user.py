from datetime import timedelta

import pytest

from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.errors import InvalidCredentials, InvalidName
from pixie.domain.accounts.events import UserRegistered
from pixie.domain.accounts.user import PersonName, User
from pixie.domain.kernel.ids import UserId
from pixie.domain.kernel.locale import Locale
from pixie.domain.kernel.role import Role
from tests.support.builders.accounts import a_user, new_id
from tests.support.fakes.kernel import EPOCH


def test_a_registered_user_is_active_plain_and_unverified() -> None:
    user_id = UserId(new_id())

    user, event = User.register(
        id=user_id,
        email=EmailAddress("Ada@Example.com"),
        name=PersonName("Ada"),
        password_hash="a hash",
        locale=Locale.PERSIAN,
        now=EPOCH,
    )

    assert (user.is_active, user.role, user.email_verified, user.last_login) == (True, Role.USER, False, None)
    assert event == UserRegistered(user_id=user_id, email="Ada@example.com", name="Ada", locale="fa")


def test_signing_in_is_remembered() -> None:
    user = a_user()

    user.sign_in(proven_hash="a hash", now=EPOCH + timedelta(days=1))

    assert user.last_login == EPOCH + timedelta(days=1)


def test_a_password_that_changed_meanwhile_does_not_open_the_account() -> None:
    user = a_user(password_hash="a newer hash")

    with pytest.raises(InvalidCredentials):
        user.sign_in(proven_hash="a hash", now=EPOCH)

    assert user.last_login is None


def test_a_closed_account_cannot_be_opened_with_its_password() -> None:
    user = a_user()
    user.deactivate()

    with pytest.raises(InvalidCredentials):
        user.sign_in(proven_hash="a hash", now=EPOCH)

    user.reactivate()
    user.sign_in(proven_hash="a hash", now=EPOCH)


def test_an_account_without_a_password_is_not_opened_by_none() -> None:
    user = a_user(password_hash=None)

    with pytest.raises(InvalidCredentials):
        user.sign_in(proven_hash=None, now=EPOCH)


@pytest.mark.parametrize("text", ["Ada", "  Ada  ", "Zoë 🎨", "می\u200cم", "O'Brien, Jr.", "x" * 255])
def test_people_are_called_what_they_want(text: str) -> None:
    assert PersonName(text).text == text.strip()


@pytest.mark.parametrize("text", ["", "   ", "x" * 256, "Ada\nBcc: eve", "Ada\x00", "Ada\u2028Byron", "\ud800"])
def test_a_name_is_one_line_of_text(text: str) -> None:
    with pytest.raises(InvalidName):
        PersonName(text)
