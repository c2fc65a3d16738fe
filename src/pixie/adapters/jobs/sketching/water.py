"""Water, and what floats on it."""

from random import Random

from PIL import Image, ImageDraw
from PIL.Image import Resampling, Transpose

from pixie.adapters.jobs.sketching.brush import fading, levels, noise
from pixie.adapters.jobs.sketching.palette import Palette, between


def paint_water(image: Image.Image, rng: Random, horizon: float, palette: Palette, sun_x: float) -> None:
    """The mirror image of what stands above, broken by ripples that grow towards the viewer."""
    width, height = image.size
    depth = height - round(horizon)
    above = image.crop((0, max(0, round(horizon) - depth), width, round(horizon))).resize((width, depth))
    mirror = _rippled(above.transpose(Transpose.FLIP_TOP_BOTTOM), rng)
    mirror = Image.blend(mirror, Image.new("RGB", mirror.size, palette.water), 0.34)
    mirror.paste(between(palette.water, (0, 6, 24), 0.55), mask=fading(mirror.size, lambda y: 0.05 + 0.5 * y * y))
    _glitter(mirror, rng, palette, sun_x)
    image.paste(mirror, (0, round(horizon)))
    image.paste(
        between(palette.horizon, (255, 255, 255), 0.35),
        (0, round(horizon) - 1, width, round(horizon) + max(1, height // 700)),
    )


def _rippled(mirror: Image.Image, rng: Random) -> Image.Image:
    """Each row moves sideways, the more the nearer it is."""
    width, height = mirror.size
    reach = width / 90
    drift = Image.frombytes("L", (1, 90), rng.randbytes(90)).resize((1, height), Resampling.BICUBIC).tobytes()
    fine = Image.frombytes("L", (1, 300), rng.randbytes(300)).resize((1, height), Resampling.BICUBIC).tobytes()
    rippled = mirror.copy()
    for y in range(height):
        near = 0.12 + y / height
        shift = round(((drift[y] - 128) * 0.8 + (fine[y] - 128) * 0.4) / 128 * reach * near)
        if shift:
            row = mirror.crop((0, y, width, y + 1))
            rippled.paste(row, (shift, y))
    return rippled


def _glitter(water: Image.Image, rng: Random, palette: Palette, sun_x: float) -> None:
    width, height = water.size
    draw = ImageDraw.Draw(water, "RGBA")
    shine = between(palette.sun, palette.glow, 0.3)
    for _ in range(900):
        y = rng.random() ** 1.5
        spread = 0.03 + 0.16 * y
        x = sun_x + (rng.random() + rng.random() + rng.random() - 1.5) * spread * width
        half = width * (0.002 + 0.016 * y * rng.random())
        thick = max(1.0, height * 0.0035 * (0.3 + y))
        top = y * height
        draw.ellipse((x - half, top, x + half, top + thick), fill=(*shine, round(70 + 110 * (1 - y) * rng.random())))
    crests = noise(rng, water.size, (5, 60), 3)
    water.paste(between(palette.horizon, (255, 255, 255), 0.4), mask=levels(crests, 165, 235, 90))
    water.paste(
        between(palette.water, (0, 0, 20), 0.5), mask=levels(crests.point(lambda value: 255 - value), 165, 235, 60)
    )


def paint_boat(image: Image.Image, rng: Random, horizon: float, palette: Palette) -> None:
    width, height = image.size
    x, y = width * (0.2 + 0.6 * rng.random()), horizon + (height - horizon) * (0.12 + 0.2 * rng.random())
    size = height * (0.035 + 0.03 * rng.random())
    hull = between(palette.land[1], (30, 14, 20), 0.6)
    sail = between(palette.sun, palette.glow, 0.15)
    draw = ImageDraw.Draw(image, "RGBA")
    for step in range(9):  # its broken reflection
        half = size * (0.75 - 0.06 * step) * (0.7 + 0.5 * rng.random())
        draw.ellipse(
            (x - half, y + size * (0.22 + 0.16 * step), x + half, y + size * (0.29 + 0.16 * step)),
            fill=(*sail, 110 - 11 * step),
        )
    draw.polygon(
        [(x - size, y), (x + size, y), (x + size * 0.65, y + size * 0.3), (x - size * 0.65, y + size * 0.3)],
        fill=(*hull, 255),
    )
    draw.line([(x, y), (x, y - size * 2.1)], fill=(*hull, 255), width=max(1, round(size / 16)))
    draw.polygon(
        [(x + size * 0.06, y - size * 2.05), (x + size * 0.06, y - size * 0.12), (x + size * 0.85, y - size * 0.12)],
        fill=(*sail, 255),
    )
    draw.polygon(
        [(x - size * 0.06, y - size * 1.8), (x - size * 0.06, y - size * 0.12), (x - size * 0.6, y - size * 0.12)],
        fill=(*between(sail, hull, 0.25), 255),
    )
