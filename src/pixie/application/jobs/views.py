"""What clients see of jobs."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from pixie.application.files.views import FileView
from pixie.application.kernel.ports import Links
from pixie.domain.jobs.job import Job, JobError, JobMoment, JobStatus
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import FileId, JobId, ProjectId, UserId
from pixie.domain.kernel.json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLinks:
    status: str
    result: str
    events: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A job as its owner sees it. `version` grows with every change; `progress` is in percent.

    `queue_position` counts the jobs in front of this one while it is pending; 1000 stands for that many or more.
    """

    id: JobId
    job_type: JobType
    status: JobStatus
    provider: str
    model: str
    input: JobInput
    progress: int
    queue_position: int | None
    credits_reserved: int
    credits_used: int
    cached: bool
    attempts: int
    error: JobError | None
    project_id: ProjectId | None
    version: int
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    processing_time_ms: int | None
    links: JobLinks

    @classmethod
    def of(cls, job: Job, links: Links) -> Self:
        return cls(
            id=job.id,
            job_type=JobType(job.job_type),
            status=job.status,
            provider=job.provider,
            model=job.card_name,
            input=job.input,
            progress=job.progress,
            queue_position=None,
            credits_reserved=job.credits_reserved,
            credits_used=job.credits_used,
            cached=False,
            attempts=job.attempts,
            error=job.error,
            project_id=job.project_id,
            version=job.version,
            created_at=job.created_at,
            started_at=job.started_at,
            completed_at=job.completed_at,
            processing_time_ms=processing_time_ms(job.started_at, job.completed_at),
            links=job_links(job.id, links),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """A finished job and the files it made; none when it failed or was cancelled."""

    job: JobView
    outputs: list[FileView]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    at: datetime
    kind: str
    available_delta: int
    held_delta: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTrace:
    """All that is known of a job, for operators: its states, its worker's number, its credits, its files."""

    owner: UserId
    job: JobView
    due_at: datetime
    leased: bool
    fence: int
    deaths: int
    ticket: str | None
    history: list[JobMoment]
    ledger: list[LedgerLine]
    output_file_ids: list[FileId]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRequest:
    """A request that works, as a model's card tells it; where the model needs a picture, that is still to be put in."""

    model: str
    title: str
    model_type: JobType
    needs_image: bool
    body: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateView:
    """What a request would cost at most, and whether the caller's credits suffice."""

    credits: int
    available: int
    affordable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRow:
    day: date
    model: str
    job_type: JobType
    jobs: int
    credits_used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageView:
    """Totals of finished jobs by day, model and type."""

    user_id: UserId
    total_jobs: int
    total_credits: int
    items: list[UsageRow]


def job_links(job_id: JobId, links: Links) -> JobLinks:
    path = f"/api/ai/jobs/{job_id}"
    return JobLinks(
        status=links.absolute(f"{path}/status"),
        result=links.absolute(f"{path}/result"),
        events=links.absolute(f"{path}/events"),
    )


def processing_time_ms(started_at: datetime | None, completed_at: datetime | None) -> int | None:
    if started_at is None or completed_at is None:
        return None
    return max(0, round((completed_at - started_at).total_seconds() * 1000))


def linked(view: JobView, links: Links) -> JobView:
    """The same view with addresses for this client."""
    return replace(view, links=job_links(view.id, links))
