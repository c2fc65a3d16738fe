from collections.abc import Sequence

from pixie.application.billing.ports import PlanStore
from pixie.domain.billing.plan import Plan


class FakePlanStore(PlanStore):
    def __init__(self) -> None:
        self.plans: dict[str, Plan] = {}

    async def add_missing(self, plans: Sequence[Plan]) -> list[str]:
        added = [plan for plan in plans if plan.name not in self.plans]
        self.plans.update({plan.name: plan for plan in added})
        return [plan.name for plan in added]
