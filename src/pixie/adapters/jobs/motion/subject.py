"""Finds the one thing that a picture shows in front of all else, if there is such a thing."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pixie.adapters.jobs.motion.depth import (
    SIDE,
    Field,
    Pixels,
    gray,
    guided,
    open_ground,
    sharpness,
    spread,
    standing_out,
)

_LEAST, _MOST = 0.03, 0.5
"""Of the picture's area: less is a speck, more is no subject before a ground."""
_SURE: Final = 0.75
_LIKELY: Final = 0.45
_ROUNDS: Final = 4
_MOST_RIM: Final = 0.15
_LEAST_SOLID: Final = 0.8
_LEAST_SEEN: Final = 0.85
_VISIBLE_STEP: Final = 20
_HALF: Final = 0.5


def subject_of(small: Pixels) -> Pixels | None:
    """A mask of it, 0 or 255; None where nothing stands out clearly enough to be moved by itself."""
    ground = open_ground(small)
    salience = spread((standing_out(small) * (0.6 + 0.4 * sharpness(small)) * (1 - ground)).astype(np.float32))
    mask = np.where(salience > _LIKELY, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    mask[salience > _SURE] = cv2.GC_FGD
    rim = max(2, SIDE // 80)
    mask[:rim] = mask[:, :rim] = mask[:, -rim:] = cv2.GC_BGD
    mask[ground > _HALF] = cv2.GC_BGD
    if not (mask == cv2.GC_FGD).any():
        return None
    inside, outside = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, mask, (0, 0, 1, 1), outside, inside, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = np.where((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD), 255, 0).astype(np.uint8)
    return _best_part(_smooth(found), small)


def soft_edges(mask: Pixels, picture: Pixels) -> Field:
    """The mask at the size of a picture, 0 to 1, with edges that follow the picture's."""
    height, width = picture.shape[:2]
    large = np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_CUBIC), np.float32) / np.float32(255)
    radius = max(2, round(max(width, height) / 160))
    alpha = guided(gray(picture), large, radius=radius, smoothness=1e-4)
    return np.asarray(np.clip((alpha - 0.1) / 0.8, 0, 1), np.float32)


def _smooth(mask: Pixels) -> Pixels:
    round_brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, round_brush, iterations=2)
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, round_brush), np.uint8)


def _best_part(mask: Pixels, small: Pixels) -> Pixels | None:
    """The largest of the parts that could be a subject, without holes."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    steps = np.asarray(
        cv2.morphologyEx(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)),
        np.uint8,
    )
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True):
        part = np.asarray(cv2.drawContours(np.zeros_like(mask), [outline], -1, 255, cv2.FILLED), np.uint8)
        if _is_subject(part, outline, steps):
            return part
    return None


def _is_subject(part: Pixels, outline: NDArray[Any], steps: Pixels) -> bool:
    """Of a good size, in one piece, not cut by the picture's edges but below, and with an outline that can be seen."""
    share = float((part > 0).mean())
    hull = max(1.0, cv2.contourArea(cv2.convexHull(outline)))
    rim = np.concatenate([part[4], part[:, 4], part[:, -5]])
    seen = steps[outline[:, 0, 1], outline[:, 0, 0]] > _VISIBLE_STEP
    return (
        _LEAST <= share <= _MOST
        and float((part > 0).sum()) / hull >= _LEAST_SOLID
        and float((rim > 0).mean()) <= _MOST_RIM
        and float(seen.mean()) >= _LEAST_SEEN
    )
