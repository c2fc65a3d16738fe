from collections.abc import Iterator

import pytest

from pixie.adapters.kernel.dependencies import PostgresDependency
from pixie.adapters.kernel.embedded.postgres import EmbeddedPostgres
from pixie.adapters.kernel.migrations import check_drift, downgrade, migrate, revisions
from pixie.adapters.kernel.revision import head
from pixie.application.kernel.errors import DatabaseBehind
from tests.support.databases import opened
from tests.support.engines import cloned_database

pytestmark = pytest.mark.infra


@pytest.fixture
def empty_database_url(postgres_engine: EmbeddedPostgres) -> Iterator[str]:
    with cloned_database(postgres_engine, "template0") as url:
        yield url


async def test_every_migration_goes_up_down_and_up_again(empty_database_url: str) -> None:
    before = "base"
    for revision in revisions():
        await migrate(empty_database_url, revision)
        await downgrade(empty_database_url, before)
        await migrate(empty_database_url, revision)
        before = revision


async def test_the_migrated_database_is_what_the_tables_declare(database_url: str) -> None:
    await check_drift(database_url)


async def test_the_newest_revision_is_known_without_alembic() -> None:
    assert head() == revisions()[-1]


async def test_a_database_that_is_behind_is_told(empty_database_url: str) -> None:
    async with opened(empty_database_url) as database:
        with pytest.raises(DatabaseBehind):
            await PostgresDependency(database).check()

    await migrate(empty_database_url)

    async with opened(empty_database_url) as database:
        await PostgresDependency(database).check()


async def test_a_database_that_is_ahead_is_right_while_a_new_version_comes(database_url: str) -> None:
    async with opened(database_url) as database:
        await database.execute("UPDATE alembic_version SET version_num = '9999'")
        await PostgresDependency(database).check()
