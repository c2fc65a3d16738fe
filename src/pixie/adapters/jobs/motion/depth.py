"""Guesses how far away things in a picture are, by rules that photographers follow and the air obeys.

Sharp is nearer than blurred, clear and dark nearer than hazy, low in the picture nearer than high, and what stands out
from the picture's edges nearer than what they are made of. It is no measurement; what uses it must not depend on it.
"""

from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Pixels: TypeAlias = NDArray[np.uint8]
Field: TypeAlias = NDArray[np.float32]

SIDE: Final = 320
"""Guessing happens on a small copy, whose longer side this is."""

_STEP_IN_COLOR: Final = (3, 3, 3)  # from a pixel to the next: less is a gradient, more an edge
_PLACE, _SHARPNESS, _CLARITY, _STANDING_OUT = 0.35, 0.15, 0.2, 0.5


def small_copy(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    share = min(1.0, SIDE / max(width, height))
    size = (max(8, round(width * share)), max(8, round(height * share)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def depth_of(small: Pixels) -> Field:
    """For each pixel of a small copy, 0 for far to 1 for near; its steps follow the edges of the picture."""
    place = np.linspace(0, 1, small.shape[0], dtype=np.float32)[:, None] ** 1.3
    guess = (1 - 0.7 * open_ground(small)) * (
        _PLACE * np.broadcast_to(place, small.shape[:2])
        + _SHARPNESS * sharpness(small)
        + _CLARITY * (1 - haze(small))
        + _STANDING_OUT * standing_out(small)
    )
    return spread(guided(gray(small), guess.astype(np.float32), radius=max(4, SIDE // 24), smoothness=1e-3))


def sharpness(small: Pixels) -> Field:
    """Where there is fine detail."""
    detail = np.abs(cv2.Laplacian(gray(small), cv2.CV_32F, ksize=3))
    return spread(cv2.GaussianBlur(detail, (0, 0), SIDE / 32))


def haze(small: Pixels) -> Field:
    """The dark channel: near things have some dark colour nearby, far ones are veiled by air."""
    darkest = cv2.erode(small.min(axis=2), np.ones((7, 7), np.uint8))
    return spread(cv2.GaussianBlur(darkest.astype(np.float32), (0, 0), SIDE / 64))


def standing_out(small: Pixels) -> Field:
    """How far a colour is from those along the edges; the lower edge does not count, for subjects stand there."""
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)
    rim = max(2, SIDE // 40)
    edges = [lab[:rim], lab[: -small.shape[0] // 4, :rim], lab[: -small.shape[0] // 4, -rim:]]
    samples = np.concatenate([edge.reshape(-1, 3) for edge in edges])
    far = np.full(small.shape[:2], np.inf, np.float32)
    for color in _main_colors(samples):
        far = np.minimum(far, np.linalg.norm(lab - color, axis=2).astype(np.float32))
    return spread(cv2.GaussianBlur(far, (0, 0), SIDE / 100) * _middle(small.shape[:2]))


def open_ground(small: Pixels) -> Field:
    """Sky, walls and the like, 1 where they are: what can be reached from the upper edges without a step in colour."""
    height, width = small.shape[:2]
    calm = cv2.GaussianBlur(cv2.bilateralFilter(small, 5, 20, 5), (0, 0), 1.0)
    reached = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | 255 << 8
    rim = [(x, 0) for x in range(0, width, 4)]
    rim += [(x, y) for y in range(0, height * 2 // 3, 4) for x in (0, width - 1)]
    for seed in rim:
        if not reached[seed[1] + 1, seed[0] + 1]:
            cv2.floodFill(calm, reached, seed, (0, 0, 0), _STEP_IN_COLOR, _STEP_IN_COLOR, flags)
    found = cv2.morphologyEx(reached[1:-1, 1:-1], cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return cv2.GaussianBlur(found.astype(np.float32) / 255, (0, 0), 1.0).astype(np.float32)


def guided(guide: Field, field: Field, *, radius: int, smoothness: float) -> Field:
    """Smooth a field and keep its steps where the guide has edges (He, Sun, Tang: Guided Image Filtering, 2010)."""
    side = (2 * radius + 1, 2 * radius + 1)

    def mean(values: Field) -> Field:
        return np.asarray(cv2.blur(values, side, borderType=cv2.BORDER_REFLECT_101), np.float32)

    mean_guide, mean_field = mean(guide), mean(field)
    slope = (mean(guide * field) - mean_guide * mean_field) / (mean(guide * guide) - mean_guide**2 + smoothness)
    base = mean_field - slope * mean_guide
    return np.asarray(mean(slope) * guide + mean(base), np.float32)


def gray(picture: Pixels) -> Field:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32) / np.float32(255)


def spread(values: ArrayLike) -> Field:
    """From 0 to 1, without letting a few extremes decide; all zero where there is nothing to tell apart."""
    field = np.asarray(values, np.float32)
    low, high = np.percentile(field, (2, 98))
    if high - low < 1e-6:  # noqa: PLR2004 - one even colour
        return np.zeros_like(field)
    return np.asarray(np.clip((field - low) / (high - low), 0, 1), np.float32)


def _main_colors(samples: Field) -> Field:
    count = min(4, len(samples))
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    _, _, centers = cv2.kmeans(samples, count, np.empty(0, np.int32), criteria, 2, cv2.KMEANS_PP_CENTERS)
    return np.asarray(centers, np.float32)


def _middle(shape: tuple[int, ...]) -> Field:
    """Subjects are rarely in a corner."""
    height, width = shape
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    return np.exp(-0.9 * x * x - 0.5 * np.minimum(y, 0) ** 2).astype(np.float32)
