"""The size of a video, and of a picture in it."""

from typing import Final

from pixie.adapters.jobs.motion.motion_parameters import MAX_ASPECT_RATIO, MAX_SIDE
from pixie.adapters.jobs.motion.view import Size

_SMALLEST_SIDE: Final = 16


def frame_size(aspect: float, shorter_side: int) -> tuple[int, int]:
    """Whole pixels, even ones, since colours have half of them; no side longer than `MAX_SIDE`."""
    bounded = min(max(aspect, 1 / MAX_ASPECT_RATIO), MAX_ASPECT_RATIO)
    width, height = (shorter_side * bounded, shorter_side) if bounded >= 1 else (shorter_side, shorter_side / bounded)
    shrunk = min(1.0, MAX_SIDE / max(width, height))
    return _even(width * shrunk), _even(height * shrunk)


def ratio(text: str) -> float:
    """Of `16:9`."""
    width, height = text.split(":")
    return int(width) / int(height)


def canvas_around(picture: Size, frame: Size) -> Size:
    """The smallest canvas of the frame's shape that holds all of a picture."""
    width = max(picture.width, picture.height * frame.aspect)
    return Size(width, width / frame.aspect)


def _even(length: float) -> int:
    return max(_SMALLEST_SIDE, round(length / 2) * 2)
