"""What a model is, what it accepts and what it costs, as its provider declares it."""

from dataclasses import dataclass, field
from enum import StrEnum

from pixie.domain.kernel.json import JsonObject


class JobType(StrEnum):
    IMAGE_GENERATION = "image_generation"
    IMAGE_EDIT = "image_edit"
    IMAGE_UPSCALE = "image_upscale"
    VIDEO_GENERATION = "video_generation"


class Queue(StrEnum):
    """Where a job waits: for the network, or for this machine's processors."""

    GENERATION = "generation"
    COMPUTE = "compute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Credits for one request: `base`, plus `per_image` for each image asked for, plus `per_megapixel` for each begun
    megapixel of the input picture, plus `per_second` for each begun second of video.
    """

    base: int = 0
    per_image: int = 0
    per_megapixel: int = 0
    per_second: int = 0

    def __post_init__(self) -> None:
        if min(self.base, self.per_image, self.per_megapixel, self.per_second) < 0:
            raise ValueError("a price is never negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """`parameters` is a JSON Schema (2020-12) of the request's `parameters` object.

    `limits` bound what reaches the provider; a request beyond them is refused before any credit moves. `example` is the
    body of a request for this model, without the model's name and without files. `max_side` (pixels) and
    `max_output_megapixels` bound the picture that is asked for, `max_aspect_ratio` how many times longer than the other
    one of its sides may be; None: there is no bound.
    """

    name: str
    title: str
    provider: str
    model_type: JobType
    description: str
    parameters: JsonObject
    price: Price
    queue: Queue = Queue.GENERATION
    takes_prompt: bool = True
    needs_prompt: bool = False
    takes_image: bool = False
    needs_image: bool = False
    takes_mask: bool = False
    takes_negative_prompt: bool = False
    takes_strength: bool = False
    max_images: int = 1
    max_input_megapixels: float = 100.0
    max_side: int | None = None
    max_output_megapixels: float | None = None
    max_aspect_ratio: float | None = None
    scales: tuple[int, ...] = ()
    deadline_seconds: int = 300
    retires_on: str | None = None
    example: JsonObject = field(default_factory=dict)
