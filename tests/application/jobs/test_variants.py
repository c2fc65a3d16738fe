"""Models with several variants, and models that cannot be used here, from the catalogue to the bill."""

import asyncio
from dataclasses import replace

import pytest

from pixie.application.jobs.catalogue import EstimateJob, ListModels
from pixie.application.jobs.model_views import ModelView, PricingView
from pixie.application.jobs.ports import ReportProgress
from pixie.domain.jobs.errors import InvalidParameters, ModelUnavailable
from pixie.domain.jobs.generation import Done, GenerationRequest, Pending, Ticket
from pixie.domain.jobs.job import JobStatus
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, ModelCard, Price
from tests.support.builders.files import ANNA, a_caller, a_file, an_inspection, file_id
from tests.support.builders.jobs import a_card_with, a_variant
from tests.support.fakes.jobs import FakeProvider
from tests.support.job_worlds import JobWorld

FAST = a_variant("fast", price=Price(base=1, per_megapixel=2), megapixels=4)
FINE = a_variant("fine", price=Price(base=2, per_megapixel=8), megapixels=1, deadline_seconds=10)
HASTY = a_variant("hasty", deadline_seconds=0)
CARD = a_card_with(FAST, FINE)
REASON = "its weights are not installed"


def a_world(card: ModelCard = CARD, *, width: int = 1500, height: int = 1000) -> JobWorld:
    world = JobWorld(provider=FakeProvider(card))
    world.shelf.rows[file_id(1)] = a_file(1, inspection=an_inspection(width=width, height=height))
    return world


def asking(variant: str | None = None) -> JobInput:
    parameters = {} if variant is None else {"variant": variant}
    return JobInput(image_file_id=file_id(1), scale=2, parameters=parameters)


async def give_ticket(request: GenerationRequest, report: ReportProgress) -> Ticket:
    return Ticket(value="t-1")


async def never_done(ticket: Ticket, request: GenerationRequest) -> Pending:
    return Pending()


async def never_back(request: GenerationRequest, report: ReportProgress) -> Done:
    await asyncio.Event().wait()
    return Done(outputs=())


async def offered(world: JobWorld) -> ModelView:
    (view,) = await ListModels(providers=world.providers, switches=world.switches)()
    return view


async def test_the_variants_price_is_held() -> None:
    world = a_world(width=900)

    fast = await world.submitted(model=CARD.name, job_type=JobType.IMAGE_UPSCALE, request=asking())
    fine = await world.submitted(model=CARD.name, job_type=JobType.IMAGE_UPSCALE, request=asking("fine"))

    assert (fast.credits_reserved, fine.credits_reserved) == (1 + 2, 2 + 8)


async def test_an_estimate_knows_the_variant() -> None:
    world = a_world(width=900)
    estimate = EstimateJob(quote=world.quote, holds=world.credits.holds)

    view = await estimate(a_caller(ANNA), None, CARD.name, asking("fine"))

    assert view.credits == 2 + 8


async def test_a_picture_too_large_for_the_variant_is_refused_before_a_credit_moves() -> None:
    world = a_world()

    with pytest.raises(InvalidParameters, match=r"\(fine\) takes pictures of up to 1 megapixel"):
        await world.submitted(model=CARD.name, job_type=JobType.IMAGE_UPSCALE, request=asking("fine"))

    assert world.jobs.rows == {}
    assert await world.balance() == (100, 0)


@pytest.mark.parametrize(("variant", "status"), [("fast", JobStatus.PROCESSING), ("fine", JobStatus.FAILED)])
async def test_each_variant_has_its_own_deadline(variant: str, status: JobStatus) -> None:
    world = JobWorld(provider=FakeProvider(replace(CARD, needs_image=False)))
    world.provider.on_submit, world.provider.on_poll = give_ticket, never_done
    request = JobInput(scale=2, parameters={"variant": variant})
    view = await world.submitted(model=CARD.name, job_type=JobType.IMAGE_UPSCALE, request=request)

    await world.run(view.id)
    world.clock.pass_time(seconds=11)
    await world.run(view.id)

    assert world.row(view.id).status is status


async def test_a_variants_deadline_bounds_one_call_too() -> None:
    world = JobWorld(provider=FakeProvider(replace(CARD, needs_image=False, variants=(FAST, HASTY))))
    world.provider.on_submit = never_back
    request = JobInput(scale=2, parameters={"variant": "hasty"})
    view = await world.submitted(model=CARD.name, job_type=JobType.IMAGE_UPSCALE, request=request)

    await world.run(view.id)

    assert "no answer within 0 s" in world.row(view.id).history[-1].note


async def test_the_catalogue_shows_each_variant_with_price_and_limit() -> None:
    view = await offered(a_world())

    assert [(variant.name, variant.max_input_megapixels) for variant in view.variants] == [("fast", 4), ("fine", 1)]
    assert view.variants[1].pricing == PricingView(base=2, per_image=0, per_megapixel=8, per_second=0)
    assert (view.pricing, view.accepts.max_input_megapixels) == (view.variants[0].pricing, 4)
    assert view.credits_per_use == 1 + 2
    assert view.accepts.scales == [2, 4]
    assert (view.available, view.unavailable_reason) == (True, None)


async def test_a_model_that_cannot_be_used_here_is_shown_with_the_reason() -> None:
    view = await offered(a_world(replace(CARD, unavailable_reason=REASON)))

    assert (view.available, view.unavailable_reason) == (False, REASON)


async def test_a_model_that_cannot_be_used_here_takes_no_jobs() -> None:
    world = a_world(replace(CARD, unavailable_reason=REASON))

    with pytest.raises(ModelUnavailable, match=REASON):
        await world.submitted(model=CARD.name, job_type=JobType.IMAGE_UPSCALE, request=asking())

    assert world.jobs.rows == {}
    assert await world.balance() == (100, 0)
