from dishka import BaseScope, Provider, Scope, provide

from pixie.adapters.billing.pg_plan_store import PgPlanStore
from pixie.application.billing.ports import PlanStore
from pixie.application.billing.seed_plans import SeedPlans


class BillingWiring(Provider):
    scope: BaseScope | None = Scope.REQUEST

    plans = provide(PgPlanStore, provides=PlanStore)
    seed_plans = provide(SeedPlans)
