from collections.abc import AsyncIterator

import pytest

from pixie.adapters.jobs.pg_model_switches import PgModelSwitches, SeenSwitches
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.ids import Uuid7Source
from pixie.adapters.kernel.pg_unit_of_work import Reads
from pixie.domain.jobs.errors import ModelNotFound
from tests.support.databases import opened, unit_of
from tests.support.fakes.kernel import FakeClock
from tests.support.job_worlds import CARD

pytestmark = pytest.mark.infra


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database, unit_of(database) as uow:
        await PgModelSwitches(uow, Reads(database, uow), Uuid7Source(), SeenSwitches(FakeClock())).publish([CARD])
        await uow.commit()
        yield database


async def switch(database: Database, *, on: bool) -> None:
    async with unit_of(database) as uow:
        other_process = PgModelSwitches(uow, Reads(database, uow), Uuid7Source(), SeenSwitches(FakeClock()))
        await other_process.switch(CARD.name, on=on)
        await uow.commit()


async def test_a_switch_in_another_process_takes_effect_within_a_second(database: Database) -> None:
    clock = FakeClock()
    async with unit_of(database) as uow:
        switches = PgModelSwitches(uow, Reads(database, uow), Uuid7Source(), SeenSwitches(clock))
        assert await switches.is_on(CARD.name)

        await switch(database, on=False)
        clock.pass_time(seconds=1)
        assert not await switches.is_on(CARD.name)

        await switch(database, on=True)
        clock.pass_time(seconds=1)
        assert await switches.is_on(CARD.name)


async def test_a_clock_that_was_set_back_keeps_no_old_answer(database: Database) -> None:
    clock = FakeClock()
    async with unit_of(database) as uow:
        switches = PgModelSwitches(uow, Reads(database, uow), Uuid7Source(), SeenSwitches(clock))
        await switches.is_on(CARD.name)

        await switch(database, on=False)
        clock.pass_time(hours=-1)

        assert not await switches.is_on(CARD.name)


async def test_an_unknown_model_is_off_and_cannot_be_switched(database: Database) -> None:
    async with unit_of(database) as uow:
        switches = PgModelSwitches(uow, Reads(database, uow), Uuid7Source(), SeenSwitches(FakeClock()))

        assert not await switches.is_on("fake/none")
        with pytest.raises(ModelNotFound):
            await switches.switch("fake/none", on=True)
