"""Copies on the full picture what was found to fit on a small one."""

from typing import Final

import cv2
import numpy as np

from pixie.adapters.jobs.imaging.pixels.opencv import Bytes, Flags, Floats, Numbers
from pixie.adapters.jobs.imaging.pixels.patch_match import REACH, Level

_STRIP: Final = 64  # rows of the small copy at a time, so that memory stays bounded
_SMALLEST: Final = 8
_NEAR: Final = 1.5
_MOST_CHANGE: Final = 14.0  # more is no other light but another thing
_SOFT: Final = 2  # pixels of the small copy over which fill and surroundings melt together


class Transplant:
    """Every pixel is a mixture of what its block's place and the eight around it would copy there: where they agree,
    and mostly they do, that is one clean copy; at seams it is a soft change.
    """

    def __init__(self, level: Level, factor: int) -> None:
        height, width = level.image.shape[:2]
        row, column, down, across = level.offsets()
        self._factor = factor
        self._down = np.zeros((height + 2, width + 2), np.int32)
        self._across = np.zeros((height + 2, width + 2), np.int32)
        self._known = np.zeros((height + 2, width + 2), np.float32)
        self._down[row + 1, column + 1] = down * factor
        self._across[row + 1, column + 1] = across * factor
        self._known[row + 1, column + 1] = 1

    def onto(self, image: Bytes, hole: Flags) -> None:
        """Changes the picture. Only the part of it that is filled is ever held a second time."""
        factor = self._factor
        rows, columns = (np.flatnonzero(self._known.any(axis=axis)) - 1 for axis in (1, 0))
        top, left = int(rows[0]) * factor, int(columns[0]) * factor
        part = np.s_[top : (int(rows[-1]) + 1) * factor, left : (int(columns[-1]) + 1) * factor]
        height, width = hole[part].shape
        copied = np.zeros((height, width, image.shape[2]), np.uint8)
        covered = np.zeros((height, width), bool)
        for start in range(0, height, _STRIP * factor):
            self._copy_strip(image, copied, covered, (top, left, start))
        change = self._change(image[part], copied, covered & ~hole[part], (top // factor, left // factor))
        soft = self._softened(hole[part], covered)
        for start in range(0, height, _STRIP * factor):
            strip = slice(start, min(height, start + _STRIP * factor))
            mended = copied[strip].astype(np.float32)
            mended[..., :3] += self._enlarged(change, (top, left), strip, width)
            share = soft[strip, :, None]
            image[part][strip] = np.clip(image[part][strip] * (1 - share) + mended * share + 0.5, 0, 255)

    def _copy_strip(self, image: Bytes, copied: Bytes, covered: Flags, place: tuple[int, int, int]) -> None:
        top, left, start = place
        factor = self._factor
        strip = covered[start : start + _STRIP * factor]
        known = self._known[1:-1, 1:-1][(top + start) // factor :, left // factor :] > 0
        blocks = known[: -(-strip.shape[0] // factor), : -(-strip.shape[1] // factor)]
        active = np.repeat(np.repeat(blocks, factor, axis=0), factor, axis=1)[: strip.shape[0], : strip.shape[1]]
        row, column = (found.astype(np.int32) for found in np.nonzero(active))
        if row.size:
            copied[row + start, column] = self._mixed(image, row + (start + top), column + left)
            covered[row + start, column] = True

    def _mixed(self, image: Bytes, y: Numbers, x: Numbers) -> Bytes:
        factor = self._factor
        total = np.zeros((y.size, image.shape[2]), np.float32)
        weight = np.zeros(y.size, np.float32)
        across, down = _spline(x, factor), _spline(y, factor)
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                at = y // factor + 1 + dy, x // factor + 1 + dx
                share = self._known[at] * down[dy + 1] * across[dx + 1]
                source = image[
                    np.clip(y + self._down[at], 0, image.shape[0] - 1),
                    np.clip(x + self._across[at], 0, image.shape[1] - 1),
                ]
                total += source * share[:, None]
                weight += share
        return (total / weight[:, None] + 0.5).astype(np.uint8)

    def _change(self, image: Bytes, copied: Bytes, ring: Flags, corner: tuple[int, int]) -> Floats:
        """What the copy lacks in colour at the rim, spread smoothly over all of it: skies are never of one blue."""
        factor = self._factor
        sums = np.zeros((self._known.shape[0] - 2, self._known.shape[1] - 2, 4), np.float32)
        for top in range(0, image.shape[0], _STRIP * factor):
            strip = slice(top, top + _STRIP * factor)
            difference = image[strip, :, :3].astype(np.float32) - copied[strip, :, :3]
            alike = np.abs(difference).max(axis=2) < 3 * _MOST_CHANGE
            counted = np.dstack([difference, np.ones_like(alike)]) * (ring[strip] & alike)[..., None]
            height, width = (-(-side // factor) for side in alike.shape)
            short, narrow = height * factor - alike.shape[0], width * factor - alike.shape[1]
            blocks = np.pad(counted, ((0, short), (0, narrow), (0, 0))).reshape(height, factor, width, factor, 4)
            row = corner[0] + top // factor
            sums[row : row + height, corner[1] : corner[1] + width] = blocks.sum(axis=(1, 3))
        return np.clip(_spread(sums / factor**2), -_MOST_CHANGE, _MOST_CHANGE)

    def _enlarged(self, change: Floats, corner: tuple[int, int], rows: slice, width: int) -> Floats:
        y = (np.arange(rows.start, rows.stop, dtype=np.float32) + corner[0] + 0.5) / self._factor - 0.5
        x = (np.arange(width, dtype=np.float32) + corner[1] + 0.5) / self._factor - 0.5
        across, down = np.meshgrid(x, y)
        return cv2.remap(change, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def _softened(self, hole: Flags, covered: Flags) -> Floats:
        """1 in the hole, falling to 0 outside of it."""
        away = cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, 3)
        reach = max(2.0, min(REACH, _SOFT) * self._factor)
        soft: Floats = np.clip(1 - away / reach, 0, 1) * covered
        return soft


def _spline(position: Numbers, factor: int) -> list[Floats]:
    """How much the block before, the own one and the one after count: a quadratic spline."""
    t = ((position % factor + 0.5) / factor - 0.5).astype(np.float32)
    return [0.5 * (0.5 - t) ** 2, 0.75 - t**2, 0.5 * (0.5 + t) ** 2]


def _spread(sums: Floats) -> Floats:
    """From where there is something to everywhere: near by from near, far away from all. Halved again and again, for
    blurs that reach so far would take for ever.
    """
    height, width = sums.shape[:2]
    if min(height, width) > _SMALLEST:
        farther = _spread(cv2.resize(sums, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA))
        spread = cv2.resize(farther, (width, height), interpolation=cv2.INTER_LINEAR)
    else:
        spread = np.broadcast_to(_mean(sums), (height, width, 3))
    near = cv2.GaussianBlur(sums, (0, 0), _NEAR)
    trust = np.clip(near[..., 3:] * 6, 0, 1)
    return near[..., :3] / np.maximum(near[..., 3:], 1e-6) * trust + spread * (1 - trust)


def _mean(sums: Floats) -> Floats:
    mean: Floats = sums[..., :3].sum(axis=(0, 1)) / max(1e-6, float(sums[..., 3].sum()))
    return mean
