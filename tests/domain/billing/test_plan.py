from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from pixie.domain.billing.first_plans import FIRST_PLANS, FREE, PREMIUM
from pixie.domain.billing.plan import PlanLimits


def test_every_first_plan_gives_more_than_the_one_before() -> None:
    for less, more in pairwise(FIRST_PLANS):
        assert less.price_monthly < more.price_monthly
        assert less.credits_per_month < more.credits_per_month
        assert less.features.limits.storage_gb < more.features.limits.storage_gb
        assert less.features.limits.max_upload_mb < more.features.limits.max_upload_mb
        assert less.features.limits.concurrent_jobs < more.features.limits.concurrent_jobs


def test_one_plan_costs_nothing_and_is_called_what_new_users_have() -> None:
    assert FREE.name == "free"
    assert FREE.price_monthly == FREE.price_yearly == 0


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "n" * 101},
        {"price_monthly": Decimal(-1)},
        {"price_yearly": Decimal(-1)},
        {"credits_per_month": -1},
        {"price_yearly": Decimal(120)},
    ],
)
def test_an_impossible_plan_cannot_be_written_down(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a "):
        replace(PREMIUM, **change)  # type: ignore[arg-type]  # one field of whatever type


def test_a_plan_allows_at_least_one_of_everything() -> None:
    with pytest.raises(ValueError, match="at least one"):
        PlanLimits(max_upload_mb=25, storage_gb=1, concurrent_jobs=0, requests_per_minute=60)
