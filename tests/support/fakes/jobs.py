"""Stand-ins for the ports of jobs, kept in memory."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from pixie.application.jobs.job_filter import JobFilter
from pixie.application.jobs.ports import (
    JobFeed,
    JobLeases,
    JobReader,
    JobStore,
    JobWatch,
    ModelSwitches,
    ParameterCheck,
    Provider,
    Providers,
    ReportProgress,
    Resubmission,
    ResultFetcher,
    UsageLog,
    UsageReader,
    WatchEnded,
    Workdirs,
)
from pixie.application.jobs.views import JobTrace, JobView, UsageRow
from pixie.application.kernel.page import PageRequest
from pixie.application.kernel.ports import Clock
from pixie.domain.jobs.errors import InvalidParameters, JobNotFound, ModelNotFound, ProviderMisconfigured
from pixie.domain.jobs.generation import Done, GenerationRequest, OutputFile, Pending, PlannedRequest, Ticket
from pixie.domain.jobs.job import Job
from pixie.domain.jobs.model_card import JobType, ModelCard
from pixie.domain.kernel.ids import FileId, JobId, UserId
from pixie.domain.kernel.json import JsonObject
from tests.support.fakes.kernel import FakeLinks


class FakeJobStore(JobStore):
    """Gives out copies, so that what was not saved is not kept."""

    def __init__(self) -> None:
        self.rows: dict[JobId, Job] = {}

    async def add(self, job: Job) -> None:
        self.rows[job.id] = deepcopy(job)

    async def lock(self, job_id: JobId) -> Job:
        if job_id not in self.rows:
            raise JobNotFound
        return deepcopy(self.rows[job_id])

    async def save(self, job: Job) -> None:
        self.rows[job.id] = deepcopy(job)

    async def remove(self, job_id: JobId) -> None:
        self.rows.pop(job_id, None)


class FakeJobLeases(JobLeases):
    def __init__(self, store: FakeJobStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.renewals = 0

    async def renew(self, job_id: JobId, fence: int, length: timedelta) -> bool:
        job = self._held(job_id, fence)
        if job is None:
            return False
        self.renewals += 1
        job.due_at = self._clock.now() + length
        return True

    async def report(self, job_id: JobId, fence: int, progress: int) -> int | None:
        job = self._held(job_id, fence)
        if job is None or progress <= job.progress:
            return None
        job.progress = progress
        job.version += 1
        return job.version

    def _held(self, job_id: JobId, fence: int) -> Job | None:
        job = self._store.rows.get(job_id)
        return job if job and job.leased and job.fence == fence and not job.status.final else None


class FakeJobReader(JobReader):
    def __init__(self, store: FakeJobStore) -> None:
        self._rows = store.rows

    async def find(self, job_id: JobId) -> tuple[UserId, JobView] | None:
        job = self._rows.get(job_id)
        return None if job is None else (job.owner, JobView.of(job, FakeLinks()))

    async def find_many(self, job_ids: Sequence[JobId]) -> list[JobView]:
        return [JobView.of(self._rows[job_id], FakeLinks()) for job_id in job_ids if job_id in self._rows]

    async def outputs_of(self, job_id: JobId) -> list[FileId]:
        return list(self._rows[job_id].outputs)

    async def page_for(self, owner: UserId | None, wanted: JobFilter, page: PageRequest) -> list[JobView]:
        found = [
            job
            for job in sorted(self._rows.values(), key=lambda job: job.id, reverse=True)
            if owner in {None, job.owner}
            and (page.before is None or job.id < page.before)
            and wanted.status in {None, job.status}
            and wanted.job_type in {None, job.job_type}
            and wanted.model in {None, job.card_name}
            and wanted.project_id in {None, job.project_id}
            and (wanted.text or "").lower() in (job.input.prompt or "").lower()
        ]
        return [JobView.of(job, FakeLinks()) for job in found[: page.limit + 1]]

    async def trace(self, job_id: JobId) -> JobTrace | None:
        job = self._rows.get(job_id)
        if job is None:
            return None
        return JobTrace(
            owner=job.owner,
            job=JobView.of(job, FakeLinks()),
            due_at=job.due_at,
            leased=job.leased,
            fence=job.fence,
            deaths=job.deaths,
            ticket=job.ticket.value if job.ticket else None,
            history=list(job.history),
            ledger=[],
            output_file_ids=list(job.outputs),
        )


class FakeUsage(UsageLog, UsageReader):
    def __init__(self) -> None:
        self.jobs: dict[JobId, Job] = {}

    async def add(self, job: Job) -> None:
        self.jobs.setdefault(job.id, deepcopy(job))

    async def totals(
        self, owner: UserId, *, since: date | None, until: date | None, model: str | None, job_type: JobType | None
    ) -> list[UsageRow]:
        totals: dict[tuple[date, str, JobType], list[int]] = defaultdict(list)
        for job in self.jobs.values():
            if job.owner == owner and job.completed_at and model in {None, job.card_name}:
                totals[job.completed_at.date(), job.card_name, JobType(job.job_type)].append(job.credits_used)
        return [
            UsageRow(day=day, model=name, job_type=kind, jobs=len(used), credits_used=sum(used))
            for (day, name, kind), used in totals.items()
            if job_type in {None, kind} and (since is None or day >= since) and (until is None or day <= until)
        ]


class FakeJobWatch(JobWatch):
    def __init__(self) -> None:
        self.news: asyncio.Queue[JobView | None] = asyncio.Queue()

    async def changed(self) -> JobView:
        view = await self.news.get()
        while not self.news.empty():
            view = self.news.get_nowait()
        if view is None:
            raise WatchEnded
        return view

    def end(self) -> None:
        self.news.put_nowait(None)


class FakeJobFeed(JobFeed):
    def __init__(self, store: FakeJobStore) -> None:
        self._reader = FakeJobReader(store)
        self._watches: dict[JobId, list[FakeJobWatch]] = defaultdict(list)
        self.announced: list[tuple[JobId, int]] = []

    async def announce(self, job_id: JobId, version: int) -> None:
        self.announced.append((job_id, version))
        for view in await self._reader.find_many([job_id]):
            for watch in self._watches[job_id]:
                watch.news.put_nowait(view)

    @asynccontextmanager
    async def watch(self, job_id: JobId) -> AsyncIterator[FakeJobWatch]:
        watch = FakeJobWatch()
        self._watches[job_id].append(watch)
        try:
            yield watch
        finally:
            self._watches[job_id].remove(watch)


Answer = Callable[[GenerationRequest, ReportProgress], Awaitable[Ticket | Done]]
Look = Callable[[Ticket, GenerationRequest], Awaitable[Pending | Done]]


async def paint(request: GenerationRequest, report: ReportProgress) -> Done:
    """Answer at once, with as many pictures as were asked for."""
    await report(50)
    return painted(request, request.num_images)


def painted(request: GenerationRequest, images: int) -> Done:
    paths = [request.workdir / f"{number}.png" for number in range(images)]
    for path in paths:
        path.write_bytes(b"a picture")
    return Done(outputs=tuple(OutputFile(path=path) for path in paths))


async def be_done(ticket: Ticket, request: GenerationRequest) -> Done:
    return painted(request, request.num_images)


class FakeProvider(Provider):
    """Does what the test says, and remembers what it was asked."""

    name: ClassVar[str] = "fake"
    resubmission: ClassVar[Resubmission] = Resubmission.HARMLESS

    def __init__(self, *cards: ModelCard) -> None:
        self._cards = cards
        self.on_submit: Answer = paint
        self.on_poll: Look = be_done
        self.submitted: list[GenerationRequest] = []
        self.cancelled: list[Ticket] = []
        self.was_asked = asyncio.Event()
        self.planned: list[PlannedRequest] = []
        self.impossible: InvalidParameters | None = None

    def check(self, planned: PlannedRequest) -> None:
        self.planned.append(planned)
        if self.impossible is not None:
            raise self.impossible

    def cards(self) -> Sequence[ModelCard]:
        return self._cards

    async def submit(self, request: GenerationRequest, report: ReportProgress) -> Ticket | Done:
        self.submitted.append(request)
        self.was_asked.set()
        return await self.on_submit(request, report)

    async def poll(self, ticket: Ticket, request: GenerationRequest) -> Pending | Done:
        return await self.on_poll(ticket, request)

    async def cancel(self, ticket: Ticket) -> None:
        self.cancelled.append(ticket)


class CautiousProvider(FakeProvider):
    """One that cannot tell repeats apart."""

    resubmission: ClassVar[Resubmission] = Resubmission.NEVER


class FakeProviders(Providers):
    def __init__(self, *providers: Provider) -> None:
        self.installed = {provider.name: provider for provider in providers}

    def get(self, name: str) -> Provider:
        if name not in self.installed:
            raise ProviderMisconfigured(name, "not installed")
        return self.installed[name]

    def card(self, model: str) -> ModelCard:
        for card in self.cards():
            if card.name == model:
                return card
        raise ModelNotFound(model)

    def cards(self) -> Sequence[ModelCard]:
        return [card for provider in self.installed.values() for card in provider.cards()]


class FakeParameterCheck(ParameterCheck):
    """Knows only whether any parameters are allowed at all."""

    def check(self, card: ModelCard, parameters: JsonObject) -> None:
        if parameters and card.parameters.get("additionalProperties") is False:
            raise InvalidParameters([("/parameters", "none are taken")])


class FakeModelSwitches(ModelSwitches):
    def __init__(self, *on: str) -> None:
        self.switches = dict.fromkeys(on, True)

    async def is_on(self, model: str) -> bool:
        return self.switches.get(model, False)

    async def all_on(self) -> set[str]:
        return {name for name, on in self.switches.items() if on}

    async def publish(self, cards: Sequence[ModelCard]) -> None:
        for card in cards:
            self.switches.setdefault(card.name, True)

    async def switch(self, model: str, *, on: bool) -> None:
        if model not in self.switches:
            raise ModelNotFound(model)
        self.switches[model] = on


class FakeResultFetcher(ResultFetcher):
    async def fetch(self, url: str, to: Path) -> None:
        _write(to, url.encode())


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


class FakeWorkdirs(Workdirs):
    def __init__(self) -> None:
        self.open_now = 0

    @asynccontextmanager
    async def open(self, job_id: JobId) -> AsyncIterator[Path]:
        with TemporaryDirectory() as folder:
            self.open_now += 1
            try:
                yield Path(folder)
            finally:
                self.open_now -= 1

    async def sweep(self, *, older_than: timedelta) -> int:
        return 0
