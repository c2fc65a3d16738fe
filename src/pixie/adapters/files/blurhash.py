"""BlurHash (https://github.com/woltapp/blurhash, Algorithm.md): a picture's colours in a few dozen letters."""

import math
from typing import Final, TypeAlias

from PIL import Image

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_LINEAR: Final = [
    value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
    for value in range(256)
]

Color: TypeAlias = tuple[float, float, float]


def blurhash(image: Image.Image, across: int = 4, down: int = 3) -> str:
    """`image` is RGB and tiny: 32 pixels a side carry more than the hash keeps."""
    factors = [_factor(image, x, y) for y in range(down) for x in range(across)]
    average, details = factors[0], factors[1:]
    largest = max(max(map(abs, color)) for color in details)
    peak = max(0, min(82, math.floor(largest * 166 - 0.5)))
    scale = (peak + 1) / 166
    return "".join(
        (
            _base83(across - 1 + (down - 1) * 9, 1),
            _base83(peak, 1),
            _base83(_packed_average(average), 4),
            *(_base83(_packed_detail(color, scale), 2) for color in details),
        )
    )


def _factor(image: Image.Image, across: int, down: int) -> Color:
    """The picture's share of one two-dimensional cosine."""
    width, height = image.size
    columns = [math.cos(math.pi * across * x / width) for x in range(width)]
    red = green = blue = 0.0
    pixels = image.tobytes()
    for y in range(height):
        row = math.cos(math.pi * down * y / height)
        at = y * width * 3
        for column in columns:
            basis = column * row
            red += basis * _LINEAR[pixels[at]]
            green += basis * _LINEAR[pixels[at + 1]]
            blue += basis * _LINEAR[pixels[at + 2]]
            at += 3
    norm = (1 if across == down == 0 else 2) / (width * height)
    return red * norm, green * norm, blue * norm


def _packed_average(color: Color) -> int:
    red, green, blue = (_srgb(value) for value in color)
    return red << 16 | green << 8 | blue


def _packed_detail(color: Color, scale: float) -> int:
    red, green, blue = (
        max(0, min(18, math.floor(math.copysign(abs(value / scale) ** 0.5, value) * 9 + 9.5))) for value in color
    )
    return (red * 19 + green) * 19 + blue


def _srgb(linear: float) -> int:
    value = max(0.0, min(1.0, linear))
    curved = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055  # noqa: PLR2004 - sRGB
    return int(curved * 255 + 0.5)


def _base83(value: int, length: int) -> str:
    return "".join(_DIGITS[value // 83**place % 83] for place in reversed(range(length)))
