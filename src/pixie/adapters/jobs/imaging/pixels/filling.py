"""Fills holes of any size with what the rest of the picture offers.

The search for what fits runs on a copy that is small enough to take a bounded time. What is found there is where to
copy from; the copying itself happens on the full picture, so that the fill is as sharp as its surroundings.
"""

from typing import Final

import cv2
import numpy as np

from pixie.adapters.jobs.imaging.canvas import Told
from pixie.adapters.jobs.imaging.pixels.opencv import Bytes, Flags, Floats
from pixie.adapters.jobs.imaging.pixels.patch_match import REACH, Level
from pixie.adapters.jobs.imaging.pixels.transplant import Transplant

_MOST_PLACES: Final = 36_000  # of the hole in the small copy: some seconds
_MOST_PIXELS: Final = 600_000  # of the small copy
_LEAST_SIDE: Final = 20
_LEAST_SOURCES: Final = 60
_LEAST_SURROUNDINGS: Final = 48
_DEEPEST: Final = 7  # levels
_DEAR: Final = 250.0  # what it costs to copy from a tenth of the height away; a patch that fits costs about 50


def fill(image: Bytes, hole: Flags, *, seed: int, told: Told) -> None:
    """`image` is (height, width, 3 or 4), and is changed; what is under the hole does not count."""
    top, bottom, left, right = _window(hole)
    window = np.s_[top:bottom, left:right]
    _fill(image[window], hole[window], seed, told, begun=False)


def continue_rows(image: Bytes, hole: Flags, *, seed: int) -> None:
    """The hole is a margin at the left; what is in it is what to begin with, and its rows go on."""
    _fill(image, hole, seed, lambda _: None, begun=True)


def _window(hole: Flags) -> tuple[int, int, int, int]:
    """The hole and enough around it to take from."""
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    around = max(_LEAST_SURROUNDINGS, round(1.2 * max(height, width)))
    return (
        max(0, rows[0] - around),
        min(hole.shape[0], rows[-1] + 1 + around),
        max(0, columns[0] - around),
        min(hole.shape[1], columns[-1] + 1 + around),
    )


def _fill(image: Bytes, hole: Flags, seed: int, told: Told, *, begun: bool) -> None:
    factor = 1
    while np.count_nonzero(hole) > _MOST_PLACES * factor**2 or hole.size > _MOST_PIXELS * factor**2:
        factor *= 2
    sizes = _Sizes(image, hole, factor, begun=begun)
    if not sizes.levels:
        image[..., :3] = _smeared(image, hole)
        return
    rng = np.random.default_rng(seed)
    level = sizes.level(len(sizes.levels) - 1, rng)
    for index in reversed(range(len(sizes.levels))):
        if index < len(sizes.levels) - 1:
            finer = sizes.level(index, rng)
            _take_colors(finer, level, sizes.levels[index].hole)
            finer.start_from(level)
            level = finer
        _settle(level, coarseness=index, first=index == len(sizes.levels) - 1)
        told(0.85 * 0.45**index)
    Transplant(level, factor).onto(image, hole)


def _settle(level: Level, *, coarseness: int, first: bool) -> None:
    """Search and paint in turn until the picture hardly changes: often where that is cheap, seldom where it is not."""
    turns = 10 if first else 2 + min(coarseness, 4)
    for turn in range(turns):
        level.search(
            rounds=2 if coarseness or first else 1, radius=max(level.image.shape) // (1 if turn == 0 and first else 4)
        )
        level.paint()
    level.search(rounds=1, radius=2)


def _take_colors(finer: Level, coarse: Level, hole: Flags) -> None:
    height, width = hole.shape
    larger = cv2.resize(coarse.image, (width, height), interpolation=cv2.INTER_LINEAR)
    finer.image[hole] = larger[hole]


