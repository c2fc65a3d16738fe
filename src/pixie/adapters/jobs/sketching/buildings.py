"""A skyline, and a small house."""

from random import Random

from PIL import Image, ImageDraw

from pixie.adapters.jobs.sketching.brush import halo
from pixie.adapters.jobs.sketching.palette import Color, Palette, between


def paint_city(image: Image.Image, rng: Random, ground: float, palette: Palette) -> None:
    """Rows of towers; where it is dark, there is light in the windows."""
    width, height = image.size
    rows = 4
    for row in range(rows):
        near = row / (rows - 1)
        wall = between(between(palette.horizon, palette.land[1], 0.28 + 0.62 * near), palette.sky[0], 0.18)
        x = -width * 0.03
        while x < width:
            across = width * (0.03 + 0.05 * rng.random()) * (0.75 + 0.5 * near)
            tall = height * (0.12 + 0.36 * rng.random() ** 1.7) * (1.15 - 0.45 * near)
            _tower(image, rng, (x, ground + height * 0.05 * near - tall, x + across, height), wall, palette, near)
            x += across * (1.02 + 0.25 * rng.random())


def _tower(
    image: Image.Image, rng: Random, box: tuple[float, float, float, float], wall: Color, palette: Palette, near: float
) -> None:
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = box
    shade = between(wall, (0, 0, 0), 0.25)
    draw.rectangle(box, fill=wall)
    draw.rectangle((left + (right - left) * 0.68, top, right, bottom), fill=shade)
    crown = rng.randrange(4)
    middle, across = (left + right) / 2, right - left
    if crown == 0:
        draw.polygon([(left, top), (right, top), (middle, top - across * 0.5)], fill=wall)
    if crown == 1:
        draw.rectangle((left + across * 0.25, top - across * 0.25, right - across * 0.25, top), fill=wall)
        draw.line(
            [(middle, top - across * 0.25), (middle, top - across * 0.9)], fill=wall, width=max(1, round(across / 24))
        )
    _windows(draw, rng, box, palette, near)


def _windows(
    draw: ImageDraw.ImageDraw, rng: Random, box: tuple[float, float, float, float], palette: Palette, near: float
) -> None:
    left, top, right, bottom = box
    columns = 3 + rng.randrange(4)
    pitch = (right - left) / (columns + 0.6)
    lamp = (255, 214, 130)
    share = (0.5 if palette.dark else 0.22) * (0.45 + 0.55 * near)
    pane = between(palette.sky[1], palette.sun, 0.25)
    y = top + pitch
    while y < bottom:
        for column in range(columns):
            x = left + pitch * (0.5 + column)
            lit = rng.random() < share
            tone = between(lamp, palette.bloom[0], 0.25 * rng.random()) if lit else between(pane, palette.land[1], 0.72)
            if lit or near > 0.3:  # noqa: PLR2004 - far windows are seen only when there is light in them
                draw.rectangle((x, y, x + pitch * 0.5, y + pitch * 0.62), fill=tone)
        y += pitch * 1.25


def paint_house(image: Image.Image, rng: Random, ground: float, palette: Palette) -> None:
    """A hut with a light in its window and smoke over its roof."""
    width, height = image.size
    size = height * 0.1
    x, y = width * (0.18 + 0.6 * rng.random()), ground + (height - ground) * 0.5
    draw = ImageDraw.Draw(image, "RGBA")
    wall, roof = between((120, 78, 52), palette.land[1], 0.35), between((70, 34, 36), palette.land[1], 0.4)
    for puff in range(14):
        drift, half = size * 0.05 * puff * (0.6 + 0.5 * rng.random()), size * (0.05 + 0.016 * puff)
        cx, cy = x + size * 0.42 + drift, y - size * (1.12 + 0.11 * puff)
        draw.ellipse(
            (cx - half, cy - half, cx + half, cy + half),
            fill=(*between(palette.cloud, palette.horizon, 0.5), max(10, 90 - 6 * puff)),
        )
    draw.rectangle((x + size * 0.34, y - size * 1.12, x + size * 0.5, y - size * 0.6), fill=(*roof, 255))
    draw.rectangle((x - size * 0.7, y - size * 0.62, x + size * 0.7, y), fill=(*wall, 255))
    draw.polygon(
        [
            (x - size * 0.85, y - size * 0.58),
            (x + size * 0.85, y - size * 0.58),
            (x + size * 0.55, y - size * 1.05),
            (x - size * 0.55, y - size * 1.05),
        ],
        fill=(*roof, 255),
    )
    draw.rectangle((x - size * 0.12, y - size * 0.4, x + size * 0.14, y), fill=(*roof, 255))
    for side in (-0.48, 0.3):
        draw.rectangle(
            (x + size * side, y - size * 0.44, x + size * (side + 0.22), y - size * 0.2), fill=(255, 214, 130, 255)
        )
        halo(image, (x + size * (side + 0.11), y - size * 0.32), size * 0.6, (255, 200, 110), 0.4)
