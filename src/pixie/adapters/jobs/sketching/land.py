"""Hills, dunes and mist."""

from random import Random

from PIL import Image

from pixie.adapters.jobs.sketching.brush import (
    Point,
    both,
    fading,
    levels,
    noise,
    outline,
    shape,
    smooth_ridge,
    toned,
)
from pixie.adapters.jobs.sketching.palette import Palette, between


def paint_hills(image: Image.Image, rng: Random, horizon: float, palette: Palette, layers: int = 4) -> None:
    """Rolling land from the horizon to the lower edge."""
    height = image.size[1]
    for layer in range(layers):
        near = (layer + 1) / layers
        bottom = horizon + (height - horizon) * (0.03 + (near - 1 / layers) * 0.95)
        top = bottom - (height - horizon) * (0.13 + 0.12 * near)
        body = shape(image.size, outline(smooth_ridge(rng, 2 + layer % 2), image.size, top, bottom))
        tone = between(palette.land[0], palette.land[1], near)
        lit, shaded = between(tone, palette.glow, 0.28 * (1 - near) + 0.1), between(tone, (0, 0, 12), 0.2)
        toned(image, body, lit, shaded, top, bottom + height * 0.2)
        _grain(image, rng, body)


def paint_dunes(image: Image.Image, rng: Random, horizon: float, palette: Palette) -> None:
    """Each dune has a lit and a shaded side that meet in a curved crest."""
    height = image.size[1]
    sand = between((232, 178, 112), palette.land[1], 0.5 if palette.dark else 0.06)
    layers = 6
    for layer in range(layers):
        near = layer / (layers - 1)
        foot = horizon + (height - horizon) * (0.05 + 1.1 * near)
        tone = between(between(sand, palette.horizon, 0.5), sand, near)
        for _ in range(2):
            _dune(
                image,
                rng,
                foot,
                height * (0.05 + 0.13 * near),
                (between(tone, palette.glow, 0.3), between(tone, (70, 26, 52), 0.55)),
            )


def _dune(
    image: Image.Image, rng: Random, foot: float, tall: float, sides: tuple[tuple[int, int, int], tuple[int, int, int]]
) -> None:
    width, height = image.size
    peak_x, peak_y = width * (0.1 + 0.8 * rng.random()), foot - tall * (0.8 + 0.5 * rng.random())
    reach = width * (0.55 + 0.35 * rng.random())
    windward = curve((peak_x, peak_y), (peak_x - reach * 0.35, peak_y + tall * 0.15), (peak_x - reach, foot))
    lee = curve((peak_x, peak_y), (peak_x + reach * 0.25, peak_y + tall * 0.75), (peak_x + reach, foot))
    crest = curve(
        (peak_x, peak_y), (peak_x - reach * 0.02, peak_y + tall * 0.7), (peak_x - reach * 0.34, foot + tall * 0.8)
    )
    bottom: list[Point] = [(peak_x + reach, height), (peak_x - reach, height)]
    body = shape(image.size, [*reversed(windward), *lee, *bottom])
    lit, shaded = sides
    toned(image, body, lit, between(lit, shaded, 0.25), peak_y, foot + tall)
    shade = both(body, shape(image.size, [*reversed(crest), *lee, (peak_x + reach, height), crest[-1]]))
    toned(image, shade, shaded, between(lit, shaded, 0.35), peak_y, foot + tall * 0.9)
    ripples = noise(rng, image.size, (4, 50), 2)
    image.paste(between(lit, (255, 244, 220), 0.4), mask=both(body, levels(ripples, 160, 220, 34)))


def curve(start: Point, bend: Point, end: Point, steps: int = 40) -> list[Point]:
    """A quadratic Bezier curve."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c = (1 - t) * (1 - t), 2 * t * (1 - t), t * t
        points.append((a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1]))
    return points


def paint_mist(image: Image.Image, rng: Random, level: float, palette: Palette, strength: float) -> None:
    """A bank of mist, thickest at `level`."""
    reach = image.size[1] * 0.11
    bank = fading(image.size, lambda y: strength * (1 - abs(y * image.size[1] - level) / reach))
    drift = noise(rng, image.size, (3, 7), 3)
    image.paste(between(palette.horizon, palette.cloud, 0.3), mask=both(bank, levels(drift, 60, 190)))


def _grain(image: Image.Image, rng: Random, body: Image.Image) -> None:
    field = noise(rng, image.size, (60, 40), 3)
    image.paste((0, 0, 0), mask=both(body, levels(field, 140, 220, 30)))
    image.paste((255, 255, 230), mask=both(body, levels(field.point(lambda value: 255 - value), 150, 220, 22)))
