from datetime import datetime
from uuid import uuid4

from pixie.domain.jobs.job import Job
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, ModelCard, Price, Terms, Variant
from pixie.domain.kernel.ids import JobId, UserId
from pixie.domain.kernel.json import JsonObject
from tests.support.fakes.kernel import EPOCH


def a_card(
    name: str = "fake/sketch",
    *,
    model_type: JobType = JobType.IMAGE_GENERATION,
    price: Price | None = None,
    parameters: JsonObject | None = None,
    max_images: int = 4,
    deadline_seconds: int = 300,
    needs_image: bool = False,
    takes_image: bool = False,
    max_input_images: int = 1,
    max_input_megapixels: float = 100.0,
    max_total_megapixels: float | None = None,
    usual_seconds: float | None = None,
) -> ModelCard:
    return ModelCard(
        name=name,
        title="A model",
        provider=name.partition("/")[0],
        model_type=model_type,
        description="For tests.",
        parameters=parameters or {"type": "object", "additionalProperties": False},
        price=price or Price(per_image=2),
        max_images=max_images,
        takes_image=takes_image or needs_image,
        needs_image=needs_image,
        max_input_images=max_input_images,
        max_input_megapixels=max_input_megapixels,
        max_total_megapixels=max_total_megapixels,
        usual_seconds=usual_seconds,
        deadline_seconds=deadline_seconds,
    )


def a_variant(
    name: str, *, price: Price | None = None, megapixels: float = 4.0, deadline_seconds: int = 300
) -> Variant:
    terms = Terms(price=price or Price(base=1), max_input_megapixels=megapixels, deadline_seconds=deadline_seconds)
    return Variant(name=name, description="For tests.", terms=terms)


def a_card_with(*variants: Variant, name: str = "fake/upscale", unavailable_reason: str | None = None) -> ModelCard:
    """Enlarges pictures in several ways."""
    first, names = variants[0].terms, [variant.name for variant in variants]
    return ModelCard(
        name=name,
        title="A model",
        provider=name.partition("/")[0],
        model_type=JobType.IMAGE_UPSCALE,
        description="For tests.",
        parameters={"type": "object", "properties": {"variant": {"enum": names, "default": names[0]}}},
        price=first.price,
        takes_image=True,
        needs_image=True,
        max_input_megapixels=first.max_input_megapixels,
        deadline_seconds=first.deadline_seconds,
        scales=(2, 4),
        variants=variants,
        unavailable_reason=unavailable_reason,
    )


def a_job(
    *,
    job_id: JobId | None = None,
    owner: UserId | None = None,
    card: ModelCard | None = None,
    request: JobInput | None = None,
    credits_held: int = 2,
    now: datetime = EPOCH,
) -> Job:
    return Job.submit(
        job_id=job_id or JobId(uuid4()),
        owner=owner or UserId(uuid4()),
        card=card or a_card(),
        request=request or JobInput(prompt="a lake at dawn", seed=7),
        credits=credits_held,
        project_id=None,
        now=now,
    )
