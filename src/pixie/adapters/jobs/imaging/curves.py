"""Arithmetic on colours without touching each pixel from Python: curves are looked up, mixtures are matrices."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from PIL import Image

Curve: TypeAlias = Callable[[float], float]
"""From brightness 0..1 to brightness; what leaves that range is clipped."""

Matrix: TypeAlias = tuple[float, float, float, float, float, float, float, float, float, float, float, float]

LUMA: Final = (0.2126, 0.7152, 0.0722)


def with_curves(image: Image.Image, curves: Sequence[Curve]) -> Image.Image:
    """An RGB picture through one curve for all channels, or through one for each."""
    tables = [_table(curve) for curve in curves]
    return image.point(tables[0] * 3 if len(tables) == 1 else [value for table in tables for value in table])


def _table(curve: Curve) -> list[int]:
    return [min(255, max(0, round(curve(value / 255) * 255))) for value in range(256)]


def to_light(value: float) -> float:
    """From sRGB's scale to an amount of light."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB


def from_light(value: float) -> float:
    light = max(0.0, value)
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055  # noqa: PLR2004 - sRGB


def lit(gain: float) -> Curve:
    """As if `gain` times the light had fallen on the scene."""
    return lambda value: from_light(to_light(value) * gain)


def s_curve(strength: float) -> Curve:
    """More contrast in the middle, soft at both ends; negative strength flattens. 1 is a lot."""

    def curve(value: float) -> float:
        smooth = value * value * (3 - 2 * value)
        return value + (smooth - value) * strength if strength >= 0 else value + (0.5 - value) * -strength * 0.6

    return curve


def saturated(factor: float) -> Matrix:
    """0 is grey, 1 changes nothing."""
    red, green, blue = (weight * (1 - factor) for weight in LUMA)
    return red + factor, green, blue, 0, red, green + factor, blue, 0, red, green, blue + factor, 0


def mixed(image: Image.Image, matrix: Matrix) -> Image.Image:
    return image.convert("RGB", matrix)


def chained(first: Matrix, second: Matrix) -> Matrix:
    """One matrix that does what `first` and then `second` do."""
    rows = [second[at : at + 4] for at in (0, 4, 8)]
    product = [
        sum(row[k] * first[4 * k + column] for k in range(3)) + (row[3] if column == 3 else 0)  # noqa: PLR2004 - offset
        for row in rows
        for column in range(4)
    ]
    a, b, c, d, e, f, g, h, i, j, k, m = product
    return a, b, c, d, e, f, g, h, i, j, k, m
