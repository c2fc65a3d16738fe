from collections.abc import AsyncIterator

import pytest

from tests.support.credit_worlds import CreditWorld, FakeCreditWorld, PgCreditWorld, forgetful_database


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.infra)])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[CreditWorld]:
    if request.param == "memory":
        yield FakeCreditWorld()
        return
    async with forgetful_database(request.getfixturevalue("module_database_url"), pool_size=3) as database:
        yield PgCreditWorld(database)
