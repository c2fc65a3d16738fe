import random
from collections.abc import AsyncIterator

from dishka import BaseScope, Provider, Scope, provide, provide_all
from redis.asyncio import Redis

from pixie.adapters.jobs.disk_workdirs import DiskWorkdirs
from pixie.adapters.jobs.installed_providers import InstalledProviders
from pixie.adapters.jobs.json_schema_parameter_check import JsonSchemaParameterCheck
from pixie.adapters.jobs.outbound_result_fetcher import OutboundResultFetcher
from pixie.adapters.jobs.pg_job_reader import PgJobReader, PgUsageReader
from pixie.adapters.jobs.pg_job_store import PgJobLeases, PgJobStore
from pixie.adapters.jobs.pg_model_switches import PgModelSwitches, SeenSwitches
from pixie.adapters.jobs.pg_usage_log import PgUsageLog
from pixie.adapters.jobs.providers.door import ProviderTools, load_providers
from pixie.adapters.jobs.redis_job_feed import RedisJobFeed
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.outbound_http import OutboundHttp
from pixie.adapters.kernel.pg_unit_of_work import Reads
from pixie.application.accounts.api import SessionWatch
from pixie.application.jobs.call_provider import CallProvider
from pixie.application.jobs.cancel_job import CancelJob, PurgeJob
from pixie.application.jobs.catalogue import EstimateJob, ListExamples, ListModels, PublishCatalogue, SwitchModel
from pixie.application.jobs.claim_job import ClaimJob
from pixie.application.jobs.collect_result import CollectResult
from pixie.application.jobs.finish_job import FailJob, FinishJob
from pixie.application.jobs.hold_job import HoldJob, Leaving
from pixie.application.jobs.last_chance import LastChances
from pixie.application.jobs.look_later import BackOff, LookLater
from pixie.application.jobs.ports import (
    JobFeed,
    JobLeases,
    JobReader,
    JobStore,
    ModelSwitches,
    ParameterCheck,
    Providers,
    ResultFetcher,
    UsageLog,
    UsageReader,
    Workdirs,
)
from pixie.application.jobs.produce_result import ProduceResult
from pixie.application.jobs.quoting import QuoteRequest
from pixie.application.jobs.read_jobs import ListJobs, ShowJob, ShowJobResult, ShowUsage
from pixie.application.jobs.retry_job import RetryJob
from pixie.application.jobs.run_job import RunJob
from pixie.application.jobs.submit_job import SubmitJob
from pixie.application.jobs.tell_provider import TellProvider
from pixie.application.jobs.trace_job import ListAllJobs, TraceJob
from pixie.application.jobs.watch_job import WatchJob
from pixie.application.kernel.ports import Clock, Links
from pixie.domain.jobs.job import Lease
from pixie.entrypoints.actors.jobs import OnJobCancelled
from pixie.entrypoints.wiring.settings.tree import Settings


class JobsWiring(Provider):
    scope: BaseScope | None = Scope.REQUEST

    job_store = provide(PgJobStore, provides=JobStore)
    leases = provide(PgJobLeases, provides=JobLeases, scope=Scope.APP)
    seen_switches = provide(SeenSwitches, scope=Scope.APP)
    switches = provide(PgModelSwitches, provides=ModelSwitches)
    usage_log = provide(PgUsageLog, provides=UsageLog)
    parameter_check = provide(JsonSchemaParameterCheck, provides=ParameterCheck, scope=Scope.APP)
    leaving = provide(Leaving, scope=Scope.APP)
    last_chances = provide(LastChances, scope=Scope.APP)

    submitting = provide_all(QuoteRequest, SubmitJob, EstimateJob)
    looking = provide_all(ShowJob, ShowJobResult, ListJobs, ShowUsage, ListModels)
    running = provide_all(ClaimJob, CallProvider, CollectResult, ProduceResult, FinishJob, FailJob, LookLater, RunJob)
    ending = provide_all(CancelJob, PurgeJob, TellProvider, OnJobCancelled)
    operating = provide_all(PublishCatalogue, SwitchModel, RetryJob, TraceJob, ListAllJobs)

    examples = provide(ListExamples, scope=Scope.APP)

    @provide
    def job_reader(self, reads: Reads) -> JobReader:
        return PgJobReader(reads)

    @provide
    def usage_reader(self, reads: Reads) -> UsageReader:
        return PgUsageReader(reads)

    @provide
    def watch_job(self, database: Database, feed: JobFeed, sessions: SessionWatch, links: Links) -> WatchJob:
        """A stream lives long: it reads outside of any transaction."""
        return WatchJob(reader=PgJobReader(database), feed=feed, sessions=sessions, links=links)

    @provide(scope=Scope.APP)
    async def feed(self, redis: "Redis", database: Database) -> AsyncIterator[JobFeed]:
        feed = RedisJobFeed(redis, database)
        await feed.start()
        yield feed
        await feed.stop()

    @provide(scope=Scope.APP)
    def providers(self, settings: Settings, clock: Clock, pool: ComputePool) -> Providers:
        written = {name: given.text for name, given in settings.foreign.items()}
        tools = ProviderTools(clock=clock, compute=pool, scratch=settings.data_dir / "tmp")
        return InstalledProviders(load_providers(settings.jobs.providers, written, tools))

    @provide(scope=Scope.APP)
    def lease(self, settings: Settings) -> Lease:
        return Lease(length=settings.jobs.lease, max_deaths=settings.jobs.max_deaths)

    @provide(scope=Scope.APP)
    def back_off(self, settings: Settings) -> BackOff:
        jobs = settings.jobs
        return BackOff(
            base=jobs.backoff_base, cap=jobs.backoff_max, max_attempts=jobs.max_attempts, rng=random.SystemRandom()
        )

    @provide(scope=Scope.APP)
    def hold(self, settings: Settings, leases: JobLeases, feed: JobFeed, leaving: Leaving) -> HoldJob:
        return HoldJob(
            leases=leases, feed=feed, leaving=leaving, lease=settings.jobs.lease, heartbeat=settings.jobs.heartbeat
        )

    @provide(scope=Scope.APP)
    def workdirs(self, settings: Settings) -> Workdirs:
        return DiskWorkdirs(settings.data_dir / "tmp")

    @provide(scope=Scope.APP)
    def result_fetcher(self, settings: Settings, outbound: OutboundHttp) -> ResultFetcher:
        return OutboundResultFetcher(
            outbound, max_bytes=settings.outbound.max_bytes, timeout=settings.outbound.timeout.total_seconds()
        )
