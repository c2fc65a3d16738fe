"""What every store and reader of users promises, in memory and in PostgreSQL."""

from datetime import timedelta

import pytest

from pixie.application.accounts.views import UserSummary
from pixie.application.kernel.page import PageRequest
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.errors import EmailTaken, UserNotFound
from pixie.domain.accounts.user import PersonName, User
from pixie.domain.kernel.ids import UserId
from pixie.domain.kernel.locale import Locale
from pixie.domain.kernel.role import Role
from tests.support.account_worlds import AccountWorld
from tests.support.builders.accounts import a_user, new_id
from tests.support.fakes.kernel import EPOCH


async def kept(world: AccountWorld, *users: User) -> None:
    async with world.unit() as unit:
        for user in users:
            await unit.users.add(user)
        await unit.uow.commit()


async def test_a_user_comes_back_as_they_were_added(world: AccountWorld) -> None:
    user = a_user("Zoë.O'Brien@Bücher.example", name="زهرا", role=Role.ADMIN)
    user.locale = Locale.PERSIAN
    user.avatar_url = "https://example.com/a.png"
    user.email_verified = True
    user.last_login = EPOCH + timedelta(microseconds=1)
    await kept(world, user)

    async with world.unit() as unit:
        assert await unit.users.get(user.id) == user
        assert await unit.users.get_by_email(EmailAddress("ZOË.o'brien@xn--bcher-kva.example")) == user
    found = await world.known.get(user.id)
    assert found == user
    assert found.email.text == user.email.text


async def test_a_user_without_a_password_is_kept(world: AccountWorld) -> None:
    user = a_user(password_hash=None)
    await kept(world, user)

    assert (await world.known.get(user.id)).password_hash is None


async def test_an_address_is_given_once_whatever_its_case(world: AccountWorld) -> None:
    await kept(world, a_user("ada@example.com"))

    async with world.unit() as unit:
        with pytest.raises(EmailTaken):
            await unit.users.add(a_user("ADA@EXAMPLE.COM"))


async def test_what_a_users_verbs_changed_is_saved(world: AccountWorld) -> None:
    user, bystander = a_user(), a_user()
    await kept(world, user, bystander)

    async with world.unit() as unit:
        loaded = await unit.users.get(user.id)
        loaded.sign_in(proven_hash="a hash", now=EPOCH + timedelta(days=1))
        loaded.keep_password_as("another hash")
        loaded.change_role(Role.PREMIUM)
        loaded.deactivate()
        loaded.name = PersonName("Eve")
        loaded.locale = Locale.PERSIAN
        loaded.avatar_url = "https://example.com/a.png"
        loaded.email_verified = True
        await unit.users.save(loaded)
        await unit.uow.commit()

    assert await world.known.get(user.id) == loaded
    assert await world.known.get(bystander.id) == bystander


async def test_who_is_not_there_is_not_found(world: AccountWorld) -> None:
    nobody = EmailAddress("nobody@example.com")

    assert await world.known.find_by_email(nobody) is None
    with pytest.raises(UserNotFound):
        await world.known.get(UserId(new_id()))
    async with world.unit() as unit:
        with pytest.raises(UserNotFound):
            await unit.users.get(UserId(new_id()))
        with pytest.raises(UserNotFound):
            await unit.users.get_by_email(nobody)


async def test_a_user_is_found_by_address_in_any_case(world: AccountWorld) -> None:
    user = a_user("Ada@example.com")
    await kept(world, user)

    assert await world.known.find_by_email(EmailAddress("aDA@Example.COM")) == user


async def test_pages_walk_through_all_users_newest_first(world: AccountWorld) -> None:
    users = [a_user() for _ in range(5)]
    await kept(world, *users)

    first = await world.known.page(PageRequest(limit=3), None)
    second = await world.known.page(PageRequest(limit=3, before=first.next_cursor), None)

    assert [*first.items, *second.items] == [UserSummary.of(user) for user in reversed(users)]
    assert first.next_cursor == users[2].id
    assert second.next_cursor is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ADA", ["ada_l@example.com"]),
        ("example.org", ["eve@example.org"]),
        ("b%b", ["bob@example.com"]),
        ("a_l", ["ada_l@example.com"]),
        ("%", ["bob@example.com"]),
        ("_", ["ada_l@example.com"]),
        ("\\", []),
        ("", ["bob@example.com", "eve@example.org", "ada_l@example.com"]),
    ],
)
async def test_users_are_found_by_any_part_of_address_or_name(
    world: AccountWorld, query: str, found: list[str]
) -> None:
    await kept(
        world, a_user("ada_l@example.com"), a_user("eve@example.org", name="E"), a_user("bob@example.com", name="B%b")
    )

    page = await world.known.page(PageRequest(), query)

    assert [user.email for user in page.items] == found
