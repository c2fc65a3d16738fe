"""What a Pixie answers, as far as the shell reads it. Fields that it does not know, it passes over."""

from datetime import datetime
from typing import Any, Final, Generic, Literal, TypeVar

from msgspec import Struct, field

JsonObject = dict[str, Any]
JobType = Literal["image_generation", "image_edit", "image_upscale", "video_generation"]
JobStatus = Literal["pending", "processing", "completed", "failed", "cancelled"]

FINAL: Final[frozenset[JobStatus]] = frozenset({"completed", "failed", "cancelled"})

Item = TypeVar("Item")


class InvalidField(Struct, kw_only=True):
    message: str
    pointer: str | None = None
    parameter: str | None = None

    @property
    def place(self) -> str:
        """Where in the body, or which parameter or header."""
        return self.pointer or self.parameter or ""


class Problem(Struct, kw_only=True):
    """RFC 9457."""

    title: str
    code: str
    status: int
    detail: str = ""
    request_id: str = ""
    errors: list[InvalidField] = field(default_factory=list)


class Page(Struct, Generic[Item], kw_only=True):
    items: list[Item]
    next_cursor: str | None = None


class Pricing(Struct, kw_only=True):
    base: int = 0
    per_image: int = 0
    per_megapixel: int = 0
    per_second: int = 0


class Variant(Struct, kw_only=True):
    name: str
    description: str = ""
    pricing: Pricing = field(default_factory=Pricing)
    max_input_megapixels: float | None = None


class Model(Struct, kw_only=True):
    name: str
    model_type: JobType
    title: str = ""
    description: str = ""
    parameters: JsonObject = field(default_factory=dict)
    example: JsonObject = field(default_factory=dict)
    credits_per_use: int = 0
    pricing: Pricing = field(default_factory=Pricing)
    max_input_megapixels: float | None = None
    max_input_side: int | None = None
    variants: list[Variant] = field(default_factory=list)
    available: bool = True
    unavailable_reason: str | None = None


class Balance(Struct, kw_only=True):
    available: int
    held: int


class Account(Struct, kw_only=True):
    id: str
    email: str
    credits: Balance


class Tokens(Struct, kw_only=True):
    access_token: str
    refresh_token: str | None = None

    def __repr__(self) -> str:
        return "Tokens(…)"


class File(Struct, kw_only=True):
    id: str
    original_name: str
    mime_type: str
    file_size: int
    checksum_sha256: str
    width: int | None = None
    height: int | None = None
    url: str = ""


class JobTrouble(Struct, kw_only=True):
    code: str
    message: str
    retryable: bool = False


class Job(Struct, kw_only=True):
    id: str
    job_type: JobType
    status: JobStatus
    model: str
    input: JsonObject = field(default_factory=dict)
    progress: int = 0
    queue_position: int | None = None
    credits_reserved: int = 0
    credits_used: int = 0
    attempts: int = 0
    error: JobTrouble | None = None
    version: int = 0
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    processing_time_ms: int | None = None

    @property
    def over(self) -> bool:
        return self.status in FINAL


class JobResult(Struct, kw_only=True):
    job: Job
    outputs: list[File]
