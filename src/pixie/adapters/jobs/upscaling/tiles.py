"""How a picture is cut into tiles that each see a little more than they answer for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""Rows, columns, channels."""


@dataclass(frozen=True, slots=True)
class Tile:
    """The part of the input that a tile answers for; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        return self.left, self.top, self.right, self.bottom

    @property
    def size(self) -> tuple[int, int]:
        return self.right - self.left, self.bottom - self.top

    def times(self, scale: int) -> "Tile":
        return Tile(self.left * scale, self.top * scale, self.right * scale, self.bottom * scale)


def tiles_of(width: int, height: int, side: int) -> list[Tile]:
    """As few tiles of at most `side` as there can be, all of nearly the same size, in reading order."""
    return [
        Tile(left, top, right, bottom) for top, bottom in _parts(height, side) for left, right in _parts(width, side)
    ]


def surrounded(pixels: Pixels, tile: Tile, overlap: int) -> Pixels:
    """The tile with `overlap` more pixels on each side; beyond the picture's border the picture is mirrored."""
    height, width = pixels.shape[:2]
    left, top = max(0, tile.left - overlap), max(0, tile.top - overlap)
    right, bottom = min(width, tile.right + overlap), min(height, tile.bottom + overlap)
    lacking = (
        (overlap - (tile.top - top), overlap - (bottom - tile.bottom)),
        (overlap - (tile.left - left), overlap - (right - tile.right)),
        (0, 0),
    )
    return np.pad(pixels[top:bottom, left:right], lacking, mode="reflect")


def _parts(length: int, side: int) -> Iterator[tuple[int, int]]:
    count = -(-length // side)
    for number in range(count):
        yield number * length // count, (number + 1) * length // count
