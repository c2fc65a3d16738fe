"""What jobs need from outside themselves."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol

from pixie.application.jobs.job_filter import JobFilter
from pixie.application.jobs.views import JobTrace, JobView, UsageRow
from pixie.application.kernel.page import PageRequest
from pixie.domain.jobs.generation import Done, GenerationRequest, Pending, PlannedRequest, Ticket
from pixie.domain.jobs.job import Job
from pixie.domain.jobs.model_card import JobType, ModelCard
from pixie.domain.kernel.ids import FileId, JobId, UserId
from pixie.domain.kernel.json import JsonObject

ReportProgress = Callable[[int], Awaitable[None]]
"""Tell the job's owner how far it is, in percent; cheap to call often."""


class Resubmission(StrEnum):
    """What may be done when a process died inside `submit`, so that nobody knows whether the provider has the
    request.
    """

    HARMLESS = "harmless"
    BY_KEY = "by_key"
    NEVER = "never"


class Provider(Protocol):
    """An AI provider. It maps and translates; it does not retry, price, store, or log prompts.

    Every verb may raise `ProviderRefused` (this request will never work), `ProviderThrottled` (later), `ProviderDown`
    (maybe later) and `ProviderMisconfigured` (an operator must act), and nothing else. Cancelling the task that awaits
    `submit` stops the work within a second.
    """

    name: ClassVar[str]
    resubmission: ClassVar[Resubmission]

    @abstractmethod
    def cards(self) -> Sequence[ModelCard]:
        """The models this provider offers. Their names begin with `<provider>/`."""

    def check(self, planned: PlannedRequest) -> None:  # noqa: ARG002 - for those with more to say than their cards
        """Raises `InvalidParameters` for a request that fits its card and can never be done all the same.

        Asked for each estimate and each submission, before any credit moves: it only calculates, and opens nothing.
        """
        return  # without it, the type checker takes this for abstract

    @abstractmethod
    async def submit(self, request: GenerationRequest, report: ReportProgress) -> Ticket | Done:
        """Start the request; with the same idempotency key the same request, where the provider knows keys."""

    @abstractmethod
    async def poll(self, ticket: Ticket, request: GenerationRequest) -> Pending | Done:
        """Look at a request once. Harmless to repeat."""

    @abstractmethod
    async def cancel(self, ticket: Ticket) -> None:
        """Ask the provider to stop. A request that is over already is no error."""


class Providers(Protocol):
    """The providers that this system was set up with."""

    @abstractmethod
    def get(self, name: str) -> Provider:
        """Raises `ProviderMisconfigured` when it is not installed any more."""

    @abstractmethod
    def card(self, model: str) -> ModelCard:
        """Raises `ModelNotFound`."""

    @abstractmethod
    def cards(self) -> Sequence[ModelCard]: ...


class ParameterCheck(Protocol):
    @abstractmethod
    def check(self, card: ModelCard, parameters: JsonObject) -> None:
        """Whether they fit the card's JSON Schema. Raises `InvalidParameters` that lists what does not."""


class ModelSwitches(Protocol):
    """Which models the operator has switched on."""

    @abstractmethod
    async def is_on(self, model: str) -> bool:
        """As it is, or was within the last second."""

    @abstractmethod
    async def all_on(self) -> set[str]: ...

    @abstractmethod
    async def publish(self, cards: Sequence[ModelCard]) -> None:
        """Write the catalogue's rows; a model that is there already keeps its switch."""

    @abstractmethod
    async def switch(self, model: str, *, on: bool) -> None:
        """Raises `ModelNotFound`."""


class JobStore(Protocol):
    @abstractmethod
    async def add(self, job: Job) -> None: ...

    @abstractmethod
    async def lock(self, job_id: JobId) -> Job:
        """The job, held against everybody else until the unit of work ends. Raises `JobNotFound`."""

    @abstractmethod
    async def save(self, job: Job) -> None:
        """Write a job that was locked in this unit of work."""

    @abstractmethod
    async def remove(self, job_id: JobId) -> None:
        """Remove the record of a job; its files and ledger entries stay."""


class JobLeases(Protocol):
    """Small writes of the worker that holds a job, each atomic by itself and void once the job was taken over."""

    @abstractmethod
    async def renew(self, job_id: JobId, fence: int, length: timedelta) -> bool:
        """Push the lease's end away. False when this worker holds the job no longer."""

    @abstractmethod
    async def report(self, job_id: JobId, fence: int, progress: int) -> int | None:
        """Raise the progress; the job's new version, or None when nothing changed."""


class JobReader(Protocol):
    @abstractmethod
    async def find(self, job_id: JobId) -> tuple[UserId, JobView] | None:
        """A job with its owner."""

    @abstractmethod
    async def find_many(self, job_ids: Sequence[JobId]) -> list[JobView]: ...

    @abstractmethod
    async def outputs_of(self, job_id: JobId) -> list[FileId]:
        """In the order in which they were made."""

    @abstractmethod
    async def page_for(self, owner: UserId | None, wanted: JobFilter, page: PageRequest) -> list[JobView]:
        """Newest first, and one more than the limit when more follow. Without an owner: everybody's."""

    @abstractmethod
    async def trace(self, job_id: JobId) -> JobTrace | None:
        """All that is known of a job."""


class UsageReader(Protocol):
    @abstractmethod
    async def totals(
        self, owner: UserId, *, since: date | None, until: date | None, model: str | None, job_type: JobType | None
    ) -> list[UsageRow]:
        """Newest day first; days are those of UTC, both ends included."""


class UsageLog(Protocol):
    @abstractmethod
    async def add(self, job: Job) -> None:
        """Note what a completed job used, once for each job, in the transaction of its capture."""


class JobFeed(Protocol):
    """Hints that a job has changed, between all processes. A lost hint costs seconds, never a change."""

    @abstractmethod
    async def announce(self, job_id: JobId, version: int) -> None:
        """Say that the job is now at this version. Never fails."""

    @abstractmethod
    def watch(self, job_id: JobId) -> AbstractAsyncContextManager["JobWatch"]:
        """Hear of every change from now on."""


class WatchEnded(Exception):
    """Somebody ended this watch."""


class JobWatch(Protocol):
    @abstractmethod
    async def changed(self) -> JobView:
        """The newest state, once there is one that was not given before. What came in between is skipped. Raises
        `WatchEnded`.
        """

    @abstractmethod
    def end(self) -> None:
        """Let whoever waits for a change, now or later, wait no longer."""


class ResultFetcher(Protocol):
    @abstractmethod
    async def fetch(self, url: str, to: Path) -> None:
        """Download a provider's result. Raises `InvalidResult` for an address that may not be asked or a body that is
        too large, and an error of a passing kind when it does not come.
        """


class Workdirs(Protocol):
    @abstractmethod
    def open(self, job_id: JobId) -> AbstractAsyncContextManager[Path]:
        """An empty folder of one's own, removed at the end."""

    @abstractmethod
    async def sweep(self, *, older_than: timedelta) -> int:
        """Remove what killed workers left behind so long ago. Returns how many folders went."""
