from dataclasses import dataclass, field

from pixie.domain.kernel.ids import FileId
from pixie.domain.kernel.json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class JobInput:
    """What was asked for, complete: with this a job can be run again with the same result.

    A request names its picture, or it lists its pictures, never both.
    """

    prompt: str | None = None
    negative_prompt: str | None = None
    image_file_id: FileId | None = None
    image_file_ids: tuple[FileId, ...] = ()
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

    @property
    def pictures(self) -> tuple[FileId, ...]:
        """The input pictures in their order, whichever way they were named."""
        return self.image_file_ids if self.image_file_id is None else (self.image_file_id, *self.image_file_ids)
