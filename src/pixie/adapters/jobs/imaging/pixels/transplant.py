"""Copies on the full picture what was found to fit on a small one."""

from typing import Final

import cv2
import numpy as np

from pixie.adapters.jobs.imaging.pixels.opencv import Bytes, Flags, Floats
from pixie.adapters.jobs.imaging.pixels.patch_match import REACH, Level

_STRIP: Final = 64  # rows of the small copy at a time, so that memory stays bounded
_SMALLEST: Final = 8
_NEAR: Final = 1.5
_MOST_CHANGE: Final = 14.0  # more is no other light but another thing
_SOFT: Final = 2  # pixels of the small copy over which fill and surroundings melt together


class Transplant:
    """Every pixel is a mixture of what its block's place and the eight around it would copy there: where they agree, and
    mostly they do, that is one clean copy; at seams it is a soft change.
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

    def onto(self, image: Bytes, hole: Flags) -> Bytes:
        copied, covered = self._copied(image)
        change = self._change(image, copied, covered & ~hole)
        soft = self._softened(hole, covered)
        result = image.copy()
        rows = np.flatnonzero(covered.any(axis=1))
        step = _STRIP * self._factor
        for top in range(rows[0], rows[-1] + 1, step):
            strip = np.s_[top : top + step]
            larger = self._enlarged(change, top, min(top + step, hole.shape[0]), hole.shape[1])
            mended = copied[strip].astype(np.float32)
            mended[..., :3] += larger
            share = soft[strip, :, None]
            result[strip] = np.clip(image[strip] * (1 - share) + mended * share + 0.5, 0, 255).astype(np.uint8)
        return result

    def _copied(self, image: Bytes) -> tuple[Bytes, Flags]:
        copied = image.copy()
        covered = np.zeros(image.shape[:2], bool)
        step = _STRIP * self._factor
        for top in range(0, image.shape[0], step):
            self._copy_strip(image, copied, covered, top, min(top + step, image.shape[0]))
        return copied, covered

    def _copy_strip(self, image: Bytes, copied: Bytes, covered: Flags, top: int, bottom: int) -> None:
        factor = self._factor
        known = self._known[1:-1, 1:-1]
        rows = np.arange(top, bottom)
        active = np.repeat(known[top // factor : -(-bottom // factor)] > 0, factor, axis=0)[: bottom - top]
        active = np.repeat(active, factor, axis=1)[:, : image.shape[1]]
        y, x = np.nonzero(active)
        if not y.size:
            return
        y = y.astype(np.int32) + rows[0].astype(np.int32)
        x = x.astype(np.int32)
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
        copied[y, x] = (total / weight[:, None] + 0.5).astype(np.uint8)
        covered[y, x] = True

    def _change(self, image: Bytes, copied: Bytes, ring: Flags) -> Floats:
        """What the copy lacks in colour at the rim, spread smoothly over all of it: skies are never of one blue."""
        height, width = self._known.shape[0] - 2, self._known.shape[1] - 2
        factor = self._factor
        sums = np.zeros((height, width, 4), np.float32)
        step = _STRIP * factor
        for top in range(0, image.shape[0], step):
            part = ring[top : top + step]
            if not part.any():
                continue
            difference = np.zeros((*part.shape, 4), np.float32)
            difference[..., :3] = image[top : top + step, :, :3].astype(np.float32) - copied[top : top + step, :, :3]
            difference[..., 3] = 1
            alike = np.abs(difference[..., :3]).max(axis=2) < 3 * _MOST_CHANGE
            difference *= (part & alike)[..., None]
            short, narrow = -part.shape[0] % factor, width * factor - part.shape[1]
            blocks = np.pad(difference, ((0, short), (0, narrow), (0, 0)))
            rows = blocks.shape[0] // factor
            sums[top // factor : top // factor + rows] = blocks.reshape(rows, factor, width, factor, 4).sum(axis=(1, 3))
        return np.clip(_spread(sums / factor**2), -_MOST_CHANGE, _MOST_CHANGE)

    def _enlarged(self, change: Floats, top: int, bottom: int, width: int) -> Floats:
        factor = self._factor
        rows = (np.arange(top, bottom, dtype=np.float32) + 0.5) / factor - 0.5
        columns = (np.arange(width, dtype=np.float32) + 0.5) / factor - 0.5
        across, down = np.meshgrid(columns, rows)
        return cv2.remap(change, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def _softened(self, hole: Flags, covered: Flags) -> Floats:
        """1 in the hole, falling to 0 outside of it."""
        away = cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, 3)
        reach = max(2.0, min(REACH, _SOFT) * self._factor)
        return np.clip(1 - away / reach, 0, 1) * covered


def _spline(position: "np.ndarray[tuple[int], np.dtype[np.int32]]", factor: int) -> list[Floats]:
    """How much the block before, the own one and the one after count: a quadratic spline."""
    t = ((position % factor + 0.5) / factor - 0.5).astype(np.float32)
    return [0.5 * (0.5 - t) ** 2, 0.75 - t**2, 0.5 * (0.5 + t) ** 2]


def _spread(sums: Floats) -> Floats:
    """From where there is something to everywhere: near by from near, far away from all. Halved again and again, for blurs
    that reach so far would take for ever.
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
    return sums[..., :3].sum(axis=(0, 1)) / max(1e-6, float(sums[..., 3].sum()))
