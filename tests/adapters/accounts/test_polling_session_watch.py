import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from pixie.adapters.accounts.polling_session_watch import PollingSessionWatch
from pixie.application.accounts.logout import LogoutCommand, Reach
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.errors import DatabaseUnavailable
from pixie.domain.kernel.ids import SessionId
from pixie.domain.kernel.role import Role
from tests.support.fakes.accounts import FakeAccounts, FakeSessionReader

BRIEFLY = 0.005


@asynccontextmanager
async def watching(
    house: FakeAccounts, sessions: FakeSessionReader | None = None
) -> AsyncIterator[PollingSessionWatch]:
    watch = PollingSessionWatch(sessions or house.running, house.clock, look_every=BRIEFLY)
    await watch.start()
    yield watch
    await watch.stop()


def noting(notes: list[Caller], caller: Caller) -> Callable[[], None]:
    return lambda: notes.append(caller)


async def sign_out(house: FakeAccounts, caller: Caller) -> None:
    await house.logout(LogoutCommand(caller=caller, reach=Reach.THIS_SESSION))


async def test_everybody_who_watches_an_ended_session_hears_of_it_and_nobody_else() -> None:
    house = FakeAccounts()
    ada = await house.caller_of(await house.signed_up())
    boris = await house.caller_of(await house.signed_up("boris@example.com"))
    heard: list[Caller] = []

    async with (
        watching(house) as watch,
        watch.on_end(boris, noting(heard, boris)),
        watch.on_end(ada, noting(heard, ada)),
        watch.on_end(ada, noting(heard, ada)),
    ):
        await asyncio.sleep(3 * BRIEFLY)
        assert heard == []
        await sign_out(house, ada)
        await asyncio.sleep(6 * BRIEFLY)

    assert heard == [ada, ada]


async def test_whoever_watches_no_longer_hears_nothing() -> None:
    house = FakeAccounts()
    ada = await house.caller_of(await house.signed_up())
    heard: list[Caller] = []

    async with watching(house) as watch:
        async with watch.on_end(ada, noting(heard, ada)):
            pass
        await sign_out(house, ada)
        await asyncio.sleep(3 * BRIEFLY)

    assert heard == []


async def test_a_changed_role_ends_what_was_opened_with_the_old_one() -> None:
    house = FakeAccounts()
    ada = await house.caller_of(await house.signed_up())
    once_admin = replace(ada, role=Role.ADMIN)
    heard: list[Caller] = []

    async with watching(house) as watch, watch.on_end(once_admin, noting(heard, once_admin)):
        await asyncio.sleep(6 * BRIEFLY)
        assert await watch.is_running(ada)
        assert not await watch.is_running(once_admin)

    assert heard == [once_admin]


class ReaderOutOfOrder(FakeSessionReader):
    out_of_order = True

    async def roles_of(self, session_ids: Collection[SessionId], now: datetime) -> Mapping[SessionId, Role]:
        if self.out_of_order:
            raise DatabaseUnavailable
        return await super().roles_of(session_ids, now)


async def test_an_outage_ends_no_session_and_what_ended_meanwhile_is_seen_afterwards() -> None:
    house = FakeAccounts()
    reader = ReaderOutOfOrder(house.tables)
    ada = await house.caller_of(await house.signed_up())
    heard: list[Caller] = []

    async with watching(house, reader) as watch, watch.on_end(ada, noting(heard, ada)):
        await sign_out(house, ada)
        await asyncio.sleep(3 * BRIEFLY)
        assert heard == []
        reader.out_of_order = False
        await asyncio.sleep(6 * BRIEFLY)

    assert heard == [ada]
