import asyncio
import hashlib
from datetime import timedelta

import pytest

from pixie.application.jobs.ports import ReportProgress
from pixie.domain.files.errors import InvalidImage, StorageUnavailable
from pixie.domain.files.media import MediaType
from pixie.domain.jobs.errors import ProviderDown, ProviderRefused, ProviderThrottled
from pixie.domain.jobs.generation import Done, GenerationRequest, OutputUrl, Pending, Ticket
from pixie.domain.jobs.job import JobStatus
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, Price
from pixie.domain.kernel.errors import PixieError
from tests.support.builders.files import a_file, an_inspection, file_id
from tests.support.builders.jobs import a_card
from tests.support.fakes.jobs import Answer, FakeProvider, painted
from tests.support.job_worlds import JobWorld

TICKET = Ticket(value="t-1", look_after=timedelta(seconds=2))


def failing_with(error: PixieError) -> Answer:
    async def answer(request: GenerationRequest, report: ReportProgress) -> Done:
        raise error

    return answer


async def give_ticket(request: GenerationRequest, report: ReportProgress) -> Ticket:
    return TICKET


async def test_a_job_runs_to_its_end_and_its_credits_are_captured() -> None:
    world = JobWorld()
    view = await world.submitted(images=2)

    await world.run(view.id)

    job = world.row(view.id)
    assert (job.status, job.progress, job.credits_used, job.attempts) == (JobStatus.COMPLETED, 100, 4, 1)
    assert await world.balance() == (96, 0)
    assert len(job.outputs) == len(world.shelf.rows) == 2
    assert world.outbox.topics == ["jobs.succeeded"]
    assert view.id in world.usage.jobs
    assert world.workdirs.open_now == 0


async def test_fewer_images_than_asked_for_cost_less() -> None:
    world = JobWorld()

    async def paint_one(request: GenerationRequest, report: ReportProgress) -> Done:
        return painted(request, 1)

    world.provider.on_submit = paint_one
    view = await world.submitted(images=3)

    await world.run(view.id)

    assert world.row(view.id).credits_used == 2
    assert await world.balance() == (98, 0)


async def test_a_duplicate_hint_finds_nothing_to_do() -> None:
    world = JobWorld()
    view = await world.submitted()

    await world.run(view.id)
    await world.run(view.id)

    assert len(world.provider.submitted) == 1
    assert await world.balance() == (98, 0)


async def test_two_workers_with_the_same_hint_start_the_job_once() -> None:
    world = JobWorld()
    view = await world.submitted()

    await asyncio.gather(*(world.run(view.id) for _ in range(5)))

    assert len(world.provider.submitted) == 1


async def test_a_refused_request_fails_at_once_and_gives_the_credits_back() -> None:
    world = JobWorld()
    world.provider.on_submit = failing_with(ProviderRefused("no such style"))
    view = await world.submitted()

    await world.run(view.id)

    job = world.row(view.id)
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert (job.error.code, job.error.retryable) == ("provider_refused", False)
    assert await world.balance() == (100, 0)
    assert world.outbox.topics == ["jobs.failed"]


async def test_a_provider_that_is_down_is_tried_again_later_until_the_attempts_are_used_up() -> None:
    world = JobWorld()
    world.provider.on_submit = failing_with(ProviderDown("fake", "connection refused"))
    view = await world.submitted()

    await world.run(view.id)
    assert (world.row(view.id).status, world.row(view.id).due_at > world.clock.now()) == (JobStatus.PENDING, True)

    await world.run(view.id)
    assert len(world.provider.submitted) == 1, "it was not due yet"

    for _ in range(2):
        world.clock.pass_time(minutes=2)
        await world.run(view.id)

    job = world.row(view.id)
    assert (job.status, job.attempts) == (JobStatus.FAILED, 3)
    assert job.error is not None
    assert job.error.retryable
    assert await world.balance() == (100, 0)


async def test_every_attempt_carries_the_same_idempotency_key() -> None:
    world = JobWorld()
    world.provider.on_submit = failing_with(ProviderDown("fake", "gone"))
    view = await world.submitted()

    for _ in range(3):
        await world.run(view.id)
        world.clock.pass_time(minutes=5)

    assert {request.idempotency_key for request in world.provider.submitted} == {str(view.id)}
    assert [request.attempt for request in world.provider.submitted] == [1, 2, 3]


async def test_a_throttling_provider_is_left_alone_for_as_long_as_it_wishes() -> None:
    world = JobWorld()
    world.provider.on_submit = failing_with(ProviderThrottled("fake", timedelta(seconds=90)))
    view = await world.submitted()

    await world.run(view.id)

    assert world.row(view.id).due_at >= world.clock.now() + timedelta(seconds=90)


async def test_a_ticket_is_kept_and_polled_without_a_second_submission() -> None:
    world = JobWorld()
    world.provider.on_submit = give_ticket
    view = await world.submitted()
    await world.run(view.id)
    job = world.row(view.id)
    assert (job.ticket, job.leased, job.status) == (TICKET, False, JobStatus.PROCESSING)

    world.clock.pass_time(seconds=2)
    await world.run(view.id)

    assert world.row(view.id).status is JobStatus.COMPLETED
    assert (len(world.provider.submitted), world.row(view.id).attempts) == (1, 1)


