"""What clients see of models."""

from dataclasses import dataclass
from typing import Self

from pixie.domain.jobs.model_card import JobType, ModelCard, Price, Variant
from pixie.domain.kernel.json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingView:
    """Credits: `base`, plus `per_image`, plus `per_megapixel` of the input pictures, plus `per_second` of video."""

    base: int
    per_image: int
    per_megapixel: int
    per_second: int

    @classmethod
    def of(cls, price: Price) -> Self:
        return cls(
            base=price.base,
            per_image=price.per_image,
            per_megapixel=price.per_megapixel,
            per_second=price.per_second,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantView:
    """One of the ways in which a model works, with its own price and limit. `parameters.variant` chooses by name."""

    name: str
    description: str
    pricing: PricingView
    max_input_megapixels: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptsView:
    """Which fields a request for this model may have, and must; any other one is refused before it costs anything.

    `scales` and the bounds belong to the fields `scale`, `num_images`, `width`, `height` and `aspect_ratio`,
    `max_input_*` to each input picture, `max_total_megapixels` to all of them together; null: there is no bound beyond
    the request's own.
    """

    prompt: bool
    prompt_required: bool
    negative_prompt: bool
    image: bool
    image_required: bool
    mask: bool
    strength: bool
    scales: list[int]
    max_images: int
    max_input_images: int
    max_input_megapixels: float
    max_total_megapixels: float
    max_input_side: int
    max_side: int | None
    max_output_megapixels: float | None
    max_aspect_ratio: float | None

    @classmethod
    def of(cls, card: ModelCard) -> Self:
        return cls(
            prompt=card.takes_prompt,
            prompt_required=card.needs_prompt,
            negative_prompt=card.takes_negative_prompt,
            image=card.takes_image,
            image_required=card.needs_image,
            mask=card.takes_mask,
            strength=card.takes_strength,
            scales=list(card.scales),
            max_images=card.max_images,
            max_input_images=card.max_input_images if card.takes_image else 0,
            max_input_megapixels=card.max_input_megapixels,
            max_total_megapixels=card.max_total_megapixels or card.max_input_megapixels,
            max_input_side=card.max_input_side,
            max_side=card.max_side,
            max_output_megapixels=card.max_output_megapixels,
            max_aspect_ratio=card.max_aspect_ratio,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationView:
    """How long the videos of a model may be, in seconds; `usual` is what a request gets that names no duration."""

    min: float
    max: float
    usual: float | None

    @classmethod
    def of(cls, card: ModelCard) -> Self | None:
        if card.model_type is not JobType.VIDEO_GENERATION:
            return None
        return cls(min=card.min_seconds, max=card.max_seconds, usual=card.usual_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """A model of the catalogue. `parameters` is a JSON Schema of a request's `parameters`, `example` a request's body.

    `credits_per_use` is the price of the smallest request. Where there are `variants`, the first holds when a request
    names none, and price and limits above are its. `unavailable_reason` says why a model cannot be used now.
    `duration_seconds` comes with models that make videos.
    """

    id: str
    name: str
    title: str
    provider: str
    model_type: JobType
    description: str
    parameters: JsonObject
    example: JsonObject
    accepts: AcceptsView
    credits_per_use: int
    duration_seconds: DurationView | None
    pricing: PricingView
    variants: list[VariantView]
    available: bool
    unavailable_reason: str | None

    @classmethod
    def of(cls, card: ModelCard, *, switched_on: bool) -> Self:
        return cls(
            id=card.name,
            name=card.name,
            title=card.title,
            provider=card.provider,
            model_type=card.model_type,
            description=card.description,
            parameters=card.parameters,
            example=card.example,
            accepts=AcceptsView.of(card),
            credits_per_use=smallest_price(card),
            duration_seconds=DurationView.of(card),
            pricing=PricingView.of(card.price),
            variants=[_variant(variant) for variant in card.variants],
            available=switched_on and card.unavailable_reason is None,
            unavailable_reason=card.unavailable_reason or (None if switched_on else "switched off by the operator"),
        )


def smallest_price(card: ModelCard) -> int:
    prices = [variant.terms.price for variant in card.variants] or [card.price]
    megapixels = 1 if card.needs_image else 0
    return min(price.base + price.per_image + price.per_megapixel * megapixels + price.per_second for price in prices)


def _variant(variant: Variant) -> VariantView:
    return VariantView(
        name=variant.name,
        description=variant.description,
        pricing=PricingView.of(variant.terms.price),
        max_input_megapixels=variant.terms.max_input_megapixels,
    )
