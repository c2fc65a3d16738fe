from dataclasses import dataclass
from typing import ClassVar

from pixie.domain.kernel.ids import JobId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSucceeded:
    topic: ClassVar[str] = "jobs.succeeded"
    job_id: JobId
    owner: UserId
    credits_used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed:
    topic: ClassVar[str] = "jobs.failed"
    job_id: JobId
    owner: UserId
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCancelled:
    """`ticket` is the provider's name for the request, where it has one, so that the provider can be told."""

    topic: ClassVar[str] = "jobs.cancelled"
    job_id: JobId
    owner: UserId
    provider: str
    ticket: str | None
