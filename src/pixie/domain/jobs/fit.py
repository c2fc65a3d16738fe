"""Whether a request fits a model, beyond what the schema of its parameters can say."""

from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, ModelCard

Misfit = tuple[str, str]


def check_fit(card: ModelCard, job_type: JobType, request: JobInput) -> None:
    """Raises `InvalidParameters` that names every field at fault."""
    found = [
        *_type_misfits(card, job_type),
        *_prompt_misfits(card, request),
        *_picture_misfits(card, request),
        *_size_misfits(card, request),
        *_ignored_fields(card, request),
    ]
    if found:
        raise InvalidParameters(found)


def check_picture(card: ModelCard, width: int, height: int) -> None:
    """Whether the model takes an input picture of this size; asked before any credit moves."""
    megapixels = width * height / 1_000_000
    if megapixels > card.max_input_megapixels:
        most = f"{card.name} takes pictures of up to {card.max_input_megapixels:g} megapixels"
        raise InvalidParameters([("/image_file_id", f"{most}; this one has {megapixels:.1f}")])


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


def _size_misfits(card: ModelCard, request: JobInput) -> list[Misfit]:
    """Width and height, or an aspect ratio, or neither; and nothing larger than the model makes."""
    width, height, ratio = request.width, request.height, request.aspect_ratio
    given = [("/width", width), ("/height", height)]
    found: list[Misfit] = []
    if ratio is not None and (width is not None or height is not None):
        found.append(("/aspect_ratio", "comes instead of width and height, not beside them"))
    elif (width is None) != (height is None):
        found += [(where, "is missing: give width and height, or an aspect_ratio") for where, side in given if not side]
    if card.max_side is not None:
        most = f"{card.name} makes pictures of at most {card.max_side} pixels a side"
        found += [(where, most) for where, side in given if side is not None and side > card.max_side]
    if width is not None and height is not None and _beyond(width * height / 1_000_000, card.max_output_megapixels):
        most = f"{card.name} makes pictures of at most {card.max_output_megapixels:g} megapixels"
        found.append(("/width", f"{most}; this would have {width * height / 1_000_000:.1f}"))
    if ratio is not None and _beyond(_elongation(ratio), card.max_aspect_ratio):
        found.append(("/aspect_ratio", f"{card.name} makes one side at most {card.max_aspect_ratio:g} times the other"))
    return found


def _ignored_fields(card: ModelCard, request: JobInput) -> list[Misfit]:
    """What would be paid for and change nothing. A seed is told to every model: without chance, it does no harm."""
    makes = card.model_type
    ignored = {
        "/negative_prompt": request.negative_prompt is not None and not card.takes_negative_prompt,
        "/strength": request.strength is not None and not card.takes_strength,
        "/duration_seconds": request.duration_seconds is not None and makes is not JobType.VIDEO_GENERATION,
        "/width": request.width is not None and makes is not JobType.IMAGE_GENERATION,
        "/height": request.height is not None and makes is not JobType.IMAGE_GENERATION,
        "/aspect_ratio": request.aspect_ratio is not None and makes in _KEEP_THE_SHAPE,
    }
    return [(where, f"{card.name} takes no {where[1:]}") for where, is_ignored in ignored.items() if is_ignored]


_KEEP_THE_SHAPE = frozenset({JobType.IMAGE_EDIT, JobType.IMAGE_UPSCALE})


def _beyond(value: float, most: float | None) -> bool:
    return most is not None and value > most


def _elongation(ratio: str) -> float:
    across, down = map(int, ratio.split(":"))
    return max(across / down, down / across)
