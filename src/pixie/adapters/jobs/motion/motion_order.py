"""What a compute child is told to film. This side of the border knows nothing of OpenCV."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from pixie.adapters.jobs.motion.motion_parameters import USUAL_SECONDS, MotionParameters
from pixie.domain.jobs.errors import ProviderRefused
from pixie.domain.jobs.generation import GenerationRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionOrder:
    """Pictures in their order, for how long, and in which shape; without one the first picture's."""

    paths: tuple[Path, ...]
    seconds: float
    aspect_ratio: str | None
    parameters: MotionParameters


def motion_order(request: GenerationRequest) -> MotionOrder:
    """Raises `ProviderRefused`."""
    if not request.images:
        raise ProviderRefused("There is no picture to move.")
    try:
        parameters = msgspec.convert(request.parameters, MotionParameters)
    except msgspec.ValidationError as error:
        raise ProviderRefused(f"The parameters do not fit: {error}.") from error
    return MotionOrder(
        paths=tuple(image.path for image in request.images),
        seconds=request.duration_seconds or USUAL_SECONDS,
        aspect_ratio=request.aspect_ratio,
        parameters=parameters,
    )
