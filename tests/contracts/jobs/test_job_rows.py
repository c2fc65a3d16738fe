"""The rows of jobs: what memory and PostgreSQL promise alike."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID, uuid4

import pytest

from pixie.adapters.jobs.pg_job_reader import PgJobReader, PgUsageReader
from pixie.adapters.jobs.pg_job_store import PgJobLeases, PgJobStore
from pixie.adapters.jobs.pg_usage_log import PgUsageLog
from pixie.adapters.kernel.clock import DatabaseClock
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.ids import Uuid7Source
from pixie.application.jobs.job_filter import JobFilter
from pixie.application.jobs.ports import JobLeases, JobReader, JobStore, UsageLog, UsageReader
from pixie.application.kernel.page import PageRequest
from pixie.application.kernel.ports import Clock, UnitOfWork
from pixie.domain.jobs.errors import JobNotFound
from pixie.domain.jobs.generation import Ticket
from pixie.domain.jobs.job import Job, JobError, JobStatus, Lease
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import FileId, JobId
from tests.support.builders.files import ANNA, BORIS
from tests.support.builders.jobs import a_card, a_job
from tests.support.databases import add_user, opened, unit_of
from tests.support.fakes.jobs import FakeJobLeases, FakeJobReader, FakeJobStore, FakeUsage
from tests.support.fakes.kernel import FakeClock, FakeUnitOfWork

LEASE = Lease(length=timedelta(seconds=30))


@dataclass
class JobUnit:
    store: JobStore
    usage: UsageLog
    uow: UnitOfWork


class JobRows(Protocol):
    clock: Clock
    reader: JobReader
    usage: UsageReader
    leases: JobLeases

    def unit(self) -> AbstractAsyncContextManager[JobUnit]: ...


@dataclass
class FakeJobRows(JobRows):
    clock: FakeClock = field(default_factory=FakeClock)
    store: FakeJobStore = field(default_factory=FakeJobStore)
    usage: FakeUsage = field(default_factory=FakeUsage)

    def __post_init__(self) -> None:
        self.reader = FakeJobReader(self.store)
        self.leases = FakeJobLeases(self.store, self.clock)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[JobUnit]:
        yield JobUnit(self.store, self.usage, FakeUnitOfWork())


class PgJobRows(JobRows):
    def __init__(self, database: Database, clock: Clock) -> None:
        self.clock = clock
        self.database = database
        self.reader = PgJobReader(database)
        self.usage = PgUsageReader(database)
        self.leases = PgJobLeases(database)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[JobUnit]:
        async with unit_of(self.database) as uow:
            yield JobUnit(PgJobStore(uow), PgUsageLog(uow, Uuid7Source()), uow)


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.infra)])
async def rows(request: pytest.FixtureRequest) -> AsyncIterator[JobRows]:
    if request.param == "memory":
        yield FakeJobRows()
        return
    async with opened(request.getfixturevalue("database_url")) as database:
        for user in (ANNA, BORIS):
            await add_user(database, user)
        clock = DatabaseClock(database)
        await clock.sync()
        yield PgJobRows(database, clock)


async def kept(rows: JobRows, *jobs: Job) -> None:
    async with rows.unit() as unit:
        for job in jobs:
            await unit.store.add(job)
        await unit.uow.commit()


def numbered(number: int) -> JobId:
    return JobId(UUID(f"0192ffff-0000-7000-8000-{number:012d}"))


async def test_a_job_comes_back_as_it_was_kept(rows: JobRows) -> None:
    job = a_job(owner=ANNA, request=JobInput(prompt="دریا", seed=3, parameters={"style": ["a", 1, None]}))
    job.claim(rows.clock.now(), LEASE)
    job.keep_ticket(1, Ticket(value="t-1", look_after=timedelta(milliseconds=1500)))

    await kept(rows, job)

    async with rows.unit() as unit:
        assert await unit.store.lock(job.id) == job


async def test_the_pictures_of_a_job_come_back_in_their_order(rows: JobRows) -> None:
    pictures = tuple(FileId(uuid4()) for _ in range(16))
    job = a_job(owner=ANNA, request=JobInput(image_file_ids=(*pictures, pictures[0])))

    await kept(rows, job)

    async with rows.unit() as unit:
        assert (await unit.store.lock(job.id)).input.pictures == (*pictures, pictures[0])
    found = await rows.reader.find(job.id)
    assert found is not None
    assert found[1].input == job.input


async def test_a_job_that_ended_comes_back_with_its_end(rows: JobRows) -> None:
    job = a_job(owner=ANNA)
    job.claim(rows.clock.now(), LEASE)
    await kept(rows, job)

    job.fail(JobError(code="provider_refused", message="no", retryable=False), rows.clock.now())
    async with rows.unit() as unit:
        await unit.store.lock(job.id)
        await unit.store.save(job)
        await unit.uow.commit()

    async with rows.unit() as unit:
        assert await unit.store.lock(job.id) == job


async def test_an_unknown_job_is_not_found(rows: JobRows) -> None:
    async with rows.unit() as unit:
        with pytest.raises(JobNotFound):
            await unit.store.lock(JobId(uuid4()))
    assert await rows.reader.find(JobId(uuid4())) is None
    assert await rows.reader.trace(JobId(uuid4())) is None


async def test_a_removed_job_is_gone(rows: JobRows) -> None:
    job = a_job(owner=ANNA)
    await kept(rows, job)

    async with rows.unit() as unit:
        await unit.store.remove(job.id)
        await unit.uow.commit()

    assert await rows.reader.find(job.id) is None


async def test_only_the_newest_holder_renews_a_lease(rows: JobRows) -> None:
    job = a_job(owner=ANNA)
    job.claim(rows.clock.now(), LEASE)
    await kept(rows, job)

    assert await rows.leases.renew(job.id, job.fence, timedelta(minutes=5))
    assert not await rows.leases.renew(job.id, job.fence - 1, timedelta(minutes=5))

    async with rows.unit() as unit:
        assert (await unit.store.lock(job.id)).due_at > rows.clock.now() + timedelta(minutes=4)


async def test_progress_only_grows_and_numbers_the_change(rows: JobRows) -> None:
    job = a_job(owner=ANNA)
    job.claim(rows.clock.now(), LEASE)
    await kept(rows, job)

    assert await rows.leases.report(job.id, job.fence, 40) == job.version + 1
    assert await rows.leases.report(job.id, job.fence, 30) is None
    assert await rows.leases.report(job.id, job.fence - 1, 90) is None

    found = await rows.reader.find(job.id)
    assert found is not None
    assert found[1].progress == 40


async def test_a_finished_job_takes_no_more_progress(rows: JobRows) -> None:
    job = a_job(owner=ANNA)
    job.claim(rows.clock.now(), LEASE)
    job.complete(job.fence, (), 1, rows.clock.now())
    await kept(rows, job)

    assert await rows.leases.report(job.id, job.fence, 50) is None
    assert not await rows.leases.renew(job.id, job.fence, timedelta(minutes=1))


async def test_a_list_is_newest_first_and_goes_on_where_it_stopped(rows: JobRows) -> None:
    await kept(rows, *(a_job(job_id=numbered(number), owner=ANNA) for number in range(1, 6)))
    await kept(rows, a_job(owner=BORIS))

    first = await rows.reader.page_for(ANNA, JobFilter(), PageRequest(limit=2))
    assert [view.id for view in first] == [numbered(5), numbered(4), numbered(3)]

    rest = await rows.reader.page_for(ANNA, JobFilter(), PageRequest(limit=10, before=numbered(4)))
    assert [view.id for view in rest] == [numbered(3), numbered(2), numbered(1)]
    assert len(await rows.reader.page_for(None, JobFilter(), PageRequest(limit=10))) == 6


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (JobFilter(status=JobStatus.CANCELLED), [2]),
        (JobFilter(job_type=JobType.IMAGE_EDIT), [3]),
        (JobFilter(model="fake/other"), [3]),
        (JobFilter(text="LAKE"), [1]),
        (JobFilter(text="100%_"), []),
    ],
)
async def test_a_list_can_be_narrowed(rows: JobRows, wanted: JobFilter, found: list[int]) -> None:
    cancelled = a_job(job_id=numbered(2), owner=ANNA, request=JobInput(prompt="a hill"))
    cancelled.cancel(rows.clock.now())
    other = a_card("fake/other", model_type=JobType.IMAGE_EDIT)
    await kept(
        rows,
        a_job(job_id=numbered(1), owner=ANNA, request=JobInput(prompt="a lake")),
        cancelled,
        a_job(job_id=numbered(3), owner=ANNA, card=other, request=JobInput(prompt=None)),
    )

    views = await rows.reader.page_for(ANNA, wanted, PageRequest())

    assert [view.id for view in views] == [numbered(number) for number in found]


async def test_usage_is_noted_once_for_a_job_and_summed_by_day_and_model(rows: JobRows) -> None:
    jobs = [a_job(owner=ANNA, credits_held=3) for _ in range(2)]
    for job in jobs:
        job.claim(rows.clock.now(), LEASE)
        job.complete(job.fence, (FileId(uuid4()),), 3, rows.clock.now())
    async with rows.unit() as unit:
        for job in (*jobs, jobs[0]):
            await unit.usage.add(job)
        await unit.uow.commit()

    totals = await rows.usage.totals(ANNA, since=None, until=None, model=None, job_type=None)

    assert [(row.model, row.jobs, row.credits_used) for row in totals] == [("fake/sketch", 2, 6)]
    tomorrow = rows.clock.now().date() + timedelta(days=1)
    assert await rows.usage.totals(ANNA, since=tomorrow, until=None, model=None, job_type=None) == []
    assert await rows.usage.totals(BORIS, since=None, until=None, model=None, job_type=None) == []


async def test_a_trace_tells_all_states(rows: JobRows) -> None:
    job = a_job(owner=ANNA)
    job.claim(rows.clock.now(), LEASE)
    job.retry(1, timedelta(seconds=1), rows.clock.now(), "provider_unavailable: gone")
    await kept(rows, job)

    trace = await rows.reader.trace(job.id)

    assert trace is not None
    assert [(moment.status, moment.note) for moment in trace.history] == [
        (JobStatus.PROCESSING, ""),
        (JobStatus.PENDING, "provider_unavailable: gone"),
    ]
