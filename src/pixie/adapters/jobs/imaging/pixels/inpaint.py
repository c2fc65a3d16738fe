"""Holes and margins filled from the rest of the picture, from Pillow to Pillow."""

from typing import Final

import cv2
import numpy as np
from PIL import Image

from pixie.adapters.jobs.imaging.canvas import OperationImpossible, Told
from pixie.adapters.jobs.imaging.pixels.filling import continued, filled
from pixie.adapters.jobs.imaging.pixels.opencv import Bytes, opencv

_MOST_ERASED: Final = 0.5
_WHITE: Final = 128
_LEAST_NEAR: Final = 64  # pixels beside a margin to take from

Sides = tuple[int, int, int, int]
"""Left, top, right, bottom."""


def erased(image: Image.Image, mask: Image.Image, margin: int, seed: int, told: Told) -> Image.Image:
    """Where the mask is white, and `margin` pixels around it, the picture is made up anew."""
    with opencv():
        hole = (np.asarray(mask) >= _WHITE).astype(np.uint8)
        if not hole.any():
            raise OperationImpossible("nothing is marked: the mask must be white on what is to vanish")
        if margin:
            hole = cv2.dilate(hole, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1, 2 * margin + 1)))
        share = hole.mean()
        if share > _MOST_ERASED:
            raise OperationImpossible(
                f"{share:.0%} of the picture is marked; at most {_MOST_ERASED:.0%} can be filled from the rest. "
                "The mask must be white on what is to vanish, and black elsewhere"
            )
        return Image.fromarray(filled(np.asarray(image), hole.astype(bool), seed=seed, told=told), image.mode)


def extended(image: Image.Image, sides: Sides, seed: int, told: Told) -> Image.Image:
    """More of the same around the picture: one side after the other, from what lies near it."""
    with opencv():
        pixels = np.asarray(image)
        for turns, side in enumerate(sides):  # each side comes to lie at the left once
            pixels = np.rot90(pixels, turns)
            if side:
                pixels = _continued(np.ascontiguousarray(pixels), side, seed)
            pixels = np.rot90(pixels, -turns)
            told((turns + 1) / len(sides))
        return Image.fromarray(np.ascontiguousarray(pixels), image.mode)


def _continued(pixels: Bytes, side: int, seed: int) -> Bytes:
    """Further to the left."""
    near = min(pixels.shape[1], max(_LEAST_NEAR, round(1.5 * side)))
    grown = _mirrored(pixels[:, :near], (side, 0, 0, 0))
    hole = np.zeros(grown.shape[:2], bool)
    hole[:, :side] = True
    return np.hstack([continued(grown, hole, seed=seed), pixels[:, near:]])


def mirrored(image: Image.Image, sides: Sides) -> Image.Image:
    """The picture goes on as its mirror image, softer and softer towards the edge."""
    with opencv():
        pixels = np.asarray(image)
        grown = _mirrored(pixels, sides)
        top, left = sides[1], sides[0]
        inside = np.zeros(grown.shape[:2], np.uint8)
        inside[top : top + pixels.shape[0], left : left + pixels.shape[1]] = 1
        away = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3)
        return Image.fromarray(_softer(grown, away / max(1, *sides)), image.mode)


def _mirrored(pixels: Bytes, sides: Sides) -> Bytes:
    left, top, right, bottom = sides
    return cv2.copyMakeBorder(
        pixels, top, bottom, left, right, cv2.BORDER_REFLECT_101 if min(pixels.shape[:2]) > 1 else cv2.BORDER_REPLICATE
    )


def _softer(pixels: Bytes, away: "np.ndarray") -> Bytes:
    """Blurred the more, the further `away` (0 to 1): between two blurs, each twice as wide as the one before."""
    result = pixels.copy()
    widest = max(pixels.shape[:2]) / 24
    levels = 5
    before = pixels
    for level in range(1, levels + 1):
        after = cv2.GaussianBlur(pixels, (0, 0), widest / 2 ** (levels - level))
        share = np.clip(away * levels - (level - 1), 0, 1).astype(np.float32)[..., None]
        here = share[..., 0] > 0
        result[here] = (before[here] * (1 - share[here]) + after[here] * share[here] + 0.5).astype(np.uint8)
        before = after
    return result
