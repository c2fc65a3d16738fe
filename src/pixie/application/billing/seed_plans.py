from dataclasses import dataclass

from pixie.application.billing.ports import PlanStore
from pixie.application.kernel.ports import UnitOfWork
from pixie.domain.billing.first_plans import FIRST_PLANS


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedPlans:
    """See to it that there are plans.

    - A plan that is there, by its name, stays as it is: what an operator changed is kept, a plan that is off stays off.
    - It may run at every start, and several times at once.
    """

    plans: PlanStore
    uow: UnitOfWork

    async def __call__(self) -> list[str]:
        """The names of the plans that were added."""
        added = await self.plans.add_missing(FIRST_PLANS)
        await self.uow.commit()
        return added
