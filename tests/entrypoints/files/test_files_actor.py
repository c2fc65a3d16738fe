"""What follows a deletion: the row of the outbox is there until the bytes are gone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from dishka import AsyncContainer, Provider, Scope, make_async_container

from pixie.adapters.kernel.bell import SilentBell
from pixie.adapters.kernel.database import Database, open_database
from pixie.adapters.kernel.ids import Uuid7Source
from pixie.adapters.kernel.pg_outbox import PgInbox, PgOutbox
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.files.ports import BlobStore
from pixie.application.files.remove_blobs import RemoveBlobs
from pixie.application.kernel.ports import Inbox, UnitOfWork
from pixie.domain.files.errors import StorageUnavailable
from pixie.entrypoints.actors.files import SUBSCRIPTIONS, OnFileDeleted
from tests.support.builders.files import a_file
from tests.support.fakes.files import FakeBlobStore

pytestmark = pytest.mark.infra

(SUBSCRIPTION,) = SUBSCRIPTIONS


class WatchfulBlobStore(FakeBlobStore):
    """Notes whether a transaction was open while it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.uow: PgUnitOfWork | None = None
        self.asked_in_transaction: list[bool] = []

    async def delete(self, key: object) -> None:
        assert self.uow is not None
        self.asked_in_transaction.append(self.uow.begun)
        await super().delete(key)  # type: ignore[arg-type]  # a key


@dataclass
class World:
    database: Database
    blobs: WatchfulBlobStore
    container: AsyncContainer

    async def deleted(self) -> UUID:
        """A file's row is gone; the id of what the outbox holds for that."""
        file = a_file(1)
        self.blobs.blobs = dict.fromkeys(file.keys(), b"content")
        uow = PgUnitOfWork(self.database, SilentBell(), {})
        await PgOutbox(uow, Uuid7Source(), {SUBSCRIPTION.topic: [SUBSCRIPTION.name]}).add(file.deleted())
        await uow.commit()
        (row,) = await self.database.fetch("SELECT id, subscriber FROM outbox")
        assert row["subscriber"] == "files.remove_blobs"
        row_id: UUID = row["id"]
        return row_id

    async def work(self, row_id: UUID) -> None:
        async with self.container() as scope:
            await SUBSCRIPTION.spec.work(scope, row_id)

    async def waiting(self) -> int:
        count: int = await self.database.fetchval("SELECT count(*) FROM outbox")
        return count


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    database = await open_database(database_url, pool_size=2)
    blobs = WatchfulBlobStore()

    def unit_of_work() -> PgUnitOfWork:
        blobs.uow = PgUnitOfWork(database, SilentBell(), {})
        return blobs.uow

    provider = Provider(scope=Scope.REQUEST)
    provider.provide(unit_of_work, provides=PgUnitOfWork)
    provider.alias(source=PgUnitOfWork, provides=UnitOfWork)
    provider.provide(PgInbox, provides=Inbox)
    provider.provide(lambda: blobs, provides=BlobStore)
    provider.provide_all(RemoveBlobs, OnFileDeleted)
    container = make_async_container(provider)
    yield World(database, blobs, container)
    await container.close()
    await database.close()


async def test_the_bytes_of_a_deleted_file_go_and_with_them_the_row(world: World) -> None:
    row_id = await world.deleted()

    await world.work(row_id)

    assert world.blobs.blobs == {}
    assert await world.waiting() == 0


async def test_no_transaction_is_open_while_the_storage_works(world: World) -> None:
    await world.work(await world.deleted())

    assert world.blobs.asked_in_transaction == [False, False]


async def test_the_row_stays_as_long_as_the_storage_is_down(world: World) -> None:
    row_id = await world.deleted()
    world.blobs.down = True
    with pytest.raises(StorageUnavailable):
        await world.work(row_id)
    assert await world.waiting() == 1

    world.blobs.down = False
    await world.work(row_id)
    assert (world.blobs.blobs, await world.waiting()) == ({}, 0)


async def test_a_second_message_finds_nothing_to_do(world: World) -> None:
    row_id = await world.deleted()
    await world.work(row_id)
    world.blobs.asked_in_transaction.clear()

    await world.work(row_id)

    assert world.blobs.asked_in_transaction == []
