"""Which jobs somebody wants to see."""

from dataclasses import dataclass

from pixie.domain.jobs.job import JobStatus
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    status: JobStatus | None = None
    job_type: JobType | None = None
    model: str | None = None
    project_id: ProjectId | None = None
    text: str | None = None
