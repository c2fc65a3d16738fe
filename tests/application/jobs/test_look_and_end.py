import asyncio

import pytest

from pixie.application.jobs.catalogue import EstimateJob, ListModels, PublishCatalogue, SwitchModel
from pixie.application.jobs.job_filter import JobFilter
from pixie.application.jobs.read_jobs import ListJobs, ShowUsage
from pixie.application.jobs.retry_job import RetryJob
from pixie.application.jobs.tell_provider import TellProvider
from pixie.application.jobs.trace_job import ListAllJobs, TraceJob
from pixie.application.jobs.views import JobView
from pixie.application.jobs.watch_job import WatchJob
from pixie.application.kernel.caller import Operator
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.page import PageRequest
from pixie.domain.jobs.errors import JobNotFound, JobNotOver, ModelNotFound, ProviderMisconfigured, UsageNotFound
from pixie.domain.jobs.generation import Ticket
from pixie.domain.jobs.job import JobStatus
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.kernel.role import Role
from tests.support.builders.files import ANNA, BORIS, a_caller
from tests.support.fakes.jobs import FakeJobReader
from tests.support.job_worlds import CARD, JobWorld
from tests.support.sessions import FakeSessionWatch

SHELL = Operator(name="shell")


async def test_a_cancelled_job_gives_all_credits_back_and_tells_its_provider() -> None:
    world = JobWorld()
    view = await world.submitted(images=3)

    cancelled = await world.cancel(a_caller(), view.id)

    assert cancelled.status is JobStatus.CANCELLED
    assert await world.balance() == (100, 0)
    assert world.outbox.topics == ["jobs.cancelled"]


async def test_a_second_cancel_changes_nothing() -> None:
    world = JobWorld()
    view = await world.submitted()
    await world.cancel(a_caller(), view.id)

    again = await world.cancel(a_caller(), view.id)

    assert again.status is JobStatus.CANCELLED
    assert world.outbox.topics == ["jobs.cancelled"]
    assert await world.balance() == (100, 0)


async def test_a_cancel_after_the_end_returns_the_end() -> None:
    world = JobWorld()
    view = await world.submitted()
    await world.run(view.id)

    assert (await world.cancel(a_caller(), view.id)).status is JobStatus.COMPLETED
    assert await world.balance() == (98, 0)


async def test_nobody_cancels_sees_or_removes_somebody_elses_job() -> None:
    world = JobWorld()
    view = await world.submitted()

    for act in (world.cancel, world.purge, world.show, world.result):
        with pytest.raises(JobNotFound):
            await act(a_caller(BORIS), view.id)


async def test_an_admin_may_cancel_any_job() -> None:
    world = JobWorld()
    view = await world.submitted()

    assert (await world.cancel(a_caller(BORIS, Role.ADMIN), view.id)).status is JobStatus.CANCELLED


async def test_only_a_job_that_is_over_can_be_removed() -> None:
    world = JobWorld()
    view = await world.submitted()
    with pytest.raises(JobNotOver):
        await world.purge(a_caller(), view.id)

    await world.run(view.id)
    await world.purge(a_caller(), view.id)

    with pytest.raises(JobNotFound):
        await world.show(a_caller(), view.id)
    assert world.shelf.rows, "its files stay"


async def test_a_result_is_there_when_the_job_is_over_and_not_before() -> None:
    world = JobWorld()
    view = await world.submitted(images=2)
    with pytest.raises(JobNotOver):
        await world.result(a_caller(), view.id)

    await world.run(view.id)

    assert len((await world.result(a_caller(), view.id)).outputs) == 2


async def test_waiting_answers_as_soon_as_the_job_is_over() -> None:
    world = JobWorld()
    view = await world.submitted()
    waiting = asyncio.create_task(world.show(a_caller(), view.id, wait=30))
    await asyncio.sleep(0.01)

    await world.run(view.id)

    async with asyncio.timeout(1):
        assert (await waiting).status is JobStatus.COMPLETED


async def test_waiting_ends_in_time_even_if_nothing_happens() -> None:
    world = JobWorld()
    view = await world.submitted()

    async with asyncio.timeout(1):
        assert (await world.show(a_caller(), view.id, wait=0.05)).status is JobStatus.PENDING


async def test_a_provider_without_a_ticket_is_not_bothered() -> None:
    world = JobWorld()
    tell = TellProvider(providers=world.providers)

    await tell("fake", None)
    await tell("fake", "t-1")
    await tell("not-installed-any-more", "t-2")

    assert world.provider.cancelled == [Ticket(value="t-1")]


async def test_a_job_can_be_run_again_at_todays_price_as_a_new_job() -> None:
    world = JobWorld()
    first = await world.submitted()
    retry = RetryJob(jobs=world.jobs, submit=world.submit)
    with pytest.raises(JobNotOver):
        await retry(SHELL, first.id)

    await world.run(first.id)
    second = await retry(SHELL, first.id)

    assert second.id != first.id
    assert second.input == first.input
    assert world.row(first.id).status is JobStatus.COMPLETED
    assert await world.balance() == (96, 2)


async def test_only_operators_look_into_everybodys_jobs() -> None:
    world = JobWorld()
    view = await world.submitted()
    reader = FakeJobReader(world.jobs)

    assert (await TraceJob(reader=reader)(SHELL, view.id)).owner == ANNA
    page = await ListAllJobs(reader=reader)(SHELL, None, JobFilter(), PageRequest())
    assert [found.id for found in page.items] == [view.id]
    with pytest.raises(NotAllowed):
        await TraceJob(reader=reader)(a_caller(), view.id)
    with pytest.raises(NotAllowed):
        await ListAllJobs(reader=reader)(a_caller(), None, JobFilter(), PageRequest())


