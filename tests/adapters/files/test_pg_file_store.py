"""What only PostgreSQL can show of the rows of files."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from pixie.application.kernel.errors import NotSignedIn
from pixie.domain.kernel.ids import UserId
from tests.support.builders.files import a_file, file_id
from tests.support.fakes.kernel import EPOCH
from tests.support.file_worlds import PgFileWorld, keep

pytestmark = pytest.mark.infra

NOBODY = UserId(UUID(int=99))


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[PgFileWorld]:
    async with PgFileWorld.open(database_url) as world:
        yield world


async def test_an_account_deleted_during_its_upload_is_nobody_signed_in(world: PgFileWorld) -> None:
    with pytest.raises(NotSignedIn):
        await keep(world, a_file(1, owner=NOBODY))


async def test_two_sweeps_at_once_share_the_expired_files(world: PgFileWorld) -> None:
    await keep(world, *[a_file(number, expires_at=EPOCH - timedelta(hours=1)) for number in range(1, 11)])

    async with world.unit() as one, world.unit() as other:
        first = await one.store.remove_expired(EPOCH, 6)
        second = await other.store.remove_expired(EPOCH, 6)
        await one.uow.commit()
        await other.uow.commit()

    assert (len(first), len(second)) == (6, 4)
    assert {file.id for file in (*first, *second)} == {file_id(number) for number in range(1, 11)}


async def test_a_reader_sees_what_its_own_unit_of_work_has_not_committed(world: PgFileWorld) -> None:
    async with world.unit_with_reader() as (unit, reader):
        await unit.store.add(a_file(1))

        assert (await reader.get(file_id(1))).id == file_id(1)
