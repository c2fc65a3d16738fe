"""Finds the subject of a picture: GrabCut (Rother 2004) on a small copy, started by a mask, a box, or a guess."""

from typing import Final

import cv2
import numpy as np

from pixie.adapters.jobs.imaging.canvas import OperationImpossible
from pixie.adapters.jobs.imaging.pixels.opencv import Bytes, Flags, Floats, Numbers

SIDE: Final = 560
"""The longest side of the small copy."""

_TURNS: Final = 5
_COLORS: Final = 14
_SPECK: Final = 0.04  # of the largest piece: what is smaller is no piece of the subject
_SOLID: Final = 0.25  # of the subject: smaller holes in a guess are parts of it that have the background's colour
_BOX_DOUBT: Final = 0.12  # whoever draws a box means most of what is in it
_CLEAR_OUTLINE: Final = 0.9
_VISIBLE_STEP: Final = 9.0  # of Lab's, in bytes
_LEAST: Final = 0.002
_MOST: Final = 0.97
_NOTHING: Final = (
    "no subject stands out from the background; say where it is, with `region` or a rough mask picture (white on it)"
)


def subject(small: Bytes, hint: Bytes | None, *, box: bool) -> Flags:
    """True on the subject. `hint` is white where it is said to be: roughly, or with `box` anywhere in there."""
    labels = _guessed(small) if hint is None else _boxed(small, hint) if box else _sketched(hint)
    if not np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).any() or not np.isin(labels, (cv2.GC_BGD, cv2.GC_PR_BGD)).any():
        raise OperationImpossible(_NOTHING)
    cut = labels.copy()
    cv2.grabCut(small, cut, (0, 0, 0, 0), np.zeros((1, 65)), np.zeros((1, 65)), _TURNS, cv2.GC_INIT_WITH_MASK)
    found = _tidied((cut == cv2.GC_FGD) | (cut == cv2.GC_PR_FGD), keep_holes=hint is not None and not box)
    share = found.mean()
    if share < _LEAST or share > _MOST or (hint is None and _outline_contrast(small, found) < _CLEAR_OUTLINE):
        raise OperationImpossible(_NOTHING)
    return found


def _outline_contrast(small: Bytes, found: Flags) -> float:
    """The share of the outline along which something changes: a guess that cuts through a clear sky is a bad one."""
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    flags = found.astype(np.uint8)
    inner = flags.astype(bool) & ~cv2.erode(flags, kernel).astype(bool)
    outer = cv2.dilate(flags, kernel).astype(bool) & ~found
    near = [_mean_around(lab, rim) for rim in (inner, outer)]
    apart = np.linalg.norm(near[0] - near[1], axis=2)[inner]
    return float((apart > _VISIBLE_STEP).mean()) if apart.size else 0.0


def _mean_around(colors: Floats, where: Flags) -> Floats:
    weight = cv2.blur(where.astype(np.float32), (7, 7))[..., None]
    return cv2.blur(colors * where[..., None], (7, 7)) / np.maximum(weight, 1e-6)


def _sketched(hint: Bytes) -> Bytes:
    """A rough mask: sure well inside and well outside of it, open in between."""
    white = (hint >= 128).astype(np.uint8)  # noqa: PLR2004 - half
    sure, possible = cv2.erode(white, _disc(0.06, hint)), cv2.dilate(white, _disc(0.03, hint))
    labels = np.where(possible > 0, np.where(white > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD), cv2.GC_BGD)
    return np.where(sure > 0, cv2.GC_FGD, labels).astype(np.uint8)


def _disc(share: float, plane: Bytes) -> Bytes:
    reach = max(2, round(share * min(plane.shape)))
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))


def _boxed(small: Bytes, hint: Bytes) -> Bytes:
    """Outside is background, for sure; inside, what is rare around the box and near its middle likely is not."""
    inside = hint >= 128  # noqa: PLR2004 - half
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not rows.size or inside.all():
        raise OperationImpossible(_NOTHING)
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    reach = max(4, round(0.25 * max(height, width)))
    around = (
        cv2.dilate(inside.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)).astype(bool) & ~inside
    )
    middle = float(rows.mean()), float(columns.mean())
    standing_out = _standing_out(small, around, inside, _nearness(inside.shape, middle, (1.2 * height, 1.2 * width)))
    likely = standing_out > _BOX_DOUBT * _divide(standing_out[inside])
    return np.where(inside, np.where(likely, cv2.GC_PR_FGD, cv2.GC_PR_BGD), cv2.GC_BGD).astype(np.uint8)


