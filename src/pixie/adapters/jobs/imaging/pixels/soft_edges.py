"""From a hard cut in a small copy to soft edges in the full picture, with the background's colour taken out of them."""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from pixie.adapters.jobs.imaging.pixels.opencv import Bytes, Flags, Floats

_STRIP: Final = 384
_CLEAN_REACHES: Final = (24, 5)
_SURE: Final = 0.996


def soft_alpha(image: Bytes, small: Bytes, cut: Flags) -> Bytes:
    """A guided filter (He 2010) in its fast form: what it learns in the small copy is applied to the full picture."""
    guide = small.astype(np.float32) / 255
    radius = max(2, round(max(cut.shape) / 130))
    slope, level = _learned(guide, _band_softened(cut), radius, 2e-4)
    height, width = image.shape[:2]
    sure = _sure(cut, 2 * radius + 1)
    alpha = np.empty((height, width), np.uint8)
    for top in range(0, height, _STRIP):
        rows = slice(top, min(height, top + _STRIP))
        part = image[rows, :, :3].astype(np.float32) / 255
        value = (enlarged(slope, rows, (height, width)) * part).sum(axis=2) + enlarged(level, rows, (height, width))
        low, high = (enlarged(plane, rows, (height, width)) for plane in sure)
        alpha[rows] = np.clip(np.clip(_steeper(value), low, high) * 255 + 0.5, 0, 255).astype(np.uint8)
    return alpha


def clean_colors(image: Bytes, alpha: Bytes) -> Bytes:
    """The subject's own colour where it is half transparent (Forte 2021): estimated from where it is opaque."""
    cleaned = image[..., :3].copy()
    overlap = 4 * _CLEAN_REACHES[0]
    for rows, rows_around in _strips(image.shape[0], overlap):
        for columns, columns_around in _strips(image.shape[1], overlap):
            part = alpha[rows_around, columns_around].astype(np.float32) / 255
            soft = (part > 0) & (part < _SURE)
            if not soft.any():
                continue
            original = image[rows_around, columns_around, :3].astype(np.float32)
            own, behind = original, original
            for reach in _CLEAN_REACHES:
                own, behind = _separated(original, part[..., None], own, behind, reach)
            mixed = np.where(soft[..., None], own, original)
            inner = _within(rows, rows_around), _within(columns, columns_around)
            cleaned[rows, columns] = (mixed[inner] + 0.5).clip(0, 255).astype(np.uint8)
    return cleaned


def _within(part: slice, whole: slice) -> slice:
    return slice(part.start - whole.start, part.stop - whole.start)


def _separated(image: Floats, alpha: Floats, own: Floats, behind: Floats, reach: int) -> tuple[Floats, Floats]:
    size = (2 * reach + 1, 2 * reach + 1)
    share = cv2.blur(alpha, size)[..., None]
    near_own = cv2.blur(own * alpha, size) / (share + 1e-5)
    near_behind = cv2.blur(behind * (1 - alpha), size) / (1 - share + 1e-5)
    lacking = image - alpha * near_own - (1 - alpha) * near_behind
    return np.clip(near_own + alpha * lacking, 0, 255), near_behind


def _learned(guide: Floats, wanted: Floats, radius: int, smoothness: float) -> tuple[Floats, Floats]:
    """In each window the line from colour to alpha that fits best."""
    size = (2 * radius + 1, 2 * radius + 1)
    mean = cv2.blur(guide, size)
    mean_wanted = cv2.blur(wanted, size)
    together = cv2.blur(guide * wanted[..., None], size) - mean * mean_wanted[..., None]
    spread = np.empty((*wanted.shape, 3, 3), np.float32)
    for i in range(3):
        for j in range(i, 3):
            product = cv2.blur(guide[..., i] * guide[..., j], size) - mean[..., i] * mean[..., j]
            spread[..., i, j] = spread[..., j, i] = product
    spread += np.eye(3, dtype=np.float32) * smoothness
    slope = np.linalg.solve(spread, together[..., None])[..., 0]
    level = mean_wanted - (slope * mean).sum(axis=2)
    return cv2.blur(slope, size), cv2.blur(level, size)


def _band_softened(cut: Flags) -> Floats:
    return cv2.GaussianBlur(cut.astype(np.float32), (0, 0), 0.8)


def _steeper(alpha: Floats) -> Floats:
    """What is nearly opaque is opaque, what is nearly nothing is nothing: no veil over the background."""
    return np.clip((alpha - 0.08) / 0.84, 0, 1)


def _sure(cut: Flags, reach: int) -> tuple[Floats, Floats]:
    """The least and the most that alpha may be: only near the cut it is open."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    flags = cut.astype(np.uint8)
    return cv2.erode(flags, kernel).astype(np.float32), cv2.dilate(flags, kernel).astype(np.float32)


def enlarged(plane: Floats, rows: slice, size: tuple[int, int]) -> Floats:
    """Some rows of the plane, as it would be at full size."""
    height, width = size
    y = (np.arange(rows.start, rows.stop, dtype=np.float32) + 0.5) * (plane.shape[0] / height) - 0.5
    x = (np.arange(width, dtype=np.float32) + 0.5) * (plane.shape[1] / width) - 0.5
    across, down = np.meshgrid(x, y)
    return cv2.remap(plane, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _strips(length: int, overlap: int) -> Iterator[tuple[slice, slice]]:
    """Parts of a side, and the same with what is around them."""
    for start in range(0, length, _STRIP):
        stop = min(length, start + _STRIP)
        yield slice(start, stop), slice(max(0, start - overlap), min(length, stop + overlap))
