"""A picture that a camera can film: given how far the move has got, it gives the frame."""

from abc import abstractmethod
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from PIL import Image

from pixie.adapters.jobs.motion.depth import Pixels
from pixie.adapters.jobs.motion.framing import canvas_around
from pixie.adapters.jobs.motion.moves import FlatMove
from pixie.adapters.jobs.motion.stills import color_of, size_of, still, with_bars
from pixie.adapters.jobs.motion.view import Size, Stage, View, between


class Scene(Protocol):
    @abstractmethod
    def frame(self, share: float) -> Pixels:
        """The picture in BGR, at the size of the film, when so much of the move is done, 0 to 1."""


class FlatScene(Scene):
    """Moves over a flat picture. Pillow takes a box with fractions of pixels and weighs every pixel under it exactly:
    nothing jitters, however slow the camera, and nothing flickers, however far away it is.
    """

    def __init__(self, picture: Image.Image, size: tuple[int, int], start: View, end: View) -> None:
        self._picture = picture
        self._size = size
        self._start, self._end = start, end

    def frame(self, share: float) -> Pixels:
        view = between(self._start, self._end, share)
        right = min(view.x + view.width, self._picture.width)
        bottom = min(view.y + view.height, self._picture.height)
        box = (max(view.x, 0.0), max(view.y, 0.0), right, bottom)
        return to_bgr(self._picture.resize(self._size, Image.Resampling.BICUBIC, box=box))


def flat_scene(path: Path, move: FlatMove, size: tuple[int, int], *, contain: bool, background: str) -> FlatScene:
    """The picture is read at the size at which the closest view shows a pixel for a pixel, or at its own."""
    frame, picture = Size(*size), Size(*size_of(path))
    closest = min(view.width for view in move.path(Stage(canvas_around(picture, frame) if contain else picture, frame)))
    image = shown(path, min(1.0, frame.width / closest), frame, contain=contain, background=background)
    start, end = move.path(Stage(Size(*image.size), frame))
    return FlatScene(image, size, start, end)


def shown(path: Path, share: float, frame: Size, *, contain: bool, background: str) -> Image.Image:
    """A picture at a share of its size; with bars, if all of it is to be seen in a frame of another shape."""
    width, height = size_of(path)
    behind = color_of(background)
    image = still(path, (max(1, round(width * share)), max(1, round(height * share))), behind)
    if not contain:
        return image
    canvas = canvas_around(Size(*image.size), frame)
    return with_bars(image, (max(1, round(canvas.width)), max(1, round(canvas.height))), behind)


def to_bgr(image: Image.Image) -> Pixels:
    return np.asarray(cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR), np.uint8)
