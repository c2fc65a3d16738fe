"""Jobs with everything around them, on fakes: one provider that does what the test says."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

from pixie.application.files.api import FilesApi
from pixie.application.files.limits import FileLimits
from pixie.application.files.take_in import TakeIn
from pixie.application.jobs.call_provider import CallProvider
from pixie.application.jobs.cancel_job import CancelJob, PurgeJob
from pixie.application.jobs.claim_job import ClaimJob
from pixie.application.jobs.collect_result import CollectResult
from pixie.application.jobs.finish_job import FailJob, FinishJob
from pixie.application.jobs.hold_job import HoldJob, Leaving
from pixie.application.jobs.last_chance import LastChances
from pixie.application.jobs.look_later import BackOff, LookLater
from pixie.application.jobs.produce_result import ProduceResult
from pixie.application.jobs.quoting import QuoteRequest
from pixie.application.jobs.read_jobs import ShowJob, ShowJobResult
from pixie.application.jobs.run_job import RunJob
from pixie.application.jobs.submit_job import SubmitJob, SubmitJobCommand
from pixie.application.jobs.views import JobView
from pixie.application.kernel.ports import IdempotencyKey
from pixie.domain.jobs.job import Job, Lease
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import JobId
from tests.support.builders.files import ANNA, a_caller
from tests.support.builders.jobs import a_card
from tests.support.fakes.credits import FakeCredits
from tests.support.fakes.files import (
    FakeBlobStore,
    FakeFileLinks,
    FakeFileReader,
    FakeFileStore,
    FakeInspector,
    FakeShelf,
    FakeStagingArea,
)
from tests.support.fakes.jobs import (
    FakeJobFeed,
    FakeJobLeases,
    FakeJobReader,
    FakeJobStore,
    FakeModelSwitches,
    FakeParameterCheck,
    FakeProvider,
    FakeProviders,
    FakeResultFetcher,
    FakeUsage,
    FakeWorkdirs,
)
from tests.support.fakes.kernel import (
    FakeClock,
    FakeIdempotencyLog,
    FakeIds,
    FakeLinks,
    FakeOutbox,
    FakeUnitOfWork,
)

CARD = a_card()


@dataclass
class JobWorld:
    """Anna has an account. `heartbeat` is short, so that tests need not wait for it."""

    provider: FakeProvider = field(default_factory=lambda: FakeProvider(CARD))
    heartbeat: timedelta = timedelta(milliseconds=20)

    def __post_init__(self) -> None:
        self.clock = FakeClock()
        self.ids = FakeIds()
        self.uow = FakeUnitOfWork()
        self.outbox = FakeOutbox()
        self.links = FakeLinks()
        self.idempotency = FakeIdempotencyLog()
        self.credits = FakeCredits(clock=self.clock, ids=self.ids)
        self.jobs = FakeJobStore()
        self.feed = FakeJobFeed(self.jobs)
        self.leases = FakeJobLeases(self.jobs, self.clock)
        self.usage = FakeUsage()
        self.providers = FakeProviders(self.provider)
        self.switches = FakeModelSwitches(*(card.name for card in self.providers.cards()))
        self.leaving = Leaving()
        self.last_chances = LastChances()
        self.inspector = FakeInspector()
        self.blobs = FakeBlobStore()
        self.shelf = FakeShelf()
        self.workdirs = FakeWorkdirs()
        self.lease = Lease(length=timedelta(seconds=30))

    @property
    def files(self) -> FilesApi:
        return FilesApi(
            files=FakeFileStore(self.shelf),
            reader=FakeFileReader(self.shelf, FakeFileLinks(self.clock)),
            blobs=self.blobs,
            staging=FakeStagingArea(),
            take_in=TakeIn(inspector=self.inspector, blobs=self.blobs, ids=self.ids, clock=self.clock),
            limits=FileLimits(),
            clock=self.clock,
        )

    @property
    def quote(self) -> QuoteRequest:
        return QuoteRequest(
            providers=self.providers, switches=self.switches, parameters=FakeParameterCheck(), files=self.files
        )

    @property
    def submit(self) -> SubmitJob:
        return SubmitJob(
            quote=self.quote,
            holds=self.credits.holds,
            jobs=self.jobs,
            idempotency=self.idempotency,
            clock=self.clock,
            ids=self.ids,
            links=self.links,
            uow=self.uow,
        )

    @property
    def fail(self) -> FailJob:
        return FailJob(
            jobs=self.jobs,
            holds=self.credits.holds,
            outbox=self.outbox,
            feed=self.feed,
            clock=self.clock,
            uow=self.uow,
        )

    @property
    def cancel(self) -> CancelJob:
        return CancelJob(
            jobs=self.jobs,
            holds=self.credits.holds,
            outbox=self.outbox,
            feed=self.feed,
            clock=self.clock,
            links=self.links,
            uow=self.uow,
        )

    @property
    def purge(self) -> PurgeJob:
        return PurgeJob(jobs=self.jobs, uow=self.uow)

    @property
    def show(self) -> ShowJob:
        return ShowJob(reader=FakeJobReader(self.jobs), feed=self.feed, links=self.links)

    @property
    def result(self) -> ShowJobResult:
        return ShowJobResult(reader=FakeJobReader(self.jobs), files=self.files, show=self.show)

    @property
    def run(self) -> RunJob:
        return RunJob(
            claim=ClaimJob(
                jobs=self.jobs,
                providers=self.providers,
                fail=self.fail,
                feed=self.feed,
                clock=self.clock,
                lease=self.lease,
                uow=self.uow,
            ),
            hold=HoldJob(
                leases=self.leases,
                feed=self.feed,
                leaving=self.leaving,
                lease=self.lease.length,
                heartbeat=self.heartbeat,
            ),
            produce=ProduceResult(
                workdirs=self.workdirs,
                call=CallProvider(providers=self.providers, files=self.files, leases=self.leases, feed=self.feed),
                collect=CollectResult(files=self.files, fetcher=FakeResultFetcher()),
            ),
            finish=FinishJob(
                jobs=self.jobs,
                holds=self.credits.holds,
                files=self.files,
                usage=self.usage,
                outbox=self.outbox,
                feed=self.feed,
                clock=self.clock,
                uow=self.uow,
            ),
            fail=self.fail,
            later=LookLater(
                jobs=self.jobs,
                providers=self.providers,
                fail=self.fail,
                feed=self.feed,
                clock=self.clock,
                back_off=BackOff(
                    base=timedelta(seconds=2), cap=timedelta(minutes=2), max_attempts=3, rng=random.Random(1)
                ),
                uow=self.uow,
            ),
            providers=self.providers,
            last_chances=self.last_chances,
            uow=self.uow,
        )

    async def submitted(
        self,
        *,
        images: int = 1,
        model: str = CARD.name,
        job_type: JobType = JobType.IMAGE_GENERATION,
        request: JobInput | None = None,
        key: IdempotencyKey | None = None,
        funds: int = 100,
    ) -> JobView:
        if funds:
            await self.credits.fund(ANNA, funds)
        return await self.submit(
            SubmitJobCommand(
                caller=a_caller(ANNA),
                job_type=job_type,
                model=model,
                input=request or JobInput(prompt="a lake at dawn", num_images=images),
                idempotency=key,
            )
        )

    def row(self, job_id: JobId) -> Job:
        return self.jobs.rows[job_id]

    async def balance(self) -> tuple[int, int]:
        view = await self.credits.holds.balance(ANNA)
        return view.available, view.held
