"""The life of one AI job.

    pending ──claim──▶ processing ──complete──▶ completed
       ▲                 │   │
       └──── retry ──────┘   └──fail──▶ failed        (both also from pending; so does cancel ──▶ cancelled)

`due_at` is when a worker is next to look at the job: at once, after a back-off, after a poll's pause, or, while a
worker holds a lease, when that lease runs out. A worker may write only with the newest `fence`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pixie.domain.jobs.errors import JobNotDue, JobNotOver, JobOver, LeaseLost
from pixie.domain.jobs.events import JobCancelled, JobFailed, JobSucceeded
from pixie.domain.jobs.generation import Ticket
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import ModelCard
from pixie.domain.kernel.ids import FileId, JobId, ProjectId, UserId

LONGEST_NOTE = 500
LONGEST_HISTORY = 50


class JobStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        return not TRANSITIONS[self]


TRANSITIONS: dict[JobStatus, frozenset[JobStatus]] = {
    JobStatus.PENDING: frozenset({JobStatus.PROCESSING, JobStatus.FAILED, JobStatus.CANCELLED}),
    JobStatus.PROCESSING: frozenset({JobStatus.PENDING, JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}),
    JobStatus.COMPLETED: frozenset(),
    JobStatus.FAILED: frozenset(),
    JobStatus.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobError:
    """Why a job failed; `retryable` says whether the same request may succeed another time."""

    code: str
    message: str
    retryable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMoment:
    """A change of state, for whoever looks into a job afterwards."""

    at: datetime
    status: JobStatus
    attempt: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """How long a worker may be silent, how many deaths of workers a job may cause, and the longest pause there is."""

    length: timedelta
    max_deaths: int = 3
    longest_pause: timedelta = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class Job:
    """One request of one user. The row's `version` grows with each change that its owner can see."""

    id: JobId
    owner: UserId
    card_name: str
    provider: str
    job_type: str
    queue: str
    input: JobInput
    project_id: ProjectId | None
    credits_reserved: int
    created_at: datetime
    due_at: datetime
    updated_at: datetime
    status: JobStatus = JobStatus.PENDING
    progress: int = 0
    credits_used: int = 0
    outputs: tuple[FileId, ...] = ()
    error: JobError | None = None
    version: int = 1
    attempts: int = 0
    deaths: int = 0
    fence: int = 0
    leased: bool = False
    ticket: Ticket | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    history: tuple[JobMoment, ...] = ()

    @classmethod
    def submit(
        cls,
        *,
        job_id: JobId,
        owner: UserId,
        card: ModelCard,
        request: JobInput,
        credits: int,  # noqa: A002 - the field's word
        project_id: ProjectId | None,
        now: datetime,
    ) -> Self:
        return cls(
            id=job_id,
            owner=owner,
            card_name=card.name,
            provider=card.provider,
            job_type=card.model_type,
            queue=card.queue,
            input=request,
            project_id=project_id,
            credits_reserved=credits,
            created_at=now,
            updated_at=now,
            due_at=now,
        )

    def claim(self, now: datetime, lease: Lease) -> None:
        """Take the job in hand. The attempt is counted before any work, so that a job that kills its worker is found
        out.

        A due time further away than there can be was written under a clock that has since been set back; it counts as
        come. Raises `JobOver`, `JobNotDue`.
        """
        self.must_be_due(now, lease)
        died = self.leased
        begins = died or self.status is JobStatus.PENDING
        self.deaths += died
        self.attempts += begins and self.ticket is None
        self.fence += 1
        self.leased = True
        self.due_at = now + lease.length
        self.started_at = self.started_at or now
        if self.status is JobStatus.PENDING:
            self._move(JobStatus.PROCESSING, now)
        elif died:
            self._note(now, "taken over: its worker fell silent")

    def must_be_due(self, now: datetime, lease: Lease) -> None:
        """Raises `JobOver`, and `JobNotDue` while nobody is to look at it."""
        self._must_go_on()
        furthest = now + (lease.length if self.leased else lease.longest_pause)
        if now < self.due_at <= furthest:
            raise JobNotDue(self.id)

    def on_last_chance(self, lease: Lease) -> bool:
        """Whether, claimed now, it would have one worker left to lose, and has lost some."""
        return 0 < self.deaths + self.leased == lease.max_deaths - 1

    def stand_back(self, pause: timedelta, now: datetime) -> None:
        """Somebody else is first; whoever held it stays dead."""
        self._must_go_on()
        self.due_at = now + pause

    def poisoned(self, lease: Lease) -> bool:
        """Whether this job has killed as many workers as one may."""
        return self.deaths >= lease.max_deaths

    def keep_ticket(self, fence: int, ticket: Ticket) -> None:
        """Remember the provider's name for the request before anything waits for it."""
        self._must_hold(fence)
        self.ticket = ticket

    def wait(self, fence: int, progress: int | None, look_after: timedelta, now: datetime) -> None:
        """The provider works on it; nobody needs to hold it meanwhile."""
        self._must_hold(fence)
        self.leased = False
        self.due_at = now + look_after
        if progress is not None and progress > self.progress:
            self.progress = min(progress, 99)
            self._touch(now)

    def retry(self, fence: int, delay: timedelta, now: datetime, reason: str) -> None:
        """This attempt came to nothing; another may do better."""
        self._must_hold(fence)
        self.leased = False
        self.ticket = None
        self.progress = 0
        self.due_at = now + delay
        self._move(JobStatus.PENDING, now, reason)

    def put_back(self, fence: int, now: datetime) -> None:
        """The worker has to leave; the attempt does not count."""
        begun_here = self.ticket is None
        self._must_hold(fence)
        self.leased = False
        self.due_at = now
        if begun_here:
            self.attempts -= 1
            self._move(JobStatus.PENDING, now, "given back: its worker was stopped")

    def complete(self, fence: int, outputs: tuple[FileId, ...], credits_used: int, now: datetime) -> JobSucceeded:
        self._must_hold(fence)
        if not 0 <= credits_used <= self.credits_reserved:
            raise ValueError("a job never uses more than was reserved for it")
        self.outputs = outputs
        self.credits_used = credits_used
        self.progress = 100
        self._end(JobStatus.COMPLETED, now)
        return JobSucceeded(job_id=self.id, owner=self.owner, credits_used=credits_used)

    def fail(self, error: JobError, now: datetime) -> JobFailed:
        self._must_go_on()
        self.error = error
        self._end(JobStatus.FAILED, now, f"{error.code}: {error.message}")
        return JobFailed(job_id=self.id, owner=self.owner, code=error.code)

    def cancel(self, now: datetime) -> JobCancelled:
        self._must_go_on()
        self._end(JobStatus.CANCELLED, now)
        return JobCancelled(
            job_id=self.id,
            owner=self.owner,
            provider=self.provider,
            ticket=self.ticket.value if self.ticket else None,
        )

    def must_be_over(self) -> None:
        """Raises `JobNotOver` while anything may still happen to this job."""
        if not self.status.final:
            raise JobNotOver(self.id)

    def must_be_held(self, fence: int) -> None:
        """Raises `LeaseLost` unless the worker with this number still holds the job."""
        self._must_hold(fence)

    def _end(self, status: JobStatus, now: datetime, note: str = "") -> None:
        self.leased = False
        self.completed_at = max(now, self.created_at)
        self._move(status, now, note)

    def _move(self, status: JobStatus, now: datetime, note: str = "") -> None:
        if status not in TRANSITIONS[self.status]:
            raise JobOver(self.id, self.status)
        self.status = status
        self._note(now, note)
        self._touch(now)

    def _note(self, now: datetime, note: str) -> None:
        moment = JobMoment(at=now, status=self.status, attempt=self.attempts, note=note[:LONGEST_NOTE])
        self.history = (*self.history, moment)[-LONGEST_HISTORY:]

    def _touch(self, now: datetime) -> None:
        self.version += 1
        self.updated_at = now

    def _must_go_on(self) -> None:
        if self.status.final:
            raise JobOver(self.id, self.status)

    def _must_hold(self, fence: int) -> None:
        self._must_go_on()
        if not self.leased or self.fence != fence:
            raise LeaseLost(self.id)
