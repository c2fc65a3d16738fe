"""What every store of plans does, in memory and in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from pixie.adapters.billing.pg_plan_store import PgPlanStore
from pixie.adapters.kernel.bell import SilentBell
from pixie.adapters.kernel.database import Database, open_database
from pixie.adapters.kernel.ids import Uuid7Source
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.billing.ports import PlanStore
from pixie.application.billing.seed_plans import SeedPlans
from pixie.domain.billing.first_plans import FIRST_PLANS, FREE, PREMIUM
from tests.support.fakes.billing import FakePlanStore


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await open_database(database_url, pool_size=4)
    yield database
    await database.close()


def a_unit(database: Database) -> PgUnitOfWork:
    return PgUnitOfWork(database, SilentBell(), {})


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.infra)])
async def plans(request: pytest.FixtureRequest) -> AsyncIterator[PlanStore]:
    if request.param == "memory":
        yield FakePlanStore()
        return
    database = await open_database(request.getfixturevalue("database_url"), pool_size=1)
    uow = a_unit(database)
    yield PgPlanStore(uow, Uuid7Source())
    await uow.close()
    await database.close()


async def test_plans_are_added_once(plans: PlanStore) -> None:
    assert sorted(await plans.add_missing(FIRST_PLANS)) == ["free", "premium", "studio"]
    assert await plans.add_missing(FIRST_PLANS) == []


async def test_only_missing_plans_are_added(plans: PlanStore) -> None:
    await plans.add_missing([FREE])

    assert await plans.add_missing([FREE, PREMIUM]) == ["premium"]


@pytest.mark.infra
async def test_a_row_says_what_the_plan_says(database: Database) -> None:
    uow = a_unit(database)
    await SeedPlans(plans=PgPlanStore(uow, Uuid7Source()), uow=uow)()

    row = await database.fetchrow("SELECT * FROM subscription_plans WHERE name = 'premium'")

    assert row is not None
    assert (row["price_monthly"], row["price_yearly"]) == (Decimal("9.99"), Decimal("99.90"))
    assert (row["credits_per_month"], row["is_active"], row["description"]) == (500, True, PREMIUM.description)
    assert row["features"] == {
        "limits": {"max_upload_mb": 50, "storage_gb": 50, "concurrent_jobs": 5, "requests_per_minute": 300},
        "priority": False,
        "api_access": True,
    }


@pytest.mark.infra
async def test_what_an_operator_changed_in_a_row_is_kept(database: Database) -> None:
    uow = a_unit(database)
    await PgPlanStore(uow, Uuid7Source()).add_missing([replace(PREMIUM, credits_per_month=777)])
    await uow.commit()
    await database.execute("UPDATE subscription_plans SET is_active = false")

    await SeedPlans(plans=PgPlanStore(uow, Uuid7Source()), uow=uow)()

    kept = await database.fetchrow("SELECT credits_per_month, is_active FROM subscription_plans WHERE name = 'premium'")
    assert kept is not None
    assert tuple(kept) == (777, False)


@pytest.mark.infra
async def test_several_starts_at_once_add_each_plan_once(database: Database) -> None:
    async def start() -> list[str]:
        uow = a_unit(database)
        return await SeedPlans(plans=PgPlanStore(uow, Uuid7Source()), uow=uow)()

    added = await asyncio.gather(*(start() for _ in range(4)))

    assert sorted(name for names in added for name in names) == ["free", "premium", "studio"]
