"""The models of the provider `scripted`. All take the same parameters."""

from typing import Any, Final

from pixie.adapters.jobs.providers.script import OutputKind, script_schema
from pixie.domain.jobs.model_card import JobType, ModelCard, Price

_ALL_WORDS: Final = {"takes_negative_prompt": True, "takes_strength": True}
_TOLD: Final = "For tests and rehearsals: behaves as its parameters say (delays, progress, errors, wrong bytes)."


def scripted_cards(deadline_seconds: int) -> tuple[ModelCard, ...]:
    return (
        _card("image", JobType.IMAGE_GENERATION, Price(per_image=1), deadline_seconds, max_images=10, **_ALL_WORDS),
        _card(
            "edit", JobType.IMAGE_EDIT, Price(base=1), deadline_seconds, needs_image=True, takes_mask=True, **_ALL_WORDS
        ),
        _card(
            "upscale",
            JobType.IMAGE_UPSCALE,
            Price(per_megapixel=1),
            deadline_seconds,
            needs_image=True,
            scales=(2, 3, 4),
        ),
        _card("video", JobType.VIDEO_GENERATION, Price(per_second=1), deadline_seconds, takes_image=True),
    )


def usual_output(model: str) -> OutputKind:
    return "mp4" if model.endswith("/video") else "png"


def _card(name: str, model_type: JobType, price: Price, deadline_seconds: int, **more: Any) -> ModelCard:  # noqa: ANN401 - fields of a card
    return ModelCard(
        name=f"scripted/{name}",
        title=f"Scripted {name}",
        provider="scripted",
        model_type=model_type,
        description=_TOLD,
        parameters=script_schema(),
        price=price,
        deadline_seconds=deadline_seconds,
        example=_EXAMPLES[model_type],
        **{"takes_image": more.get("needs_image", False), **more},
    )


_EXAMPLES: Final[dict[JobType, Any]] = {
    JobType.IMAGE_GENERATION: {
        "prompt": "anything",
        "num_images": 2,
        "parameters": {"delay_ms": 100, "progress": [30, 60]},
    },
    JobType.IMAGE_EDIT: {"prompt": "anything", "parameters": {}},
    JobType.IMAGE_UPSCALE: {"scale": 2, "parameters": {"mode": "ticket", "delay_ms": 100, "look_after_ms": 20}},
    JobType.VIDEO_GENERATION: {
        "prompt": "anything",
        "duration_seconds": 2,
        "parameters": {"mode": "ticket", "delay_ms": 200, "look_after_ms": 50},
    },
}
