from collections.abc import Sequence
from dataclasses import asdict

from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.billing.ports import PlanStore
from pixie.application.kernel.ports import IdSource
from pixie.domain.billing.plan import Plan

ADD_MISSING = """
INSERT INTO subscription_plans
    (id, name, description, price_monthly, price_yearly, credits_per_month, features)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::int[], $7::jsonb[])
ON CONFLICT (name) DO NOTHING
RETURNING name
"""


class PgPlanStore(PlanStore):
    def __init__(self, uow: PgUnitOfWork, ids: IdSource) -> None:
        self._uow = uow
        self._ids = ids

    async def add_missing(self, plans: Sequence[Plan]) -> list[str]:
        rows = await self._uow.fetch(
            ADD_MISSING,
            [self._ids.new() for _ in plans],
            [plan.name for plan in plans],
            [plan.description for plan in plans],
            [plan.price_monthly for plan in plans],
            [plan.price_yearly for plan in plans],
            [plan.credits_per_month for plan in plans],
            [asdict(plan.features) for plan in plans],
        )
        return [row["name"] for row in rows]
