from dataclasses import replace

import msgspec
import pytest

from pixie.application.kernel.errors import AlreadyAnswered, IdempotencyKeyReused
from pixie.application.kernel.ports import IdempotencyKey
from pixie.domain.credits.errors import InsufficientCredits
from pixie.domain.files.errors import FileNotFound
from pixie.domain.jobs.errors import InvalidParameters, ModelNotFound, ModelUnavailable
from pixie.domain.jobs.generation import PictureSize
from pixie.domain.jobs.job import JobStatus
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, Price
from tests.support.builders.files import BORIS, a_file, file_id
from tests.support.builders.jobs import a_card
from tests.support.fakes.jobs import FakeProvider
from tests.support.job_worlds import CARD, JobWorld

EDIT = a_card("fake/edit", model_type=JobType.IMAGE_EDIT, needs_image=True, price=Price(base=1, per_megapixel=3))


def a_key(fingerprint: bytes = b"same") -> IdempotencyKey:
    return IdempotencyKey(scope="anna", key="k1", fingerprint=fingerprint)


async def test_an_accepted_job_is_pending_and_its_credits_are_held() -> None:
    world = JobWorld()

    view = await world.submitted(images=3)

    assert view.status is JobStatus.PENDING
    assert view.credits_reserved == 6
    assert await world.balance() == (94, 6)
    assert view.links.status == f"https://pixie.test/api/ai/jobs/{view.id}/status"
    assert world.uow.commits == 1


async def test_a_seed_is_chosen_and_told() -> None:
    view = await JobWorld().submitted()

    assert view.input.seed is not None


async def test_a_job_beyond_the_credits_is_refused_and_leaves_no_trace() -> None:
    world = JobWorld()

    with pytest.raises(InsufficientCredits) as refusal:
        await world.submitted(images=4, funds=5)

    assert refusal.value.facts["missing"] == 3
    assert world.jobs.rows == {}
    assert world.uow.commits == 0


async def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(ModelNotFound):
        await JobWorld().submitted(model="fake/none")


async def test_a_model_that_was_switched_off_takes_no_new_jobs() -> None:
    world = JobWorld()
    await world.switches.switch(CARD.name, on=False)

    with pytest.raises(ModelUnavailable):
        await world.submitted()


async def test_a_request_that_does_not_fit_the_card_is_refused() -> None:
    with pytest.raises(InvalidParameters):
        await JobWorld().submitted(request=JobInput(prompt="x", parameters={"unknown": 1}))


async def test_somebody_elses_picture_is_as_good_as_missing() -> None:
    world = JobWorld(provider=FakeProvider(EDIT))
    world.shelf.rows[file_id(1)] = a_file(1, owner=BORIS)

    with pytest.raises(FileNotFound):
        await world.submitted(model=EDIT.name, job_type=JobType.IMAGE_EDIT, request=JobInput(image_file_id=file_id(1)))


async def test_a_price_by_megapixel_follows_the_input_picture() -> None:
    world = JobWorld(provider=FakeProvider(EDIT))
    world.shelf.rows[file_id(1)] = a_file(1)

    view = await world.submitted(
        model=EDIT.name, job_type=JobType.IMAGE_EDIT, request=JobInput(image_file_id=file_id(1))
    )

    assert view.credits_reserved == 1 + 3


async def test_a_provider_sees_the_sizes_of_the_pictures_and_can_refuse_before_a_credit_moves() -> None:
    card = replace(EDIT, takes_mask=True)
    world = JobWorld(provider=FakeProvider(card))
    world.shelf.rows |= {file_id(number): a_file(number) for number in (1, 2)}
    request = JobInput(image_file_id=file_id(1), mask_file_id=file_id(2))
    world.provider.impossible = InvalidParameters([("/parameters", "this cannot be done")])

    with pytest.raises(InvalidParameters, match="cannot be done"):
        await world.submitted(model=card.name, job_type=JobType.IMAGE_EDIT, request=request)

    (planned,) = world.provider.planned
    assert (planned.model, planned.input) == (card.name, request)
    assert planned.image == planned.mask == PictureSize(width=640, height=480)
    assert await world.balance() == (100, 0)
    assert world.jobs.rows == {}


async def test_the_same_key_with_the_same_request_gets_the_first_answer_again() -> None:
    world = JobWorld()
    first = await world.submitted(key=a_key())

    with pytest.raises(AlreadyAnswered) as again:
        await world.submitted(key=a_key(), funds=0)

    assert msgspec.json.decode(again.value.body)["id"] == str(first.id)
    assert len(world.jobs.rows) == 1


async def test_the_same_key_with_another_request_is_refused() -> None:
    world = JobWorld()
    await world.submitted(key=a_key())

    with pytest.raises(IdempotencyKeyReused):
        await world.submitted(key=a_key(b"other"), funds=0)
