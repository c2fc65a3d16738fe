"""The rows of files: once in memory, once in PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol, Self

from pixie.adapters.files.constraints import FILE_CONSTRAINTS
from pixie.adapters.files.pg_file_reader import PgFileReader
from pixie.adapters.files.pg_file_store import PgFileStore
from pixie.adapters.kernel.bell import SilentBell
from pixie.adapters.kernel.database import Database, open_database
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork, Reads
from pixie.application.files.ports import FileReader, FileStore
from pixie.application.kernel.ports import UnitOfWork
from pixie.domain.files.stored_file import StoredFile
from pixie.domain.kernel.ids import UserId
from tests.support.builders.files import ANNA, BORIS
from tests.support.fakes.files import FakeFileLinks, FakeFileReader, FakeFileStore, FakeShelf
from tests.support.fakes.kernel import FakeClock, FakeUnitOfWork


@dataclass
class FileUnit:
    """One unit of work."""

    store: FileStore
    uow: UnitOfWork


class FileWorld(Protocol):
    """Anna and Boris have accounts."""

    @property
    def reader(self) -> FileReader: ...

    def unit(self) -> AbstractAsyncContextManager[FileUnit]: ...


@dataclass
class FakeFileWorld(FileWorld):
    shelf: FakeShelf = field(default_factory=FakeShelf)

    @property
    def reader(self) -> FileReader:
        return FakeFileReader(self.shelf, FakeFileLinks(FakeClock()))

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[FileUnit]:
        yield FileUnit(FakeFileStore(self.shelf), FakeUnitOfWork())


@dataclass
class PgFileWorld(FileWorld):
    database: Database

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        database = await open_database(url, pool_size=3)
        for user in (ANNA, BORIS):
            await add_user(database, user)
        yield cls(database)
        await database.close()

    @property
    def reader(self) -> FileReader:
        return PgFileReader(Reads(self.database, self._unit_of_work()), FakeFileLinks(FakeClock()))

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[FileUnit]:
        uow = self._unit_of_work()
        try:
            yield FileUnit(PgFileStore(uow), uow)
        finally:
            await uow.close()

    @asynccontextmanager
    async def unit_with_reader(self) -> AsyncIterator[tuple[FileUnit, FileReader]]:
        """As in one scope."""
        uow = self._unit_of_work()
        try:
            yield FileUnit(PgFileStore(uow), uow), PgFileReader(Reads(self.database, uow), FakeFileLinks(FakeClock()))
        finally:
            await uow.close()

    def _unit_of_work(self) -> PgUnitOfWork:
        return PgUnitOfWork(self.database, SilentBell(), FILE_CONSTRAINTS)


async def add_user(database: Database, user: UserId) -> None:
    await database.execute(
        "INSERT INTO users (id, email, email_key, name) VALUES ($1, $2, $2, 'Somebody')", user, f"{user}@example.com"
    )


async def keep(world: FileWorld, *files: StoredFile) -> None:
    async with world.unit() as unit:
        for file in files:
            await unit.store.add(file)
        await unit.uow.commit()
