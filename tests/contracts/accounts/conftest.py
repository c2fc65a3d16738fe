from collections.abc import AsyncIterator

import pytest

from pixie.adapters.kernel.database import open_database
from tests.support.account_worlds import AccountWorld, FakeAccountWorld, PgAccountWorld


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.infra)])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[AccountWorld]:
    if request.param == "memory":
        yield FakeAccountWorld()
        return
    database = await open_database(request.getfixturevalue("database_url"), pool_size=3)
    yield PgAccountWorld(database)
    await database.close()
