"""Between the row and the aggregate."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from pixie.adapters.kernel.database import Row
from pixie.application.jobs.views import JobLinks, JobView, processing_time_ms
from pixie.domain.jobs.generation import Ticket
from pixie.domain.jobs.job import Job, JobError, JobMoment, JobStatus
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import FileId

COLUMNS = (
    "id, user_id, project_id, job_type, status, provider, model_name, queue, input_data, output_data, error_code, "
    "error_message, error_retryable, progress, credits_reserved, credits_used, version, attempts, deaths, fence, "
    "leased, ticket, due_at, processing_time_ms, created_at, updated_at, started_at, completed_at, history"
)
ROOM = len(COLUMNS.split(", "))
NO_LINKS = JobLinks(status="", result="", events="")


def to_row(job: Job) -> tuple[Any, ...]:
    """The values of `COLUMNS`, in their order."""
    error = job.error
    return (
        job.id,
        job.owner,
        job.project_id,
        str(job.job_type),
        str(job.status),
        job.provider,
        job.card_name,
        str(job.queue),
        msgspec.to_builtins(job.input),
        {"file_ids": [str(file_id) for file_id in job.outputs]} if job.outputs else None,
        error.code if error else None,
        error.message if error else None,
        error.retryable if error else None,
        job.progress,
        job.credits_reserved,
        job.credits_used,
        job.version,
        job.attempts,
        job.deaths,
        job.fence,
        job.leased,
        _ticket_json(job.ticket),
        job.due_at,
        processing_time_ms(job.started_at, job.completed_at),
        job.created_at,
        job.updated_at,
        job.started_at,
        job.completed_at,
        msgspec.to_builtins(job.history),
    )


def to_domain(row: Row) -> Job:
    return Job(
        id=row["id"],
        owner=row["user_id"],
        project_id=row["project_id"],
        job_type=row["job_type"],
        status=JobStatus(row["status"]),
        provider=row["provider"],
        card_name=row["model_name"],
        queue=row["queue"],
        input=msgspec.convert(row["input_data"], JobInput),
        outputs=outputs_of(row["output_data"]),
        error=_error(row),
        progress=row["progress"],
        credits_reserved=row["credits_reserved"],
        credits_used=row["credits_used"],
        version=row["version"],
        attempts=row["attempts"],
        deaths=row["deaths"],
        fence=row["fence"],
        leased=row["leased"],
        ticket=_ticket(row["ticket"]),
        due_at=row["due_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        started_at=row["started_at"],
        completed_at=row["completed_at"],
        history=msgspec.convert(row["history"], tuple[JobMoment, ...]),
    )


def to_view(row: Row) -> JobView:
    """The view without addresses: those depend on who asks."""
    return JobView(
        id=row["id"],
        job_type=JobType(row["job_type"]),
        status=JobStatus(row["status"]),
        provider=row["provider"],
        model=row["model_name"],
        input=msgspec.convert(row["input_data"], JobInput),
        progress=row["progress"],
        queue_position=row["queue_position"],
        credits_reserved=row["credits_reserved"],
        credits_used=row["credits_used"],
        cached=row["cached"],
        attempts=row["attempts"],
        error=_error(row),
        project_id=row["project_id"],
        version=row["version"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        completed_at=row["completed_at"],
        processing_time_ms=row["processing_time_ms"],
        links=NO_LINKS,
    )


def outputs_of(output_data: dict[str, list[str]] | None) -> tuple[FileId, ...]:
    return tuple(FileId(UUID(file_id)) for file_id in (output_data or {}).get("file_ids", ()))


def _error(row: Row) -> JobError | None:
    if row["error_code"] is None:
        return None
    return JobError(code=row["error_code"], message=row["error_message"], retryable=row["error_retryable"])


def _ticket_json(ticket: Ticket | None) -> dict[str, object] | None:
    if ticket is None:
        return None
    return {"value": ticket.value, "look_after_ms": round(ticket.look_after.total_seconds() * 1000)}


def _ticket(stored: dict[str, Any] | None) -> Ticket | None:
    if stored is None:
        return None
    return Ticket(value=stored["value"], look_after=timedelta(milliseconds=stored["look_after_ms"]))
