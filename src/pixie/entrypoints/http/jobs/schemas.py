"""Bodies of job requests."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct, convert, to_builtins

from pixie.application.jobs.submit_job import SubmitJobCommand
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import IdempotencyKey
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.ids import ProjectId
from pixie.domain.kernel.json import JsonObject
from pixie.entrypoints.http.kernel.shape_faults import RATIO

MAX_SEED = 2**31 - 1

Model = Annotated[
    str, Meta(min_length=1, max_length=100, description="A `name` of the catalogue.", examples=["local/sketch"])
]
Prompt = Annotated[str, Meta(max_length=10_000, description="What to make, in words.", examples=["a lake at sunset"])]
NegativePrompt = Annotated[str, Meta(max_length=10_000, description="What to leave out.")]
Seed = Annotated[
    int, Meta(ge=0, le=MAX_SEED, description="The same request with the same seed gives the same result.", examples=[7])
]
Side = Annotated[int, Meta(ge=16, le=8192, description="Pixels.", examples=[768])]
AspectRatio = Annotated[str, Meta(pattern=RATIO, description="Instead of width and height.", examples=["16:9"])]
NumImages = Annotated[int, Meta(ge=1, le=10, description="How many pictures; each is charged.")]
Strength = Annotated[float, Meta(ge=0, le=1, description="How far the result may depart from the picture.")]
Picture = Annotated[UUID, Meta(description="An uploaded file of yours.")]
Parameters = Annotated[JsonObject, Meta(description="What else this model takes; its card has the JSON Schema.")]


class _Request(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    model: Model
    parameters: Parameters = {}
    project_id: Annotated[UUID, Meta(description="A project the result belongs to.")] | None = None

    def to_input(self) -> JobInput:
        fields: JsonObject = to_builtins(self)
        fields.pop("model")
        fields.pop("project_id", None)
        return convert(fields, JobInput)

    def to_command(self, caller: Caller, job_type: JobType, key: IdempotencyKey | None) -> SubmitJobCommand:
        return SubmitJobCommand(
            caller=caller,
            job_type=job_type,
            model=self.model,
            input=self.to_input(),
            project_id=ProjectId(self.project_id) if self.project_id else None,
            idempotency=key,
        )


class GenerateImageBody(_Request, forbid_unknown_fields=True):
    prompt: Prompt
    negative_prompt: NegativePrompt | None = None
    aspect_ratio: AspectRatio | None = None
    width: Side | None = None
    height: Side | None = None
    num_images: NumImages = 1
    seed: Seed | None = None


class EditImageBody(_Request, forbid_unknown_fields=True):
    image_file_id: Picture
    mask_file_id: Annotated[UUID, Meta(description="White where the picture may change.")] | None = None
    prompt: Prompt | None = None
    negative_prompt: NegativePrompt | None = None
    strength: Strength | None = None
    num_images: NumImages = 1
    seed: Seed | None = None


class UpscaleImageBody(_Request, forbid_unknown_fields=True):
    image_file_id: Picture
    scale: Annotated[int, Meta(ge=2, le=4, description="How many times wider and higher.", examples=[2])] = 2
    seed: Seed | None = None


class GenerateVideoBody(_Request, forbid_unknown_fields=True):
    prompt: Prompt | None = None
    image_file_id: Picture | None = None
    duration_seconds: Annotated[float, Meta(gt=0, le=60)] | None = None
    aspect_ratio: AspectRatio | None = None
    seed: Seed | None = None


class EstimateBody(_Request, forbid_unknown_fields=True):
    """Any request, as it would be submitted; `job_type` may be left to the model."""

    job_type: JobType | None = None
    prompt: Prompt | None = None
    negative_prompt: NegativePrompt | None = None
    image_file_id: Picture | None = None
    mask_file_id: Picture | None = None
    aspect_ratio: AspectRatio | None = None
    width: Side | None = None
    height: Side | None = None
    num_images: NumImages = 1
    seed: Seed | None = None
    strength: Strength | None = None
    scale: Annotated[int, Meta(ge=2, le=4)] | None = None
    duration_seconds: Annotated[float, Meta(gt=0, le=60)] | None = None

    def to_input(self) -> JobInput:
        fields: JsonObject = to_builtins(self)
        for name in ("model", "project_id", "job_type"):
            fields.pop(name, None)
        return convert(fields, JobInput)
