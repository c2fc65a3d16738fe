"""Finds the subject of a picture: GrabCut (Rother 2004) on a small copy, started by a mask, a box, or a guess."""

from typing import Final

import cv2
import numpy as np

from pixie.adapters.jobs.imaging.canvas import OperationImpossible
from pixie.adapters.jobs.imaging.pixels.opencv import Bytes, Flags, Floats

SIDE: Final = 560
"""The longest side of the small copy."""

_TURNS: Final = 5
_COLORS: Final = 14
_RIM: Final = 0.03  # of the shorter side: what lies there is background, most of it
_SPECK: Final = 0.04  # of the largest piece: what is smaller is no piece of the subject
_LEAST: Final = 0.002
_MOST: Final = 0.97
_NOTHING: Final = (
    "no subject stands out from the background; say where it is, with `region` or a rough mask picture (white on it)"
)


def subject(small: Bytes, hint: Bytes | None, *, box: bool) -> Flags:
    """True on the subject. `hint` is white where it is said to be: roughly, or with `box` anywhere in there."""
    labels = _guessed(small) if hint is None else _boxed(hint) if box else _sketched(hint)
    if not np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).any() or not np.isin(labels, (cv2.GC_BGD, cv2.GC_PR_BGD)).any():
        raise OperationImpossible(_NOTHING)
    cut = labels.copy()
    cv2.grabCut(small, cut, None, np.zeros((1, 65)), np.zeros((1, 65)), _TURNS, cv2.GC_INIT_WITH_MASK)
    found = _tidied((cut == cv2.GC_FGD) | (cut == cv2.GC_PR_FGD), keep_holes=hint is not None)
    share = found.mean()
    if share < _LEAST or share > _MOST:
        raise OperationImpossible(_NOTHING)
    return found


def _sketched(hint: Bytes) -> Bytes:
    """A rough mask: sure well inside and well outside of it, open in between."""
    white = (hint >= 128).astype(np.uint8)  # noqa: PLR2004 - half
    slack = max(2, round(0.025 * min(hint.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * slack + 1, 2 * slack + 1))
    sure, possible = cv2.erode(white, kernel), cv2.dilate(white, kernel)
    labels = np.where(possible > 0, np.where(white > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD), cv2.GC_BGD)
    return np.where(sure > 0, cv2.GC_FGD, labels).astype(np.uint8)


def _boxed(hint: Bytes) -> Bytes:
    """Outside is background, for sure; inside, what is in the middle likelier belongs to the subject."""
    return np.where(hint >= 128, cv2.GC_PR_FGD, cv2.GC_BGD).astype(np.uint8)  # noqa: PLR2004 - half


def _guessed(small: Bytes) -> Bytes:
    """What has other colours than the rim, and lies nearer to the middle."""
    standing_out = _standing_out(small)
    level, _ = cv2.threshold((standing_out * 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    likely = standing_out > level / 255
    labels = np.where(likely, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[standing_out < 0.25 * level / 255] = cv2.GC_BGD
    rim = max(2, round(_RIM * min(labels.shape)))
    border = np.ones(labels.shape, bool)
    border[rim:, rim:-rim] = False  # people stand on the lower edge
    labels[border & ~likely] = cv2.GC_BGD
    return labels


def _standing_out(small: Bytes) -> Floats:
    """0 to 1: how rare a pixel's colour is at the rim compared with the middle, softened."""
    lab = cv2.cvtColor(cv2.bilateralFilter(small, 7, 30, 7), cv2.COLOR_RGB2LAB).astype(np.float32)
    height, width = lab.shape[:2]
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    count = min(_COLORS, height * width)
    _, names, centers = cv2.kmeans(lab.reshape(-1, 3), count, None, criteria, 1, cv2.KMEANS_PP_CENTERS)
    named = names.reshape(height, width)
    rim = max(2, round(0.06 * min(height, width)))
    at_rim = np.ones((height, width), bool)
    at_rim[rim:, rim:-rim] = False
    y, x = np.mgrid[0:height, 0:width]
    central = np.exp(-(((x / width - 0.5) / 0.32) ** 2 + ((y / height - 0.55) / 0.42) ** 2))
    rim_share = np.bincount(named[at_rim], minlength=count) / max(1, at_rim.sum())
    distance = np.linalg.norm(centers[:, None] - centers[None], axis=2)
    # A colour is as much background as the colours of the rim are near to it.
    background = (np.exp(-((distance / 18) ** 2)) * rim_share[None]).sum(axis=1)
    middle_share = np.bincount(named.ravel(), weights=central.ravel(), minlength=count) / central.sum()
    score = middle_share / (middle_share + 2.0 * background + 1e-6)
    map_ = cv2.GaussianBlur((score[named] * (0.35 + 0.65 * central)).astype(np.float32), (0, 0), max(height, width) / 100)
    return (map_ - map_.min()) / max(1e-6, float(np.ptp(map_)))


def _tidied(found: Flags, *, keep_holes: bool) -> Flags:
    """Without specks, and without pinholes."""
    flags = found.astype(np.uint8)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(flags, connectivity=8)
    if count <= 1:
        return found
    areas = stats[1:, cv2.CC_STAT_AREA]
    kept = np.flatnonzero(areas >= _SPECK * areas.max()) + 1
    solid = np.isin(pieces, kept)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats((~solid).astype(np.uint8), connectivity=4)
    most = (0.002 if keep_holes else 0.004) * found.size
    holes = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] < most)
    return solid | np.isin(pieces, holes[holes > 0])