async def test_my_list_holds_my_jobs_page_by_page() -> None:
    world = JobWorld()
    made = [await world.submitted() for _ in range(3)]
    list_jobs = ListJobs(reader=FakeJobReader(world.jobs), links=world.links)

    first = await list_jobs(a_caller(), JobFilter(), PageRequest(limit=2))
    assert [view.id for view in first.items] == [made[2].id, made[1].id]
    assert first.next_cursor == made[1].id

    rest = await list_jobs(a_caller(), JobFilter(), PageRequest(limit=2, before=first.next_cursor))
    assert ([view.id for view in rest.items], rest.next_cursor) == ([made[0].id], None)
    assert (await list_jobs(a_caller(BORIS), JobFilter(), PageRequest())).items == []


async def test_usage_is_for_its_owner_and_admins() -> None:
    world = JobWorld()
    view = await world.submitted()
    await world.run(view.id)
    show = ShowUsage(reader=world.usage)

    assert (await show(a_caller(), ANNA)).total_credits == 2
    assert (await show(a_caller(BORIS, Role.ADMIN), ANNA)).total_jobs == 1
    with pytest.raises(UsageNotFound):
        await show(a_caller(BORIS), ANNA)


async def test_an_estimate_moves_nothing_and_tells_whether_it_can_be_paid() -> None:
    world = JobWorld()
    await world.credits.fund(ANNA, 3)
    estimate = EstimateJob(quote=world.quote, holds=world.credits.holds)

    cheap = await estimate(a_caller(), None, CARD.name, JobInput(prompt="x"))
    dear = await estimate(a_caller(), None, CARD.name, JobInput(prompt="x", num_images=2))

    assert (cheap.credits, cheap.available, cheap.affordable) == (2, 3, True)
    assert (dear.credits, dear.affordable) == (4, False)
    assert await world.balance() == (3, 0)


async def test_the_catalogue_tells_what_is_on() -> None:
    world = JobWorld()
    await PublishCatalogue(providers=world.providers, switches=world.switches, uow=world.uow)()
    switch = SwitchModel(switches=world.switches, uow=world.uow)
    await switch(SHELL, CARD.name, on=False)
    list_models = ListModels(providers=world.providers, switches=world.switches)

    (model,) = await list_models()

    assert (model.available, model.unavailable_reason) == (False, "switched off by the operator")
    assert await list_models(available=True) == []
    assert await list_models(provider="other") == []
    with pytest.raises(ModelNotFound):
        await switch(SHELL, "fake/none", on=True)


async def test_only_admins_switch_models() -> None:
    world = JobWorld()
    switch = SwitchModel(switches=world.switches, uow=world.uow)

    with pytest.raises(NotAllowed):
        await switch(a_caller(), CARD.name, on=False)

    assert await world.switches.is_on(CARD.name)


async def test_a_provider_that_was_uninstalled_cannot_be_asked() -> None:
    with pytest.raises(ProviderMisconfigured):
        JobWorld().providers.get("gone")


def watching(world: JobWorld, sessions: FakeSessionWatch, quiet_seconds: float = 10) -> WatchJob:
    return WatchJob(
        reader=FakeJobReader(world.jobs),
        feed=world.feed,
        sessions=sessions,
        links=world.links,
        quiet_seconds=quiet_seconds,
    )


async def test_a_stream_tells_newer_states_and_ends_with_the_last() -> None:
    world = JobWorld()
    view = await world.submitted()
    seen: list[JobView] = []

    async def follow() -> None:
        async for state in watching(world, FakeSessionWatch())(a_caller(), view.id):
            assert state is not None
            seen.append(state)

    following = asyncio.create_task(follow())
    await asyncio.sleep(0.01)
    await world.run(view.id)
    async with asyncio.timeout(1):
        await following

    versions = [state.version for state in seen]
    assert versions == sorted(set(versions))
    assert (seen[0].status, seen[-1].status) == (JobStatus.PENDING, JobStatus.COMPLETED)


async def test_a_client_that_was_cut_off_goes_on_where_it_was() -> None:
    world = JobWorld()
    view = await world.submitted()
    watch = watching(world, FakeSessionWatch())
    await world.run(view.id)
    last = world.row(view.id).version

    states = [state async for state in watch(a_caller(), view.id, last_seen=1)]

    assert [state.version for state in states if state] == [last]
    assert await watch.over(a_caller(), view.id, last)
    assert not await watch.over(a_caller(), view.id, last - 1)


async def test_signing_out_ends_the_stream() -> None:
    world = JobWorld()
    view = await world.submitted()
    sessions = FakeSessionWatch()
    states = watching(world, sessions)(a_caller(), view.id)

    assert (first := await anext(states)) is not None
    asyncio.get_running_loop().call_later(0.01, sessions.sign_out)

    async with asyncio.timeout(1):
        assert [state async for state in states] == []
    assert first.version == 1


async def test_nothing_is_told_between_signing_out_and_the_end_of_the_stream() -> None:
    world = JobWorld()
    view = await world.submitted()
    sessions = FakeSessionWatch()
    states = watching(world, sessions)(a_caller(), view.id)

    await anext(states)
    sessions.running = False  # and nobody has noticed yet
    await world.run(view.id)

    assert [state async for state in states] == []


async def test_a_quiet_stream_shows_that_it_lives() -> None:
    world = JobWorld()
    view = await world.submitted()
    states = watching(world, FakeSessionWatch(), 0.02)(a_caller(), view.id)

    assert (await anext(states)) is not None
    assert (await anext(states)) is None


async def test_somebody_elses_stream_is_as_good_as_missing() -> None:
    world = JobWorld()
    view = await world.submitted()

    with pytest.raises(JobNotFound):
        await watching(world, FakeSessionWatch()).over(a_caller(BORIS), view.id, 0)
