from collections.abc import AsyncIterator

import pytest

from pixie.adapters.kernel.database import Database
from tests.support.credit_worlds import PgCreditWorld, forgetful_database


@pytest.fixture
async def database(module_database_url: str) -> AsyncIterator[Database]:
    async with forgetful_database(module_database_url, pool_size=20) as database:
        yield database


@pytest.fixture
def world(database: Database) -> PgCreditWorld:
    return PgCreditWorld(database)
