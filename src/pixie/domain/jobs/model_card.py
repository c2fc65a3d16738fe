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
    megapixel of the input pictures together, plus `per_second` for each begun second of video.
    """

    base: int = 0
    per_image: int = 0
    per_megapixel: int = 0
    per_second: int = 0

    def __post_init__(self) -> None:
        if min(self.base, self.per_image, self.per_megapixel, self.per_second) < 0:
            raise ValueError("a price is never negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a request costs, how large its input picture may be, and how long it may take."""

    price: Price
    max_input_megapixels: float
    deadline_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One of the ways in which a model works, chosen by the request's parameter `variant`."""

    name: str
    description: str
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """`parameters` is a JSON Schema (2020-12) of the request's `parameters` object.

    `limits` bound what reaches the provider; a request beyond them is refused before any credit moves.
    `max_input_megapixels` is for each input picture, `max_total_megapixels` for all of them together (None: the same).
    `max_side` (pixels) and `max_output_megapixels` bound the picture that is asked for, `max_aspect_ratio` how many
    times longer than the other one of its sides may be; None: there is no bound. `usual_seconds` is the duration of a
    video when a request names none; without it a model decides by itself. `example` is the body of a request for this
    model, without the model's name and without files. A model with `variants` works by the first of them when a request
    names none; price, limit and deadline of the card are that one's. A model with an `unavailable_reason` is shown,
    with these words for whoever can mend it, and takes no requests.
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
    max_input_images: int = 1
    max_input_megapixels: float = 100.0
    max_input_side: int = 65_535
    max_total_megapixels: float | None = None
    max_side: int | None = None
    max_output_megapixels: float | None = None
    max_aspect_ratio: float | None = None
    scales: tuple[int, ...] = ()
    min_seconds: float = 0.0
    max_seconds: float = 60.0
    usual_seconds: float | None = None
    deadline_seconds: int = 300
    retires_on: str | None = None
    example: JsonObject = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    unavailable_reason: str | None = None

    def __post_init__(self) -> None:
        if self.variants and self.variants[0].terms != self._own_terms:
            raise ValueError(f"the terms of {self.name} are not those of its first variant")

    def variant(self, parameters: JsonObject) -> Variant | None:
        """The variant that a request with these parameters gets; None where there is nothing to choose."""
        asked = parameters.get("variant")
        return next((variant for variant in self.variants if variant.name == asked), next(iter(self.variants), None))

    def terms(self, parameters: JsonObject) -> Terms:
        """What holds for a request with these parameters."""
        variant = self.variant(parameters)
        return self._own_terms if variant is None else variant.terms

    @property
    def _own_terms(self) -> Terms:
        return Terms(
            price=self.price, max_input_megapixels=self.max_input_megapixels, deadline_seconds=self.deadline_seconds
        )
