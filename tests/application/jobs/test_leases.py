"""Who may work on a job, and what happens to those who may not any more."""

import asyncio
from datetime import timedelta

from pixie.application.jobs.ports import ReportProgress
from pixie.domain.jobs.generation import Done, GenerationRequest
from pixie.domain.jobs.job import JobStatus
from pixie.domain.kernel.ids import JobId
from tests.support.builders.files import a_caller
from tests.support.fakes.jobs import CautiousProvider, painted
from tests.support.job_worlds import CARD, JobWorld


async def hang(request: GenerationRequest, report: ReportProgress) -> Done:
    await asyncio.sleep(60)
    return Done(outputs=())


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