def _smeared(image: Bytes, hole: Flags) -> Bytes:
    """For pictures that have nothing to take from: a hole nearly as large as they are, or hardly any pixels."""
    return cv2.inpaint(np.ascontiguousarray(image[..., :3]), hole.astype(np.uint8), 3, cv2.INPAINT_TELEA)


class _Size:
    def __init__(self, image: Floats, hole: Flags, usable: Flags, inside: Flags) -> None:
        self.image, self.hole, self.usable, self.inside = image, hole, usable, inside

    def halved(self) -> "_Size":
        height, width = self.hole.shape[0] // 2, self.hole.shape[1] // 2
        fours = (height, 2, width, 2)
        image = cv2.resize(self.image, (width, height), interpolation=cv2.INTER_AREA)
        return _Size(
            image,
            _any(self.hole.reshape(fours)),
            _all(self.usable.reshape(fours)),
            _any(self.inside.reshape(fours)),
        )


class _Sizes:
    """The small copy, and smaller ones of it, as long as they have something to take from."""

    def __init__(self, image: Bytes, hole: Flags, factor: int, *, begun: bool) -> None:
        block = factor * 2 ** (_DEEPEST - 1)
        height, width = (-(-side // block) * block for side in hole.shape)
        whole = _Size(*_shrunken(image, hole, factor, (height, width)))
        self._drift = _DEAR if begun else 0.0
        self.levels: list[_Size] = []
        if not begun:
            whole.image = _guessed(whole)
        size = whole
        while len(self.levels) < _DEEPEST and _has_sources(size):
            self.levels.append(size)
            deepest = cv2.distanceTransform(size.hole.astype(np.uint8), cv2.DIST_L2, 3).max()
            if deepest <= REACH or min(size.inside.any(axis=1).sum(), size.inside.any(axis=0).sum()) < 2 * _LEAST_SIDE:
                break
            size = size.halved()

    def level(self, index: int, rng: np.random.Generator) -> Level:
        size = self.levels[index]
        drift = self._drift / (0.1 * size.inside.any(axis=1).sum()) ** 2
        return Level(size.image, size.hole, size.usable, size.inside, rng, drift=drift)


def _has_sources(size: _Size) -> bool:
    patch = np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)
    whole = cv2.erode(size.usable.astype(np.uint8), patch, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return int(whole.sum()) >= _LEAST_SOURCES


def _shrunken(image: Bytes, hole: Flags, factor: int, size: tuple[int, int]) -> tuple[Floats, Flags, Flags, Flags]:
    """Colours, hole, what may be copied, and what is inside of the picture; all grown to a size that halves well."""
    height, width = size
    below, beside = height - hole.shape[0], width - hole.shape[1]
    visible = ~hole if image.shape[2] == 3 else ~hole & (image[..., 3] > 0)  # noqa: PLR2004 - no alpha
    blocks = (height // factor, factor, width // factor, factor)

    def grown(flags: Flags) -> Flags:
        return np.pad(flags, ((0, below), (0, beside))).reshape(blocks)

    colors = np.ascontiguousarray(image[..., :3])
    small = cv2.resize(
        cv2.copyMakeBorder(colors, 0, below, 0, beside, cv2.BORDER_REPLICATE),
        (width // factor, height // factor),
        interpolation=cv2.INTER_AREA,
    ).astype(np.float32)
    inside = _any(grown(np.ones_like(hole)))
    return small, _any(grown(hole)), _all(grown(visible)), inside


def _guessed(size: _Size) -> Floats:
    """Something smooth to begin with."""
    return cv2.inpaint(
        size.image.clip(0, 255).astype(np.uint8), size.hole.astype(np.uint8), 3, cv2.INPAINT_TELEA
    ).astype(np.float32)


def _any(blocks: Flags) -> Flags:
    """One flag for each block of (rows, height, columns, width)."""
    flags: Flags = np.logical_or.reduce(blocks, axis=(1, 3))
    return flags


def _all(blocks: Flags) -> Flags:
    flags: Flags = np.logical_and.reduce(blocks, axis=(1, 3))
    return flags
