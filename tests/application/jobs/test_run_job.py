import asyncio
from datetime import timedelta

import pytest

from pixie.application.jobs.ports import ReportProgress
from pixie.domain.files.errors import InvalidImage, StorageUnavailable
from pixie.domain.jobs.errors import ProviderDown, ProviderRefused, ProviderThrottled
from pixie.domain.jobs.generation import Done, GenerationRequest, OutputUrl, Pending, Ticket
from pixie.domain.jobs.job import JobStatus
from pixie.domain.kernel.errors import PixieError
from pixie.domain.kernel.ids import JobId
from tests.support.builders.files import a_caller
from tests.support.builders.jobs import a_card
from tests.support.fakes.jobs import Answer, CautiousProvider, FakeProvider, painted
from tests.support.job_worlds import CARD, JobWorld

TICKET = Ticket(value="t-1", look_after=timedelta(seconds=2))


def failing_with(error: PixieError) -> Answer:
    async def answer(request: GenerationRequest, report: ReportProgress) -> Done:
        raise error

    return answer


async def give_ticket(request: GenerationRequest, report: ReportProgress) -> Ticket:
    return TICKET


async def hang(request: GenerationRequest, report: ReportProgress) -> Done:
    await asyncio.sleep(60)
    return Done(outputs=())


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


async def test_a_cancel_stops_the_work_within_a_second() -> None:
    world = JobWorld()
    world.provider.on_submit = hang
    view = await world.submitted()
    running = asyncio.create_task(world.run(view.id))
    await world.provider.was_asked.wait()

    await world.cancel(a_caller(), view.id)

    async with asyncio.timeout(1):
        await running
    assert world.row(view.id).status is JobStatus.CANCELLED
    assert await world.balance() == (100, 0)
    assert world.workdirs.open_now == 0


async def test_a_worker_that_lost_its_lease_writes_nothing() -> None:
    world = JobWorld()
    view = await world.submitted()

    async def be_overtaken(request: GenerationRequest, report: ReportProgress) -> Done:
        world.clock.pass_time(seconds=31)
        job = await world.jobs.lock(view.id)
        job.claim(world.clock.now(), world.lease)
        await world.jobs.save(job)
        return painted(request, 1)

    world.provider.on_submit = be_overtaken

    await world.run(view.id)

    job = world.row(view.id)
    assert (job.status, job.fence, job.deaths) == (JobStatus.PROCESSING, 2, 1)
    assert world.shelf.rows == {}
    assert await world.balance() == (98, 2)


async def test_a_lease_is_renewed_while_the_work_runs() -> None:
    world = JobWorld()

    async def slow(request: GenerationRequest, report: ReportProgress) -> Done:
        await asyncio.sleep(0.1)
        return painted(request, 1)

    world.provider.on_submit = slow
    view = await world.submitted()

    await world.run(view.id)

    assert world.leases.renewals >= 2


async def test_a_leaving_worker_gives_its_job_back() -> None:
    world = JobWorld()
    world.provider.on_submit = hang
    view = await world.submitted()
    running = asyncio.create_task(world.run(view.id))
    await world.provider.was_asked.wait()

    world.leaving.announce()
    await running

    job = world.row(view.id)
    assert (job.status, job.attempts, job.due_at) == (JobStatus.PENDING, 0, world.clock.now())


async def test_a_job_that_killed_three_workers_is_given_up_with_a_refund() -> None:
    world = JobWorld()
    view = await world.submitted()
    for _ in range(3):
        job = await world.jobs.lock(view.id)
        job.claim(world.clock.now(), world.lease)
        await world.jobs.save(job)
        world.clock.pass_time(seconds=30)

    await world.run(view.id)

    found = world.row(view.id)
    assert found.error is not None
    assert found.error.code == "quarantined"
    assert world.provider.submitted == []
    assert await world.balance() == (100, 0)


async def died_with(world: JobWorld, *job_ids: JobId, times: int) -> None:
    """All these jobs were in the hands of workers that died."""
    for _ in range(times):
        for job_id in job_ids:
            job = await world.jobs.lock(job_id)
            job.claim(world.clock.now(), world.lease)
            await world.jobs.save(job)
        world.clock.pass_time(seconds=30)


async def test_of_jobs_with_one_worker_left_to_lose_only_one_runs_at_a_time() -> None:
    world = JobWorld()
    one, other, fresh = [(await world.submitted()).id for _ in range(3)]
    await died_with(world, one, other, times=2)
    usual, world.provider.on_submit = world.provider.on_submit, hang
    first = asyncio.create_task(world.run(one))
    await world.provider.was_asked.wait()

    await world.run(other)
    waiting = world.row(other)
    assert (waiting.fence, waiting.deaths, waiting.leased) == (2, 1, True)
    assert waiting.due_at == world.clock.now() + timedelta(seconds=1)
    world.provider.on_submit = usual
    await world.run(fresh)
    assert world.row(fresh).status is JobStatus.COMPLETED

    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    world.clock.pass_time(seconds=1)
    await world.run(other)
    assert world.row(other).status is JobStatus.COMPLETED


async def test_a_request_that_may_have_reached_a_cautious_provider_is_not_sent_again() -> None:
    world = JobWorld(provider=CautiousProvider(CARD))
    view = await world.submitted()
    job = await world.jobs.lock(view.id)
    job.claim(world.clock.now(), world.lease)
    await world.jobs.save(job)
    world.clock.pass_time(seconds=30)

    await world.run(view.id)

    found = world.row(view.id)
    assert found.error is not None
    assert found.error.code == "outcome_unknown"
    assert world.provider.submitted == []
    assert await world.balance() == (100, 0)


async def test_a_storage_error_of_a_direct_provider_is_an_attempt_that_failed() -> None:
    world = JobWorld()
    world.inspector.finds = StorageUnavailable()
    view = await world.submitted()

    await world.run(view.id)

    assert world.row(view.id).status is JobStatus.PENDING
