"""Ranges of peaks with a lit and a shaded side, and snow where it is high."""

from collections.abc import Sequence
from random import Random
from typing import TypeAlias

from PIL import Image, ImageDraw

from pixie.adapters.jobs.sketching.brush import Point, both, levels, noise, shape, toned
from pixie.adapters.jobs.sketching.palette import Color, Palette, between

Peak: TypeAlias = tuple[float, float, float]
"""Place, height and half the width of the foot, in pixels."""

_SAMPLES = 320


def paint_mountains(image: Image.Image, rng: Random, horizon: float, palette: Palette, *, snow: bool) -> None:
    height = image.size[1]
    layers = 3
    for layer in range(layers):
        near = layer / (layers - 1)
        peaks = _peaks(rng, image.size, height * (0.4 - 0.15 * near), 3 + layer)
        rock = between(between(palette.land[0], palette.land[1], 0.12 + 0.42 * near), palette.sky[0], 0.12)
        rock = between(palette.horizon, rock, 0.55 + 0.45 * near)
        base = horizon + height * 0.01 * layer
        body = shape(image.size, _skyline(rng, image.size, peaks, base))
        top = base - max(peak[1] for peak in peaks)
        toned(image, body, rock, between(rock, palette.horizon, 0.55), top, base)
        _shade(image, rng, peaks, base, body, between(rock, (8, 10, 36), 0.34))
        if snow:
            _cap(
                image,
                rng,
                peaks,
                base,
                body,
                between((255, 255, 255), palette.sky[-1], 0.6 if palette.dark else 0.12),
                rock,
            )


def _peaks(rng: Random, size: tuple[int, int], tallest: float, count: int) -> list[Peak]:
    width = size[0]
    peaks = []
    for place in range(count):
        x = width * (place + 0.15 + 0.7 * rng.random()) / count
        tall = tallest * (0.45 + 0.55 * rng.random())
        peaks.append((x, tall, tall * (0.95 + 0.7 * rng.random())))
    lower = [(width * rng.random(), tallest * (0.2 + 0.25 * rng.random()), tallest * 0.8) for _ in range(count)]
    return peaks + lower


def _skyline(rng: Random, size: tuple[int, int], peaks: Sequence[Peak], base: float) -> list[Point]:
    """The upper edge of all peaks, roughened."""
    points: list[Point] = []
    rough = 0.0
    for sample in range(_SAMPLES + 1):
        x = size[0] * sample / _SAMPLES
        rough = rough * 0.6 + (rng.random() - 0.5) * size[1] * 0.008
        tall = max(peak[1] * (1 - abs(x - peak[0]) / peak[2]) for peak in peaks)
        points.append((x, base - max(0.0, tall + rough)))
    return [*points, (size[0], base), (0, base)]


def _shade(image: Image.Image, rng: Random, peaks: Sequence[Peak], base: float, body: Image.Image, tone: Color) -> None:
    """The sides away from the light, behind a ragged arris."""
    mask = Image.new("L", image.size)
    draw = ImageDraw.Draw(mask)
    for x, tall, foot in sorted(peaks, key=lambda peak: peak[1]):
        draw.polygon([(x, base - tall), (x - foot, base), (x + foot, base)], fill=0)
        arris = _arris(rng, (x, base - tall), tall, foot)
        draw.polygon([*arris, (x + foot, base)], fill=150)
        for share, point in enumerate(arris[2:-1:2]):  # gullies that run down from the arris
            deep = tall * 0.16 * (0.6 + rng.random())
            draw.polygon(
                [point, (point[0] - deep * 0.8, point[1] + deep * 1.5), (point[0] + deep * 0.1, point[1] + deep)],
                fill=110 - 12 * share,
            )
    rock = noise(rng, image.size, (30, 22), 4)
    image.paste(tone, mask=both(body, mask))
    image.paste(tone, mask=both(body, levels(rock, 135, 215, 70)))


def _arris(rng: Random, top: Point, tall: float, foot: float) -> list[Point]:
    points = [top]
    steps = 9
    for step in range(1, steps + 1):
        share = step / steps
        points.append((top[0] + foot * (0.12 * share + 0.16 * (rng.random() - 0.5) * share), top[1] + tall * share))
    return points


def _cap(
    image: Image.Image, rng: Random, peaks: Sequence[Peak], base: float, body: Image.Image, snow: Color, rock: Color
) -> None:
    """White down to a zigzag line, bluish on the shaded side."""
    highest = max(peak[1] for peak in peaks)
    for x, tall, foot in sorted(peaks, key=lambda peak: peak[1]):
        deep = tall - highest * 0.66
        if deep <= 0:
            continue
        half = foot * deep / tall
        teeth = 7
        left, right, y = x - half, x + half, base - tall + deep
        zigzag = [
            (left + (right - left) * tooth / teeth, y + deep * ((0.34 if tooth % 2 else -0.16) + 0.12 * rng.random()))
            for tooth in range(teeth + 1)
        ]
        margin = half * 0.2
        cap = shape(image.size, [(x, base - tall - deep * 0.2), (left - margin, y), *zigzag, (right + margin, y)])
        image.paste(snow, mask=both(body, cap))
        dark = shape(
            image.size,
            [
                (x, base - tall - deep * 0.2),
                (x + half * 0.1, y - deep * 0.4),
                (x, y + deep * 0.1),
                (x + half * 0.2, y + deep),
                (right + margin, y),
            ],
        )
        image.paste(between(snow, rock, 0.42), mask=both(both(body, cap), dark))
