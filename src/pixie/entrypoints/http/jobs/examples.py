"""What requests and answers look like, for the API's description."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from pixie.application.accounts.api import StreamTicketView
from pixie.application.files.views import FileView
from pixie.application.jobs.views import (
    AcceptsView,
    EstimateView,
    ExampleRequest,
    JobLinks,
    JobResult,
    JobView,
    ModelView,
    PricingView,
    UsageRow,
    UsageView,
)
from pixie.domain.jobs.job import JobStatus
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import JobId, UserId
from pixie.domain.kernel.json import JsonObject
from pixie.entrypoints.http.kernel.bodies import BodyExamples
from pixie.entrypoints.http.kernel.openapi import EXAMPLE_ORIGIN
from pixie.entrypoints.http.kernel.pagination import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """One event of a stream. `id` is the job's version, `data` the job as JSON, as its status is told elsewhere."""

    id: str
    event: Literal["status", "progress", "completed", "failed", "cancelled"]
    data: str


_JOB: Final = UUID("019aaf3e-9f40-7c1d-9a52-3b6f0e7d2c12")
_USER: Final = UUID("019aaf3e-8f40-7c1d-9a52-3b6f0e7d2c11")
_PICTURE: Final = UUID("019aaf3e-a310-7b52-b1d4-6f2c8e9a0d35")
_SUBMITTED: Final = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

_OPERATIONS: Final = {
    JobType.IMAGE_GENERATION: "generateImage",
    JobType.IMAGE_EDIT: "editImage",
    JobType.IMAGE_UPSCALE: "upscaleImage",
    JobType.VIDEO_GENERATION: "generateVideo",
}

PENDING: Final = JobView(
    id=JobId(_JOB),
    job_type=JobType.IMAGE_GENERATION,
    status=JobStatus.PENDING,
    provider="local",
    model="local/sketch",
    input=JobInput(
        prompt="a quiet lake in the mountains at sunset", aspect_ratio="3:2", seed=7, parameters={"scene": "mountains"}
    ),
    progress=0,
    queue_position=None,
    credits_reserved=2,
    credits_used=0,
    cached=False,
    attempts=0,
    error=None,
    project_id=None,
    version=1,
    created_at=_SUBMITTED,
    started_at=None,
    completed_at=None,
    processing_time_ms=None,
    links=JobLinks(
        status=f"{EXAMPLE_ORIGIN}/api/ai/jobs/{_JOB}/status",
        result=f"{EXAMPLE_ORIGIN}/api/ai/jobs/{_JOB}/result",
        events=f"{EXAMPLE_ORIGIN}/api/ai/jobs/{_JOB}/events",
    ),
)
PROCESSING: Final = replace(
    PENDING,
    status=JobStatus.PROCESSING,
    progress=40,
    attempts=1,
    version=4,
    started_at=_SUBMITTED + timedelta(milliseconds=12),
)
COMPLETED: Final = replace(
    PROCESSING,
    status=JobStatus.COMPLETED,
    progress=100,
    credits_used=2,
    version=6,
    completed_at=_SUBMITTED + timedelta(milliseconds=1_512),
    processing_time_ms=1_500,
)
CANCELLED: Final = replace(
    PENDING, status=JobStatus.CANCELLED, version=2, completed_at=_SUBMITTED + timedelta(seconds=1)
)
JOBS: Final = Listing(items=[COMPLETED, CANCELLED], next_cursor=None)

_MADE: Final = f"{EXAMPLE_ORIGIN}/api/files/{_PICTURE}"
_SIGNED: Final = "expires=1795435200&signature=4vT0mJc3jQ8n1Yw5sK2fH7bXaLrEoPzUuGdCiVtN9kM"
RESULT: Final = JobResult(
    job=COMPLETED,
    outputs=[
        FileView(
            id=_PICTURE,
            original_name="sketch-1.png",
            mime_type="image/png",
            file_size=1_204_889,
            width=1256,
            height=832,
            is_temporary=False,
            expires_at=None,
            checksum_sha256="fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9",
            url=f"{_MADE}?{_SIGNED}",
            thumbnail_url=f"{_MADE}/thumbnail?{_SIGNED}",
            created_at=_SUBMITTED + timedelta(milliseconds=1_500),
        )
    ],
)
ESTIMATE: Final = EstimateView(credits=2, available=100, affordable=True)
TICKET: Final = StreamTicketView(
    ticket="Jq3vX0c9mT5wYbL2sK8fH7dRaZnEoPzUuGiCeVtN1kM", expires_at=_SUBMITTED + timedelta(minutes=1)
)
EVENT: Final = JobEvent(id="4", event="progress", data=msgspec.json.encode(PROCESSING).decode())
USAGE: Final = UsageView(
    user_id=UserId(_USER),
    total_jobs=3,
    total_credits=6,
    items=[
        UsageRow(
            day=date(2026, 11, 23), model="local/sketch", job_type=JobType.IMAGE_GENERATION, jobs=2, credits_used=4
        ),
        UsageRow(day=date(2026, 11, 22), model="local/edit", job_type=JobType.IMAGE_EDIT, jobs=1, credits_used=2),
    ],
)
MODELS: Final = Listing(
    items=[
        ModelView(
            id="local/sketch",
            name="local/sketch",
            title="Sketch",
            provider="local",
            model_type=JobType.IMAGE_GENERATION,
            description="Paints a simple landscape by rules, chosen by a few words of the prompt.",
            parameters={
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "type": "object",
                "properties": {"scene": {"enum": ["sea", "mountains"], "description": "What to paint."}},
                "additionalProperties": False,
            },
            example={"prompt": "a quiet lake in the mountains at sunset", "aspect_ratio": "3:2", "seed": 7},
            accepts=AcceptsView(
                prompt=True,
                prompt_required=True,
                negative_prompt=False,
                image=False,
                image_required=False,
                mask=False,
                strength=False,
                scales=[],
                max_images=4,
                max_input_megapixels=100.0,
                max_side=4096,
                max_output_megapixels=8.0,
                max_aspect_ratio=8,
            ),
            credits_per_use=2,
            pricing=PricingView(base=0, per_image=2, per_megapixel=0, per_second=0),
            available=True,
            unavailable_reason=None,
        )
    ],
    next_cursor=None,
)


def examples_of_bodies(requests: Sequence[ExampleRequest]) -> BodyExamples:
    """For each route the requests of its models' cards; an estimate takes any of them."""
    by_operation = {
        operation: _named(request for request in requests if request.model_type is job_type)
        for job_type, operation in _OPERATIONS.items()
    }
    return BodyExamples({**by_operation, "estimateJob": _named(requests)})


def _named(requests: Iterable[ExampleRequest]) -> dict[str, JsonObject]:
    return {request.model: _whole(request) for request in requests}


def _whole(request: ExampleRequest) -> JsonObject:
    return {**request.body, "image_file_id": str(_PICTURE)} if request.needs_image else request.body
