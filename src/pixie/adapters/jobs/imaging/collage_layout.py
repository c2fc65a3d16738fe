"""Where the pictures of a collage lie, in fractions of nothing: pure arithmetic on their shapes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_STRETCH: Final = 2.2  # how far the rows of a mosaic may be from the wished shape before pictures are cut instead


@dataclass(frozen=True, slots=True)
class Cell:
    """In pixels of the result."""

    left: int
    top: int
    width: int
    height: int


def grid(count: int, columns: int, width: int, height: int, gap: int) -> list[Cell]:
    """Equal cells; the last row's are wider where it is not full."""
    rows = -(-count // columns)
    cells = []
    for row, (top, tall) in enumerate(_parts([1.0] * rows, height, gap)):
        here = min(columns, count - row * columns)
        cells += [Cell(left, top, wide, tall) for left, wide in _parts([1.0] * here, width, gap)]
    return cells


def row(shapes: Sequence[float], width: int, height: int, gap: int) -> list[Cell]:
    """Side by side, each as wide as its shape (width to height) asks for."""
    return [Cell(left, gap, wide, height - 2 * gap) for left, wide in _parts(shapes, width, gap)]


def column(shapes: Sequence[float], width: int, height: int, gap: int) -> list[Cell]:
    return [Cell(gap, top, width - 2 * gap, tall) for top, tall in _parts([1 / s for s in shapes], height, gap)]


def mosaic(shapes: Sequence[float], width: int, height: int, gap: int) -> list[Cell]:
    """Rows of different heights, so that hardly anything is cut off."""
    rows = _broken(shapes, width / height)
    heights = [1 / sum(shapes[start:stop]) for start, stop in rows]
    cells = []
    for (start, stop), (top, tall) in zip(rows, _parts(heights, height, gap), strict=True):
        cells += [Cell(left, top, wide, tall) for left, wide in _parts(shapes[start:stop], width, gap)]
    return cells


def natural_ratio(layout: str, shapes: Sequence[float], columns: int) -> float:
    """The shape of the whole that cuts least."""
    if layout == "row":
        return sum(shapes)
    if layout == "column":
        return 1 / sum(1 / shape for shape in shapes)
    if layout == "mosaic":
        return 1.5
    typical = math.exp(sum(math.log(shape) for shape in shapes) / len(shapes))
    return typical * columns / -(-len(shapes) // columns)


def _broken(shapes: Sequence[float], ratio: float) -> list[tuple[int, int]]:
    """Into rows, all pictures in their order, such that the whole gets nearest to the ratio and rows are alike."""
    count = len(shapes)
    best: tuple[float, list[tuple[int, int]]] | None = None
    for breaks in range(2 ** (count - 1)):
        ends = [0, *(at + 1 for at in range(count - 1) if breaks >> at & 1), count]
        rows = list(pairwise(ends))
        heights = [1 / sum(shapes[start:stop]) for start, stop in rows]
        misfit = abs(math.log(sum(heights) * ratio)) * _STRETCH + math.log(max(heights) / min(heights))
        if best is None or misfit < best[0]:
            best = misfit, rows
    return best[1] if best else []


def _parts(weights: Sequence[float], length: int, gap: int) -> list[tuple[int, int]]:
    """Start and length of each, with a gap before, between and behind."""
    room = length - gap * (len(weights) + 1)
    whole = sum(weights)
    edges = [room * sum(weights[:number]) / whole for number in range(len(weights) + 1)]
    return [
        (round(start) + gap * (number + 1), max(1, round(stop) - round(start)))
        for number, (start, stop) in enumerate(pairwise(edges))
    ]
