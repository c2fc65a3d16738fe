from dataclasses import dataclass, field

from pixie.domain.kernel.ids import FileId
from pixie.domain.kernel.json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class JobInput:
    """What was asked for, complete: with this a job can be run again with the same result."""

    prompt: str | None = None
    negative_prompt: str | None = None
    image_file_id: FileId | None = None
    mask_file_id: FileId | None = None
    width: int | None = None
    height: int | None = None
    aspect_ratio: str | None = None
    num_images: int = 1
    seed: int | None = None
    strength: float | None = None
    scale: int | None = None
    duration_seconds: float | None = None
    parameters: JsonObject = field(default_factory=dict)
