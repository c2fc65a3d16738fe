"""Finds, for every place around a hole, the place in the picture that looks most alike, and paints the hole from there.

This is Wexler's completion (2007) with Barnes's PatchMatch (2009) as its search, written for whole arrays instead of
single pixels: all places look at the same neighbour at a time, which is what numpy does well.
"""

from typing import Final

import cv2
import numpy as np

from pixie.adapters.jobs.imaging.pixels.opencv import Flags, Floats, Numbers

REACH: Final = 3
"""A patch has 2 * REACH + 1 pixels a side."""

_SIDE: Final = 2 * REACH + 1
_SPREAD: Final = [(dy, dx) for dy in range(-REACH, REACH + 1) for dx in range(-REACH, REACH + 1)]
_PARTS: Final = [range(start, _SIDE**2, 6) for start in range(6)]
_NEIGHBOURS: Final = [(0, 1), (1, 0), (0, -1), (-1, 0)]
_LEAST_TRUST: Final = 0.15
_TRUST_LOST: Final = 0.88  # with each pixel further from what is known


class Level:
    """One size of the picture. `image` is (height, width, 3) and is painted inside of `hole`; only what lies `inside`
    of the picture counts, and only from where `usable` is copied. `drift` makes it dear to copy from other rows.
    """

    def __init__(
        self, image: Floats, hole: Flags, usable: Flags, inside: Flags, rng: np.random.Generator, *, drift: float = 0.0
    ) -> None:
        self._rng = rng
        self._drift = drift
        self._stride = hole.shape[1] + 2 * REACH
        self._image = cv2.copyMakeBorder(image, REACH, REACH, REACH, REACH, cv2.BORDER_REFLECT_101)
        self._flat = self._image.reshape(-1, 3)
        self._usable = _padded(_eroded(usable)).ravel()
        self.sources: Numbers = np.flatnonzero(self._usable).astype(np.int32)
        near = cv2.dilate(hole.astype(np.uint8), np.ones((_SIDE, _SIDE), np.uint8)).astype(bool) & inside
        self.places: Numbers = np.flatnonzero(_padded(near)).astype(np.int32)
        self._number = np.full(self._usable.size, -1, np.int32)
        self._number[self.places] = np.arange(self.places.size, dtype=np.int32)
        self._hole = _padded(hole).ravel()
        self._steps = [dy * self._stride + dx for dy, dx in _SPREAD]
        trust = _trust(hole)
        self._trust = _padded(trust).ravel()[self.places]
        weights = _padded(np.where(inside, trust, 0).astype(np.float32)).ravel()
        self._weights = np.stack([weights[self.places + step] for step in self._steps])
        self._weights /= np.maximum(self._weights.sum(axis=0), 1e-6)
        self.match: Numbers = self._anywhere(self.places.size)
        self.distance: Floats = np.full(self.places.size, np.inf, np.float32)

    @property
    def image(self) -> Floats:
        return self._image[REACH:-REACH, REACH:-REACH]

    def start_from(self, coarse: "Level") -> None:
        """Take over what was found at half of the size."""
        row, column = self._row_and_column(self.places)
        above = coarse.at(row // 2, column // 2)
        found = above >= 0
        source_row, source_column = coarse._row_and_column(coarse.match[np.maximum(above, 0)])  # noqa: SLF001 - its own kind
        wanted = self._place(source_row * 2 + row % 2, source_column * 2 + column % 2)
        fits = found & self._usable[np.clip(wanted, 0, self._usable.size - 1)]
        self.match = np.where(fits, wanted, self.match)

    def at(self, row: Numbers, column: Numbers) -> Numbers:
        """The numbers of the places there; -1 where none is."""
        return self._number[self._place(row, column)]

    def offsets(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Each place's row and column, and how far away it is copied from."""
        row, column = self._row_and_column(self.places)
        source_row, source_column = self._row_and_column(self.match)
        return row, column, source_row - row, source_column - column

    def search(self, rounds: int, radius: int) -> None:
        """Look for better matches: what fits a neighbour, then anywhere, then closer and closer around."""
        targets = [self._flat[self.places + step] for step in self._steps]
        everyone = np.arange(self.match.size, dtype=np.int32)
        self.distance = self._compared(targets, self.match, everyone, range(len(_SPREAD)))
        self.distance += self._strayed(self.match, everyone)
        for _ in range(rounds):
            for reach in (1, 2):
                for dy, dx in _NEIGHBOURS:
                    self._follow(targets, (dy * self._stride + dx) * reach)
            around = radius
            while around >= 1:
                self._try(targets, self._nearby(around))
                around //= 3

    def paint(self) -> None:
        """Each pixel of the hole becomes what the patches over it say, good ones louder."""
        spread = float(np.percentile(self.distance, 60)) + 1.0
        votes = np.exp(-self.distance / spread) * self._trust**2 + 1e-6
        total = np.zeros_like(self._flat)
        count = np.zeros(self._hole.size, np.float32)
        for step in self._steps:
            at = self.places + step
            total[at] += self._flat[self.match + step] * votes[:, None]
            count[at] += votes
        wet = self._hole & (count > 0)
        self._flat[wet] = total[wet] / count[wet, None]

    def _follow(self, targets: list[Floats], step: int) -> None:
        neighbour = self._number[self.places + step]
        candidate = self.match[np.maximum(neighbour, 0)] - step
        self._try(targets, np.where(neighbour >= 0, candidate, -1))

    def _try(self, targets: list[Floats], candidate: Numbers) -> None:
        allowed = (candidate >= 0) & (candidate < self._usable.size) & (candidate != self.match)
        allowed &= self._usable[np.clip(candidate, 0, self._usable.size - 1)]
        who = np.flatnonzero(allowed)
        distance = self._strayed(candidate[who], who)
        for part in _PARTS:  # most candidates are out after the first few pixels
            distance += self._compared(targets, candidate[who], who, part)
            still = distance < self.distance[who]
            who, distance = who[still], distance[still]
        self.match[who] = candidate[who]
        self.distance[who] = distance

    def _compared(self, targets: list[Floats], candidate: Numbers, who: Numbers, part: range) -> Floats:
        """The mean squared difference of some pixels of the patch, weighted by trust."""
        distance = np.zeros(candidate.size, np.float32)
        for at in part:
            difference = self._flat[candidate + self._steps[at]] - targets[at][who]
            distance += np.einsum("ij,ij->i", difference, difference) * self._weights[at][who]
        return distance

    def _strayed(self, candidate: Numbers, who: Numbers) -> Floats:
        """A horizon goes on where it is."""
        if not self._drift:
            return np.zeros(who.size, np.float32)
        rows = (candidate // self._stride - self.places[who] // self._stride).astype(np.float32)
        cost: Floats = self._drift * rows**2
        return cost

    def _nearby(self, radius: int) -> Numbers:
        row, column = self._row_and_column(self.match)
        shift = self._rng.integers(-radius, radius + 1, (2, self.match.size), dtype=np.int32)
        height = self._usable.size // self._stride - 2 * REACH
        row = np.clip(row + shift[0], 0, height - 1)
        column = np.clip(column + shift[1], 0, self._stride - 2 * REACH - 1)
        return self._place(row, column)

    def _anywhere(self, count: int) -> Numbers:
        return (
            self.sources[self._rng.integers(0, max(1, self.sources.size), count)] if self.sources.size else self.places
        )

    def _row_and_column(self, place: Numbers) -> tuple[Numbers, Numbers]:
        return place // self._stride - REACH, place % self._stride - REACH

    def _place(self, row: Numbers, column: Numbers) -> Numbers:
        place: Numbers = (row + REACH) * self._stride + column + REACH
        return place


def _padded(plane: "Flags | Floats") -> "Flags | Floats":
    return np.pad(plane, REACH)


def _eroded(usable: Flags) -> Flags:
    """Where a whole patch is usable."""
    return cv2.erode(
        usable.astype(np.uint8), np.ones((_SIDE, _SIDE), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0
    ).astype(bool)


def _trust(hole: Flags) -> Floats:
    """1 for what is known, less and less towards the middle of the hole."""
    depth = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3)
    return np.maximum(np.power(_TRUST_LOST, depth), _LEAST_TRUST).astype(np.float32)
