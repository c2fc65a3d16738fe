"""Whether a request fits a model, beyond what the schema of its parameters can say."""

import math
from collections.abc import Sequence
from dataclasses import replace

from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.generation import PictureSize
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, ModelCard

Misfit = tuple[str, str]


def check_fit(card: ModelCard, job_type: JobType, request: JobInput) -> None:
    """Raises `InvalidParameters` that names every field at fault."""
    found = [
        *_type_misfits(card, job_type),
        *_prompt_misfits(card, request),
        *_picture_misfits(card, request),
        *_film_misfits(card, request),
        *_size_misfits(card, request),
        *_ignored_fields(card, request),
    ]
    if found:
        raise InvalidParameters(found)


def completed(card: ModelCard, request: JobInput) -> JobInput:
    """With the duration that the model would choose: it is paid for by the second."""
    if card.model_type is not JobType.VIDEO_GENERATION or request.duration_seconds is not None:
        return request
    return replace(request, duration_seconds=card.usual_seconds)


def check_pictures(request: JobInput, are_pictures: Sequence[bool], *, mask_is_picture: bool = True) -> None:
    """A video is a file too, but nothing that a model can work on."""
    found = [
        (picture_pointer(request, number), "this file is a video; a picture is needed here")
        for number, is_picture in enumerate(are_pictures)
        if not is_picture
    ]
    if not mask_is_picture:
        found.append(("/mask_file_id", "this file is a video; a mask is a picture"))
    if found:
        raise InvalidParameters(found)


def picture_pointer(request: JobInput, number: int) -> str:
    return "/image_file_id" if request.image_file_id else f"/image_file_ids/{number}"


def check_picture_sizes(card: ModelCard, request: JobInput, sizes: Sequence[PictureSize]) -> None:
    """Whether the model takes input pictures of these sizes, given in their order, for this request; asked before any
    credit moves.
    """
    variant = card.variant(request.parameters)
    name = card.name if variant is None else f"{card.name} ({variant.name})"
    most = card.terms(request.parameters).max_input_megapixels
    found = [
        (picture_pointer(request, number), f"{name} {misfit}")
        for number, size in enumerate(sizes)
        if (misfit := _too_large(size, most, card.max_input_side))
    ]
    together = card.max_total_megapixels or most
    if not found and (total := sum(size.megapixels for size in sizes)) > together:
        found = [("/image_file_ids", f"{name} takes up to {together:g} megapixels in all; these have {_shown(total)}")]
    if found:
        raise InvalidParameters(found)


def _too_large(size: PictureSize, most: float, longest_side: int) -> str | None:
    if size.megapixels > most:
        limit = "1 megapixel" if most == 1 else f"{most:g} megapixels"
        return f"takes pictures of up to {limit}; this one has {_shown(size.megapixels)}"
    if max(size.width, size.height) > longest_side:
        return f"takes pictures of up to {longest_side} pixels a side; this one has {size.width} x {size.height}"
    return None


def _shown(megapixels: float) -> str:
    """Never rounded down to the very limit."""
    return f"{math.ceil(megapixels * 100) / 100:g}"


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
    found = _input_misfits(card, request)
    if request.mask_file_id is not None and not card.takes_mask:
        found.append(("/mask_file_id", f"{card.name} takes no mask"))
    if request.num_images > card.max_images:
        found.append(("/num_images", f"{card.name} makes at most {card.max_images} at once"))
    if request.scale is not None and request.scale not in card.scales:
        found.append(("/scale", f"{card.name} scales by {', '.join(map(str, card.scales)) or 'nothing'}"))
    return found


def _film_misfits(card: ModelCard, request: JobInput) -> list[Misfit]:
    seconds = request.duration_seconds
    if card.model_type is not JobType.VIDEO_GENERATION or seconds is None:
        return []
    if card.min_seconds <= seconds <= card.max_seconds:
        return []
    return [("/duration_seconds", f"{card.name} makes {card.min_seconds:g} to {card.max_seconds:g} seconds")]


def _input_misfits(card: ModelCard, request: JobInput) -> list[Misfit]:
    where = "/image_file_ids" if request.image_file_ids else "/image_file_id"
    count = len(request.pictures)
    if request.image_file_id is not None and request.image_file_ids:
        return [(where, "give the picture as image_file_id, or all pictures as image_file_ids, not both")]
    if card.needs_image and not count:
        return [(where, f"{card.name} needs a picture to work on")]
    if count and not card.takes_image:
        return [(where, f"{card.name} takes no picture")]
    if count > card.max_input_images:
        return [(where, f"{card.name} takes {_pictures(card.max_input_images)} at most; these are {count}")]
    return []


def _pictures(count: int) -> str:
    return "one picture" if count == 1 else f"{count} pictures"


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
