from dataclasses import replace
from decimal import Decimal

from pixie.application.billing.seed_plans import SeedPlans
from pixie.domain.billing.first_plans import PREMIUM
from tests.support.fakes.billing import FakePlanStore
from tests.support.fakes.kernel import FakeUnitOfWork


async def test_a_new_system_offers_plans() -> None:
    plans, uow = FakePlanStore(), FakeUnitOfWork()

    added = await SeedPlans(plans=plans, uow=uow)()

    assert added == ["free", "premium", "studio"] == list(plans.plans)
    assert uow.commits == 1


async def test_a_plan_that_an_operator_changed_stays_changed() -> None:
    plans = FakePlanStore()
    mine = replace(PREMIUM, price_monthly=Decimal("7.50"), price_yearly=Decimal(75))
    await plans.add_missing([mine])

    added = await SeedPlans(plans=plans, uow=FakeUnitOfWork())()

    assert added == ["free", "studio"]
    assert plans.plans["premium"] == mine