async def test_a_provider_still_at_work_tells_its_progress() -> None:
    world = JobWorld()
    world.provider.on_submit = give_ticket

    async def half_done(ticket: Ticket, request: GenerationRequest) -> Pending:
        return Pending(progress=50, look_after=timedelta(seconds=3))

    world.provider.on_poll = half_done
    view = await world.submitted()

    await world.run(view.id)
    world.clock.pass_time(seconds=2)
    await world.run(view.id)

    job = world.row(view.id)
    assert (job.progress, job.due_at) == (50, world.clock.now() + timedelta(seconds=3))


async def test_a_request_past_its_deadline_fails_with_a_refund() -> None:
    world = JobWorld(provider=FakeProvider(a_card(deadline_seconds=10)))
    world.provider.on_submit = give_ticket

    async def never(ticket: Ticket, request: GenerationRequest) -> Pending:
        return Pending()

    world.provider.on_poll = never
    view = await world.submitted()

    await world.run(view.id)
    world.clock.pass_time(seconds=11)
    await world.run(view.id)

    job = world.row(view.id)
    assert job.error is not None
    assert job.error.code == "deadline_exceeded"
    assert await world.balance() == (100, 0)


async def test_trouble_while_polling_keeps_the_ticket() -> None:
    world = JobWorld()
    world.provider.on_submit = give_ticket

    async def down(ticket: Ticket, request: GenerationRequest) -> Done:
        raise ProviderDown("fake", "gone")

    world.provider.on_poll = down
    view = await world.submitted()

    await world.run(view.id)
    world.clock.pass_time(seconds=2)
    await world.run(view.id)

    assert world.row(view.id).ticket == TICKET
    assert len(world.provider.submitted) == 1


async def test_a_plug_in_that_breaks_is_a_provider_that_is_down() -> None:
    world = JobWorld()

    async def broken(request: GenerationRequest, report: ReportProgress) -> Done:
        raise KeyError("surprise")

    world.provider.on_submit = broken
    view = await world.submitted()

    await world.run(view.id)

    job = world.row(view.id)
    assert job.status is JobStatus.PENDING
    assert "KeyError" in job.history[-1].note


@pytest.mark.parametrize("outputs", [(), (OutputUrl(url="https://results.test/1"),)])
async def test_a_result_that_is_no_picture_fails_the_job_with_a_refund(outputs: tuple[OutputUrl, ...]) -> None:
    world = JobWorld()
    world.inspector.finds = InvalidImage("cut off")

    async def answer(request: GenerationRequest, report: ReportProgress) -> Done:
        return Done(outputs=outputs)

    world.provider.on_submit = answer
    view = await world.submitted()

    await world.run(view.id)

    job = world.row(view.id)
    assert job.error is not None
    assert job.error.code == "invalid_result"
    assert await world.balance() == (100, 0)
    assert world.blobs.blobs == {}


async def test_a_storage_that_is_down_puts_the_result_off() -> None:
    world = JobWorld()
    world.provider.on_submit = give_ticket
    view = await world.submitted()
    await world.run(view.id)

    world.blobs.down = True
    world.clock.pass_time(seconds=2)
    await world.run(view.id)
    assert world.row(view.id).ticket == TICKET

    world.blobs.down = False
    world.clock.pass_time(minutes=1)
    await world.run(view.id)
    assert world.row(view.id).status is JobStatus.COMPLETED
    assert len(world.provider.submitted) == 1


async def test_a_storage_error_of_a_direct_provider_is_an_attempt_that_failed() -> None:
    world = JobWorld()
    world.inspector.finds = StorageUnavailable()
    view = await world.submitted()

    await world.run(view.id)

    assert world.row(view.id).status is JobStatus.PENDING


async def test_a_provider_gets_local_copies_of_all_pictures_in_their_order() -> None:
    card = a_card("fake/collage", model_type=JobType.IMAGE_EDIT, needs_image=True, max_input_images=3)
    world = JobWorld(provider=FakeProvider(card))
    for number, content in ((1, b"one"), (2, b"two")):
        file = a_file(number, size=len(content), checksum=hashlib.sha256(content).hexdigest())
        world.shelf.rows[file.id] = file
        world.blobs.blobs[file.key] = content
    seen: list[bytes] = []

    async def look(request: GenerationRequest, report: ReportProgress) -> Done:
        assert request.image == request.images[0]
        seen.extend(image.path.read_bytes() for image in request.images)
        return painted(request, 1)

    world.provider.on_submit = look
    order = JobInput(image_file_ids=(file_id(2), file_id(1), file_id(2)))
    view = await world.submitted(model=card.name, job_type=JobType.IMAGE_EDIT, request=order)

    await world.run(view.id)

    assert world.row(view.id).status is JobStatus.COMPLETED
    assert seen == [b"two", b"one", b"two"]


@pytest.mark.parametrize(("made", "status"), [(MediaType.MP4, JobStatus.COMPLETED), (MediaType.PNG, JobStatus.FAILED)])
async def test_a_job_for_a_video_ends_with_a_video_or_fails(made: MediaType, status: JobStatus) -> None:
    card = a_card("fake/video", model_type=JobType.VIDEO_GENERATION, price=Price(base=1))
    world = JobWorld(provider=FakeProvider(card))
    world.inspector.finds = an_inspection(made)
    view = await world.submitted(model=card.name, job_type=JobType.VIDEO_GENERATION)

    await world.run(view.id)

    assert world.row(view.id).status is status
    assert len(world.shelf.rows) == (1 if status is JobStatus.COMPLETED else 0)
