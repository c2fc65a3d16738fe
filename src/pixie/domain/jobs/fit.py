"""Whether a request fits a model, beyond what the schema of its parameters can say."""

from collections.abc import Sequence
from dataclasses import replace

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
        *_film_misfits(card, request),
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


def check_picture_sizes(card: ModelCard, request: JobInput, megapixels: Sequence[float]) -> None:
    """Whether the model takes input pictures of these sizes, given in their order; asked before any credit moves."""
    most = f"{card.name} takes pictures of up to {card.max_input_megapixels:g} megapixels"
    found = [
        (picture_pointer(request, number), f"{most}; this one has {size:.1f}")
        for number, size in enumerate(megapixels)
        if size > card.max_input_megapixels
    ]
    together = card.max_total_megapixels or card.max_input_megapixels
    if not found and (total := sum(megapixels)) > together:
        most = f"{card.name} takes up to {together:g} megapixels in all"
        found = [("/image_file_ids", f"{most}; these have {total:.1f}")]
    if found:
        raise InvalidParameters(found)


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
    found: list[Misfit] = []
    seconds = request.duration_seconds
    if seconds is not None and not card.min_seconds <= seconds <= card.max_seconds:
        found.append(("/duration_seconds", f"{card.name} makes {card.min_seconds:g} to {card.max_seconds:g} seconds"))
    if request.aspect_ratio is not None and card.max_aspect_ratio is not None:
        longer = max(_ratio(request.aspect_ratio), 1 / _ratio(request.aspect_ratio))
        if longer > card.max_aspect_ratio:
            most = f"{card.max_aspect_ratio:g}"
            found.append(("/aspect_ratio", f"{card.name} makes videos from 1:{most} to {most}:1"))
    return found


def _ratio(text: str) -> float:
    width, height = text.split(":")
    return int(width) / int(height)


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
