"""Holes and margins filled from the rest of the picture, from Pillow to Pillow."""

from typing import Final

import cv2
import numpy as np
from PIL import Image

from pixie.adapters.jobs.imaging.canvas import OperationImpossible, Told
from pixie.adapters.jobs.imaging.pixels.filling import continue_rows, fill
from pixie.adapters.jobs.imaging.pixels.opencv import Bytes, Flags, Floats, opencv
from pixie.adapters.jobs.imaging.pixels.soft_edges import enlarged

_MOST_ERASED: Final = 0.5
_WHITE: Final = 128
_BLURS: Final = 5
_STRIP: Final = 256
_LEAST_NEAR: Final = 64  # pixels beside a margin to take from

Sides = tuple[int, int, int, int]
"""Left, top, right, bottom."""


def erased(image: Image.Image, mask: Image.Image, margin: int, seed: int, told: Told) -> Image.Image:
    """Where the mask is white, and `margin` pixels around it, the picture is made up anew."""
    with opencv():
        hole: Flags = (np.asarray(mask) >= _WHITE).astype(np.uint8)
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
        pixels = np.array(image)
        fill(pixels, hole.astype(bool), seed=seed, told=told)
        return Image.fromarray(pixels, image.mode)


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
    continue_rows(grown, hole, seed=seed)
    return np.hstack([grown, pixels[:, near:]])


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


def _softer(pixels: Bytes, away: Floats) -> Bytes:
    """Blurred the more, the further `away` (0 to 1): between two blurs, each twice as wide as the one before."""
    height, width = pixels.shape[:2]
    widest = max(height, width) / 24
    blurs = [_blurred(pixels, widest / 2 ** (_BLURS - level)) for level in range(1, _BLURS + 1)]
    result = pixels.copy()
    for top in range(0, height, _STRIP):
        rows = slice(top, min(height, top + _STRIP))
        soft = pixels[rows].astype(np.float32)
        for level, blur in enumerate(blurs):
            share = np.clip(away[rows] * _BLURS - level, 0, 1)[..., None]
            if share.any():
                soft += (enlarged(blur, rows, (height, width)) - soft) * share
        result[rows] = (soft + 0.5).clip(0, 255).astype(np.uint8)
    return result


def _blurred(pixels: Bytes, sigma: float) -> Floats:
    """In a copy as small as the blur allows, for wide blurs take long."""
    shrink = max(1.0, sigma / 4)
    size = max(1, round(pixels.shape[1] / shrink)), max(1, round(pixels.shape[0] / shrink))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (0, 0), sigma / shrink).astype(np.float32)