def _guessed(small: Bytes) -> Bytes:
    """What has other colours than the rim, and lies nearer to the middle."""
    shape = small.shape[:2]
    rim = _rim(shape, 0.06)
    nearness = _nearness(shape, (0.55 * shape[0], 0.5 * shape[1]), (0.42 * shape[0], 0.32 * shape[1]))
    standing_out = _standing_out(small, rim, np.ones(shape, bool), nearness)
    level = _divide(standing_out)
    likely = standing_out > level
    labels = np.where(likely, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[standing_out < 0.25 * level] = cv2.GC_BGD
    labels[_rim(shape, 0.03) & ~likely] = cv2.GC_BGD
    return labels


def _rim(shape: tuple[int, ...], share: float) -> Flags:
    width = max(2, round(share * min(shape)))
    rim = np.ones(shape, bool)
    rim[width:-width, width:-width] = False
    return rim


def _nearness(shape: tuple[int, ...], middle: tuple[float, float], spread: tuple[float, float]) -> Floats:
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    near: Floats = np.exp(-(((y - middle[0]) / spread[0]) ** 2 + ((x - middle[1]) / spread[1]) ** 2))
    return near


def _divide(values: Floats) -> float:
    """Otsu's threshold between low and high."""
    return float(cv2.threshold((values * 255).astype(np.uint8).reshape(-1, 1), 0, 255, cv2.THRESH_OTSU)[0]) / 255


def _standing_out(small: Bytes, background: Flags, inside: Flags, nearness: Floats) -> Floats:
    """0 to 1: how rare a pixel's colour is where background is known, compared with where the subject may be."""
    lab = cv2.cvtColor(cv2.bilateralFilter(small, 7, 30, 7), cv2.COLOR_RGB2LAB).astype(np.float32)
    height, width = lab.shape[:2]
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    count = min(_COLORS, height * width)
    _, names, centers = cv2.kmeans(lab.reshape(-1, 3), count, _none_yet(lab), criteria, 1, cv2.KMEANS_PP_CENTERS)
    named = names.reshape(height, width)
    common = np.bincount(named[background], minlength=count) / max(1, background.sum())
    distance = np.linalg.norm(centers[:, None] - centers[None], axis=2)
    # A colour is as much background as the colours that are known there are near to it.
    behind = (np.exp(-((distance / 18) ** 2)) * common[None]).sum(axis=1)
    weights = (nearness * inside).ravel()
    own = np.bincount(named.ravel(), weights=weights, minlength=count) / max(1e-6, float(weights.sum()))
    score = own / (own + 2.0 * behind + 1e-6)
    rare = (score[named] * (0.35 + 0.65 * nearness)).astype(np.float32)
    rare = cv2.GaussianBlur(rare, (0, 0), max(height, width) / 100)
    scaled: Floats = (rare - rare.min()) / max(1e-6, float(np.ptp(rare)))
    return scaled


def _none_yet(colors: Floats) -> Numbers:
    """Labels for k-means to fill in."""
    return np.zeros((colors.shape[0] * colors.shape[1], 1), np.int32)


def _tidied(found: Flags, *, keep_holes: bool) -> Flags:
    """Without specks and pinholes; a guess without larger holes too."""
    flags = found.astype(np.uint8)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(flags, connectivity=8)
    if count <= 1:
        return found
    areas = stats[1:, cv2.CC_STAT_AREA]
    kept = np.flatnonzero(areas >= _SPECK * areas.max()) + 1
    solid = np.isin(pieces, kept)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats((~solid).astype(np.uint8), connectivity=4)
    most = 0.002 * found.size if keep_holes else _SOLID * int(solid.sum())
    holes = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] < most)
    return solid | np.isin(pieces, holes[holes > 0])
