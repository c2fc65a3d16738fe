from dataclasses import replace

import msgspec
import pytest

from pixie.application.jobs.views import JobView
from pixie.application.kernel.errors import AlreadyAnswered, IdempotencyKeyReused
from pixie.application.kernel.ports import IdempotencyKey
from pixie.domain.credits.errors import InsufficientCredits
from pixie.domain.files.errors import FileNotFound
from pixie.domain.files.media import MediaType
from pixie.domain.jobs.errors import InvalidParameters, ModelNotFound, ModelUnavailable
from pixie.domain.jobs.generation import PictureSize
from pixie.domain.jobs.job import JobStatus
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, Price
from tests.support.builders.files import ANNA, BORIS, a_file, an_inspection, file_id
from tests.support.builders.jobs import a_card
from tests.support.fakes.jobs import FakeProvider
from tests.support.job_worlds import CARD, JobWorld

EDIT = a_card(
    "fake/edit",
    model_type=JobType.IMAGE_EDIT,
    needs_image=True,
    max_input_images=3,
    max_input_megapixels=1.0,
    max_total_megapixels=2.0,
    price=Price(base=1, per_megapixel=3),
)


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


async def edited(world: JobWorld, *numbers: int) -> JobView:
    request = JobInput(image_file_ids=tuple(file_id(number) for number in numbers))
    return await world.submitted(model=EDIT.name, job_type=JobType.IMAGE_EDIT, request=request)


async def test_several_pictures_are_priced_together() -> None:
    world = JobWorld(provider=FakeProvider(EDIT))
    for number in (1, 2):
        world.shelf.rows[file_id(number)] = a_file(number, inspection=an_inspection(width=1000, height=600))

    view = await edited(world, 1, 2, 1)

    assert view.input.image_file_ids == (file_id(1), file_id(2), file_id(1))
    assert view.credits_reserved == 1 + 3 * 2


@pytest.mark.parametrize("stranger", [1, 2, 3])
async def test_each_of_several_pictures_must_be_the_callers(stranger: int) -> None:
    world = JobWorld(provider=FakeProvider(EDIT))
    for number in (1, 2, 3):
        world.shelf.rows[file_id(number)] = a_file(number, owner=BORIS if number == stranger else ANNA)

    with pytest.raises(FileNotFound):
        await edited(world, 1, 2, 3)

    assert world.jobs.rows == {}
    assert await world.balance() == (100, 0)


@pytest.mark.parametrize("sides", [(1001, 1000), (900, 800)])
async def test_the_limits_hold_for_each_picture_and_for_all_of_them(sides: tuple[int, int]) -> None:
    world = JobWorld(provider=FakeProvider(EDIT))
    world.shelf.rows[file_id(1)] = a_file(1, inspection=an_inspection(width=sides[0], height=sides[1]))

    with pytest.raises(InvalidParameters, match=r"takes (pictures of )?up to \d+ megapixels?\b"):
        await edited(world, 1, 1, 1)

    assert await world.balance() == (100, 0)


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


VIDEO = a_card(
    "fake/video",
    model_type=JobType.VIDEO_GENERATION,
    takes_image=True,
    price=Price(base=1, per_second=2),
    usual_seconds=3,
)


async def filmed(world: JobWorld, request: JobInput) -> JobView:
    return await world.submitted(model=VIDEO.name, job_type=JobType.VIDEO_GENERATION, request=request)


async def test_a_video_of_no_named_duration_gets_the_usual_one_and_is_paid_for() -> None:
    view = await filmed(JobWorld(provider=FakeProvider(VIDEO)), JobInput())

    assert view.input.duration_seconds == 3
    assert view.credits_reserved == 1 + 2 * 3


async def test_a_video_longer_than_the_model_makes_is_refused_before_any_credit_moves() -> None:
    world = JobWorld(provider=FakeProvider(replace(VIDEO, max_seconds=10)))

    with pytest.raises(InvalidParameters) as refused:
        await filmed(world, JobInput(duration_seconds=10.5))

    assert [pointer for pointer, _ in refused.value.fields] == ["/duration_seconds"]
    assert world.uow.commits == 0


@pytest.mark.parametrize(
    ("request_", "pointer"),
    [
        (JobInput(image_file_id=file_id(1)), "/image_file_id"),
        (JobInput(image_file_ids=(file_id(2), file_id(1))), "/image_file_ids/1"),
        (JobInput(image_file_id=file_id(2), mask_file_id=file_id(1)), "/mask_file_id"),
    ],
    ids=["picture", "pictures", "mask"],
)
async def test_a_video_is_no_picture_to_work_on(request_: JobInput, pointer: str) -> None:
    world = JobWorld(provider=FakeProvider(replace(EDIT, takes_mask=True)))
    world.shelf.rows[file_id(1)] = a_file(1, inspection=an_inspection(MediaType.MP4))
    world.shelf.rows[file_id(2)] = a_file(2)

    with pytest.raises(InvalidParameters) as refused:
        await world.submitted(model=EDIT.name, job_type=JobType.IMAGE_EDIT, request=request_)

    assert [each for each, _ in refused.value.fields] == [pointer]
    assert world.uow.commits == 0
