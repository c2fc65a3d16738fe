import pytest

from pixie.application.accounts.refresh import RefreshCommand
from pixie.domain.accounts.errors import InvalidRefreshToken, RefreshTokenReused, SessionEnded
from pixie.domain.accounts.session import EndReason
from tests.support.builders.accounts import a_token
from tests.support.fakes.accounts import FakeAccounts


async def test_a_refresh_token_buys_a_new_pair() -> None:
    house = FakeAccounts()
    first = await house.signed_up()
    house.clock.pass_time(minutes=20)

    pair = await house.refresh(RefreshCommand(refresh_token=first.refresh_token))

    assert pair.refresh_token != first.refresh_token
    assert (pair.token_type, pair.expires_in) == ("Bearer", 900)
    assert (await house.authenticate(pair.access_token)).user_id == first.user.id


async def test_several_tabs_that_refresh_at_once_all_get_the_same_successor() -> None:
    house = FakeAccounts()
    first = await house.signed_up()

    pairs = [await house.refresh(RefreshCommand(refresh_token=first.refresh_token)) for _ in range(5)]

    assert len({pair.refresh_token for pair in pairs}) == 1
    for pair in pairs:
        await house.authenticate(pair.access_token)


async def test_a_spent_token_after_the_grace_ends_the_family_and_that_is_kept() -> None:
    house = FakeAccounts()
    first = await house.signed_up()
    pair = await house.refresh(RefreshCommand(refresh_token=first.refresh_token))
    house.clock.pass_time(seconds=11)
    commits = house.uow.commits

    with pytest.raises(RefreshTokenReused):
        await house.refresh(RefreshCommand(refresh_token=first.refresh_token))

    (session,) = house.tables.sessions.values()
    assert session.end_reason is EndReason.REUSED
    assert house.uow.commits == commits + 1
    with pytest.raises(SessionEnded):
        await house.authenticate(pair.access_token)
    with pytest.raises(SessionEnded):
        await house.refresh(RefreshCommand(refresh_token=pair.refresh_token))


@pytest.mark.parametrize("text", ["", "nonsense", a_token("never given out").text])
async def test_an_unknown_token_is_refused_without_any_effect(text: str) -> None:
    house = FakeAccounts()
    await house.signed_up()
    commits = house.uow.commits

    with pytest.raises(InvalidRefreshToken):
        await house.refresh(RefreshCommand(refresh_token=text))

    assert house.uow.commits == commits


async def test_the_other_sessions_of_a_user_live_on_when_one_is_ended() -> None:
    house = FakeAccounts()
    first = await house.signed_up()
    other = await house.signed_up("eve@example.com")
    await house.refresh(RefreshCommand(refresh_token=first.refresh_token))
    house.clock.pass_time(seconds=11)

    with pytest.raises(RefreshTokenReused):
        await house.refresh(RefreshCommand(refresh_token=first.refresh_token))

    await house.refresh(RefreshCommand(refresh_token=other.refresh_token))


async def test_a_session_sleeps_for_thirty_days_and_no_longer() -> None:
    house = FakeAccounts()
    first = await house.signed_up()
    house.clock.pass_time(days=29)
    second = await house.refresh(RefreshCommand(refresh_token=first.refresh_token))
    house.clock.pass_time(days=30)

    with pytest.raises(SessionEnded):
        await house.refresh(RefreshCommand(refresh_token=second.refresh_token))
