"""Tools of the painter: chance, noise, gradients, and layers cut to a shape.

Everything is made of whole numbers, exact arithmetic and Pillow, without the platform's sines and roots, so that a
sketch comes out the same on every machine.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random
from typing import Final, TypeAlias

from PIL import Image, ImageChops, ImageDraw
from PIL.Image import Resampling

from pixie.adapters.jobs.sketching.palette import Color, along

Point: TypeAlias = tuple[float, float]
Ridge: TypeAlias = list[float]
"""Heights from left to right, evenly spaced, in pixels from the top."""


def lucky(rng: Random, chance: float) -> bool:
    return rng.random() < chance


_PIXELS_PER_GRAIN: Final = 5  # more would be work that nobody sees

_RIM: Final = 178  # what Pillow's radial gradient has at the middle of its edges; 255 is in the corners


def noise(rng: Random, size: tuple[int, int], cells: tuple[int, int], octaves: int = 4) -> Image.Image:
    """Clouds of grey: blown-up random pixels, in finer and finer grain."""
    finest = cells[0] << (octaves - 1), cells[1] << (octaves - 1)
    small = min(size[0], finest[0] * _PIXELS_PER_GRAIN), min(size[1], finest[1] * _PIXELS_PER_GRAIN)
    field = Image.new("L", small, 128)
    for octave in range(octaves):
        grain = (cells[0] << octave) + 3, (cells[1] << octave) + 3
        layer = Image.frombytes("L", grain, rng.randbytes(grain[0] * grain[1])).resize(small, Resampling.BICUBIC)
        field = layer if octave == 0 else Image.blend(field, layer, 1 / (octave + 1.6))
    return field.resize(size, Resampling.BILINEAR)


def levels(image: Image.Image, low: int, high: int, most: int = 255) -> Image.Image:
    """Stretch the greys between `low` and `high` over 0 to `most`, softly at both ends."""
    return image.point([_smooth((value - low) / max(1, high - low), most) for value in range(256)])


def _smooth(share: float, most: int) -> int:
    place = max(0.0, min(1.0, share))
    return round(place * place * (3 - 2 * place) * most)


def vertical(size: tuple[int, int], stops: Sequence[Color]) -> Image.Image:
    """A gradient from top to bottom."""
    strip = Image.new("RGB", (1, size[1]))
    strip.putdata([along(stops, y / max(1, size[1] - 1)) for y in range(size[1])])
    return strip.resize(size, Resampling.NEAREST)


def fading(size: tuple[int, int], share: Callable[[float], float]) -> Image.Image:
    """A mask that depends on the height alone: `share(0)` at the top, `share(1)` at the bottom."""
    strip = Image.new("L", (1, size[1]))
    strip.putdata([round(255 * max(0.0, min(1.0, share(y / max(1, size[1] - 1))))) for y in range(size[1])])
    return strip.resize(size, Resampling.NEAREST)


def halo(image: Image.Image, center: Point, radius: float, color: Color, strength: float) -> None:
    """Light that fades outwards."""
    side = max(2, round(radius * 2))
    curve = [round(255 * strength * max(0.0, 1 - value / _RIM) ** 2) for value in range(256)]
    light = Image.radial_gradient("L").point(curve).resize((side, side), Resampling.BICUBIC)
    image.paste(color, (round(center[0] - radius), round(center[1] - radius)), light)


def smooth_ridge(rng: Random, waves: int) -> Ridge:
    """Soft hills: a few random heights between 0 and 1, their corners cut again and again."""
    heights = [rng.random() for _ in range(3 + 2 * waves)]
    for _ in range(6):
        finer = [heights[0]]
        for left, right in pairwise(heights):
            finer += [left * 0.75 + right * 0.25, left * 0.25 + right * 0.75]
        heights = [*finer, heights[-1]]
    return heights


def outline(heights: Ridge, size: tuple[int, int], top: float, bottom: float) -> list[Point]:
    """A polygon that fills the picture below a ridge that runs between `top` and `bottom`."""
    step = size[0] / (len(heights) - 1)
    edge = [(index * step, bottom + (top - bottom) * height) for index, height in enumerate(heights)]
    return [*edge, (size[0], size[1]), (0, size[1])]


def shape(size: tuple[int, int], polygon: Sequence[Point]) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon(list(polygon), fill=255)
    return mask


def both(one: Image.Image, other: Image.Image) -> Image.Image:
    """Where both masks are white."""
    return ImageChops.multiply(one, other)


def toned(image: Image.Image, body: Image.Image, upper: Color, lower: Color, top: float, bottom: float) -> None:
    """Fill a mask with a gradient that runs from `top` to `bottom`."""
    width, height = image.size
    first, last = round(top), round(bottom)
    tones = Image.new("RGB", image.size, lower)
    tones.paste(upper, (0, 0, width, max(0, min(height, first))))
    if last > first:
        tones.paste(vertical((width, last - first), (upper, lower)), (0, first))
    image.paste(tones, mask=body)
