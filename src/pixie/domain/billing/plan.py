"""What a plan costs and gives."""

from dataclasses import dataclass
from decimal import Decimal

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLimits:
    """How much of everything a plan allows at a time."""

    max_upload_mb: int
    storage_gb: int
    concurrent_jobs: int
    requests_per_minute: int

    def __post_init__(self) -> None:
        if min(self.max_upload_mb, self.storage_gb, self.concurrent_jobs, self.requests_per_minute) < 1:
            raise ValueError("a plan allows at least one of everything")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFeatures:
    """`priority` jobs go before others; with `api_access` keys can be made for programs."""

    limits: PlanLimits
    priority: bool = False
    api_access: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Prices are in US dollars; `credits_per_month` are given at the start of each month and expire at its end."""

    name: str
    description: str
    price_monthly: Decimal
    price_yearly: Decimal
    credits_per_month: int
    features: PlanFeatures

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= LONGEST_NAME:
            raise ValueError(f"a plan's name has 1 to {LONGEST_NAME} characters")
        if min(self.price_monthly, self.price_yearly) < 0 or self.credits_per_month < 0:
            raise ValueError("a plan neither costs nor gives less than nothing")
        if self.price_yearly > 12 * self.price_monthly:
            raise ValueError("a year never costs more than its twelve months")
