"""A picture with a guess of its depth: near things shift against far ones when the camera moves.

Where a subject stands out, it is a layer of its own before a ground that was painted on behind it, so that no hole
shows where it moves away. Within a layer the depth changes smoothly, so that nothing tears.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image

from pixie.adapters.jobs.motion.depth import Field, Pixels, depth_of, small_copy
from pixie.adapters.jobs.motion.framing import canvas_around
from pixie.adapters.jobs.motion.moves import DeepMove
from pixie.adapters.jobs.motion.painting_behind import filled_behind
from pixie.adapters.jobs.motion.scene import Scene, shown, to_bgr
from pixie.adapters.jobs.motion.stills import size_of
from pixie.adapters.jobs.motion.subject import soft_edges, subject_of
from pixie.adapters.jobs.motion.view import Size, Stage

_SIDEWAYS: Final = 0.05  # of the frame's width: by so much the nearest shifts against the farthest
_FORWARD: Final = 0.16  # by so much closer the nearest comes
_FORWARD_ALL: Final = 0.06  # and the farthest
_PIVOT: Final = 0.45  # the depth that keeps its place
_STEP: Final = 0.15  # at least so much a subject is nearer than what is behind it
_SPREAD_OF_SUBJECT: Final = 0.35  # its own depth is flattened: it must not bulge


@dataclass(frozen=True, slots=True)
class Layer:
    """Pixels (BGR, or BGRA with the colours multiplied by the last channel) and for each its depth."""

    pixels: Pixels
    depth: Field


class DeepScene(Scene):
    def __init__(self, layers: list[Layer], size: tuple[int, int], move: DeepMove) -> None:
        self._layers = layers
        self._size = size
        self._move = move
        height, width = layers[0].pixels.shape[:2]
        self._x = np.tile(np.arange(width, dtype=np.float32), (height, 1))
        self._y = np.tile(np.arange(height, dtype=np.float32)[:, None], (1, width))

    def frame(self, share: float) -> Pixels:
        right, down, forward = (part * self._move.strength for part in self._move.camera(share))
        seen = [self._seen(layer, right, down, forward) for layer in self._layers]
        whole = seen[0]
        for above in seen[1:]:
            whole = _over(above, whole)
        return self._cut(whole)

    def _seen(self, layer: Layer, right: float, down: float, forward: float) -> Pixels:
        near = layer.depth - _PIVOT
        reach = _SIDEWAYS * self._size[0]
        x, y = self._x + near * (right * reach), self._y + near * (down * reach)
        if forward:
            middle_x, middle_y = (x.shape[1] - 1) / 2, (x.shape[0] - 1) / 2
            closer = 1 / (1 + forward * (_FORWARD_ALL + (_FORWARD - _FORWARD_ALL) * layer.depth))
            x, y = middle_x + (x - middle_x) * closer, middle_y + (y - middle_y) * closer
        return np.asarray(cv2.remap(layer.pixels, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101), np.uint8)

    def _cut(self, whole: Pixels) -> Pixels:
        width, height = self._size
        left, top = (whole.shape[1] - width) // 2, (whole.shape[0] - height) // 2
        return np.ascontiguousarray(whole[top : top + height, left : left + width])


def deep_scene(path: Path, move: DeepMove, size: tuple[int, int], *, contain: bool, background: str) -> DeepScene:
    picture = _with_room(path, move, size, contain=contain, background=background)
    return DeepScene(layers_of(picture), size, move)


def layers_of(picture: Pixels) -> list[Layer]:
    """Far to near."""
    cv2.setRNGSeed(7)  # the same picture always gets the same depth, also when a film comes back to it
    small = small_copy(picture)
    depth, subject = depth_of(small), subject_of(small)
    if subject is None:
        return [Layer(picture, _enlarged(_calm(depth), picture))]
    ground = _enlarged(_calm(_without(depth, subject)), picture)
    front = _enlarged(_in_front(depth, subject), picture)
    alpha = soft_edges(subject, picture)
    return [Layer(filled_behind(picture, alpha), ground), Layer(_multiplied(picture, alpha), front)]


def _with_room(path: Path, move: DeepMove, size: tuple[int, int], *, contain: bool, background: str) -> Pixels:
    """The part of a picture that fills the frame, and around it as much as the camera can get to see."""
    room = round(_SIDEWAYS * size[0] * (1 - _PIVOT) * move.strength) + 2
    wide = (size[0] + 2 * room, size[1] + 2 * room)
    frame, picture = Size(*wide), Size(*size_of(path))
    widest = Stage(canvas_around(picture, frame) if contain else picture, frame).widest()
    image = shown(path, min(1.0, wide[0] / widest.width), frame, contain=contain, background=background)
    view = Stage(Size(*image.size), frame).at(0.5, 0.5, 1)
    right, bottom = min(view.x + view.width, image.width), min(view.y + view.height, image.height)
    return to_bgr(image.resize(wide, Image.Resampling.LANCZOS, box=(view.x, view.y, right, bottom)))


def _calm(depth: Field) -> Field:
    """What is one layer must change slowly, or straight lines bend."""
    return np.asarray(cv2.GaussianBlur(depth, (0, 0), max(depth.shape) / 24), np.float32)


def _without(depth: Field, subject: Pixels) -> Field:
    """The depth around a subject, carried on behind it."""
    around = (cv2.dilate(subject, np.ones((9, 9), np.uint8)) == 0).astype(np.float32)
    return _averaged(depth, around, max(depth.shape) / 10)


def _in_front(depth: Field, subject: Pixels) -> Field:
    inside = (subject > 0).astype(np.float32)
    own = _averaged(depth, inside, max(depth.shape) / 10)
    usual = float(np.median(depth[subject > 0]))
    behind = float(np.median(_without(depth, subject)[subject > 0]))
    return np.asarray(np.clip(max(usual, behind + _STEP) + _SPREAD_OF_SUBJECT * (own - usual), 0, 1.2), np.float32)


def _averaged(values: Field, weights: Field, width: float) -> Field:
    """Smoothed over where there are weights, and carried on to where there are none."""
    known = cv2.GaussianBlur(values * weights, (0, 0), width) + 1e-6 * float(values.mean())
    return np.asarray(known / (cv2.GaussianBlur(weights, (0, 0), width) + 1e-6), np.float32)


def _enlarged(depth: Field, picture: Pixels) -> Field:
    height, width = picture.shape[:2]
    return np.asarray(cv2.resize(depth, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _multiplied(picture: Pixels, alpha: Field) -> Pixels:
    colors = picture.astype(np.float32) * alpha[..., None]
    return np.dstack([np.rint(colors), np.rint(alpha * 255)]).astype(np.uint8)


def _over(above: Pixels, below: Pixels) -> Pixels:
    through = cv2.cvtColor(255 - above[..., 3], cv2.COLOR_GRAY2BGR)
    rest = cv2.multiply(below, through, scale=1 / 255)
    return np.asarray(cv2.add(np.ascontiguousarray(above[..., :3]), rest), np.uint8)
