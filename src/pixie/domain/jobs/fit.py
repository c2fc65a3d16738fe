"""Whether a request fits a model, beyond what the schema of its parameters can say."""

import math

from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, ModelCard

Misfit = tuple[str, str]


def check_fit(card: ModelCard, job_type: JobType, request: JobInput) -> None:
    """Raises `InvalidParameters` that names every field at fault."""
    found = [*_type_misfits(card, job_type), *_prompt_misfits(card, request), *_picture_misfits(card, request)]
    if found:
        raise InvalidParameters(found)


def check_picture(card: ModelCard, request: JobInput, width: int, height: int) -> None:
    """Whether the model takes an input picture of this size for this request; asked before any credit moves."""
    variant = card.variant(request.parameters)
    name = card.name if variant is None else f"{card.name} ({variant.name})"
    megapixels, most = width * height / 1_000_000, card.terms(request.parameters).max_input_megapixels
    if megapixels > most:
        shown = math.ceil(megapixels * 100) / 100  # never rounded down to the very limit
        message = f"{name} takes pictures of up to {most:g} megapixel{'' if most == 1 else 's'}; this one has {shown:g}"
        raise InvalidParameters([("/image_file_id", message)])
    if max(width, height) > card.max_input_side:
        message = f"{name} takes pictures of up to {card.max_input_side} pixels a side; this one has {width} x {height}"
        raise InvalidParameters([("/image_file_id", message)])


def _type_misfits(card: ModelCard, job_type: JobType) -> list[Misfit]:
    if card.model_type is job_type:
        return []
    return [("/model", f"{card.name} is a model for {card.model_type}, not for {job_type}")]


def _prompt_misfits(card: ModelCard, request: JobInput) -> list[Misfit]:
    if card.needs_prompt and not request.prompt:
        return [("/prompt", f"{card.name} needs a prompt")]
    if not card.takes_prompt and request.prompt:
        return [("/prompt", f"{card.name} takes no prompt")]
    return []


def _picture_misfits(card: ModelCard, request: JobInput) -> list[Misfit]:
    found: list[Misfit] = []
    if card.needs_image and request.image_file_id is None:
        found.append(("/image_file_id", f"{card.name} needs a picture to work on"))
    if request.image_file_id is not None and not card.takes_image:
        found.append(("/image_file_id", f"{card.name} takes no picture"))
    if request.mask_file_id is not None and not card.takes_mask:
        found.append(("/mask_file_id", f"{card.name} takes no mask"))
    if request.num_images > card.max_images:
        found.append(("/num_images", f"{card.name} makes at most {card.max_images} at once"))
    if request.scale is not None and request.scale not in card.scales:
        found.append(("/scale", f"{card.name} scales by {', '.join(map(str, card.scales)) or 'nothing'}"))
    return found
