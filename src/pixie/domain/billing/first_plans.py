"""The plans that a new system offers. They are a beginning: operators change the rows, and their changes stay."""

from decimal import Decimal
from typing import Final

from pixie.domain.billing.plan import Plan, PlanFeatures, PlanLimits

FREE: Final = Plan(
    name="free",
    description="To try everything out.",
    price_monthly=Decimal(0),
    price_yearly=Decimal(0),
    credits_per_month=25,
    features=PlanFeatures(
        limits=PlanLimits(max_upload_mb=25, storage_gb=1, concurrent_jobs=2, requests_per_minute=60),
    ),
)

PREMIUM: Final = Plan(
    name="premium",
    description="For people who make pictures every day.",
    price_monthly=Decimal("9.99"),
    price_yearly=Decimal("99.90"),
    credits_per_month=500,
    features=PlanFeatures(
        limits=PlanLimits(max_upload_mb=50, storage_gb=50, concurrent_jobs=5, requests_per_minute=300),
        api_access=True,
    ),
)

STUDIO: Final = Plan(
    name="studio",
    description="For those who live by it: more of everything, and first in the queue.",
    price_monthly=Decimal("29.99"),
    price_yearly=Decimal("299.90"),
    credits_per_month=2000,
    features=PlanFeatures(
        limits=PlanLimits(max_upload_mb=200, storage_gb=500, concurrent_jobs=20, requests_per_minute=1200),
        priority=True,
        api_access=True,
    ),
)

FIRST_PLANS: Final = (FREE, PREMIUM, STUDIO)
