"""Everything above the horizon."""

from random import Random

from PIL import Image, ImageDraw, ImageFilter
from PIL.Image import Resampling

from pixie.adapters.jobs.sketching.brush import Point, both, fading, halo, levels, lucky, noise, vertical
from pixie.adapters.jobs.sketching.palette import Color, Palette, between


def paint_sky(size: tuple[int, int], horizon: float, palette: Palette) -> Image.Image:
    """From edge to edge; below the horizon it stays as it is there."""
    image = Image.new("RGB", size, palette.horizon)
    image.paste(vertical((size[0], max(2, round(horizon))), palette.sky))
    return image


def paint_stars(image: Image.Image, rng: Random, horizon: float) -> None:
    width, height = image.size
    band = noise(rng, image.size, (3, 2), 5)
    image.paste(
        (150, 170, 215), mask=both(levels(band, 120, 230, 90), fading(image.size, lambda y: 0.8 - y * height / horizon))
    )
    draw = ImageDraw.Draw(image)
    unit = max(width, height) / 1000
    for _ in range(420):
        x, y = rng.random() * width, rng.random() ** 1.3 * horizon
        size = unit * (0.35 + 0.9 * rng.random() ** 6)
        shine = round(120 + 135 * rng.random())
        draw.ellipse((x - size, y - size, x + size, y + size), fill=(shine, shine, min(255, shine + 18)))
        if size > unit:
            halo(image, (x, y), size * 7, (210, 225, 255), 0.5)


def paint_aurora(image: Image.Image, rng: Random, horizon: float) -> None:
    width, height = image.size
    for color in ((90, 240, 170), (120, 150, 255)):
        curtain = (
            noise(rng, (width, max(2, round(horizon))), (5, 1), 3)
            .resize((width, 4))
            .resize((width, height), Resampling.BICUBIC)
        )
        falling = _curtain(image.size, 0.1 + 0.1 * rng.random())
        image.paste(color, mask=both(levels(curtain, 100, 180, 190), falling))


def _curtain(size: tuple[int, int], top: float) -> Image.Image:
    """Comes in from above, and hangs down for a while."""
    return fading(size, lambda y: (y - top) * 6 if y < top + 0.15 else 0.9 - (y - top - 0.15) * 2.4)


def paint_sun(image: Image.Image, center: Point, radius: float, palette: Palette) -> None:
    halo(image, center, radius * 13, palette.glow, 0.62)
    halo(image, center, radius * 4.5, palette.glow, 0.65)
    _disc(image, center, radius, palette.sun)


def paint_moon(image: Image.Image, rng: Random, center: Point, radius: float, palette: Palette) -> None:
    halo(image, center, radius * 11, palette.glow, 0.6)
    side = round(radius * 2)
    moon = Image.new("RGB", (side, side), palette.sun)
    moon.paste((205, 205, 195), mask=levels(noise(rng, (side, side), (3, 3), 4), 120, 190, 150))
    face = _round_mask(side)
    if lucky(rng, 0.45):  # a crescent
        shadow = Image.new("L", (side, side))
        ImageDraw.Draw(shadow).ellipse((-side * 0.32, -side * 0.12, side * 0.68, side * 0.88), fill=255)
        face = both(face, shadow.filter(ImageFilter.GaussianBlur(side / 60)).point(lambda value: 255 - value))
    image.paste(moon, (round(center[0] - radius), round(center[1] - radius)), face)


def paint_clouds(image: Image.Image, rng: Random, horizon: float, palette: Palette, amount: float) -> None:
    """Long soft banks, lit from below near the horizon."""
    size = (image.width, max(4, round(horizon)))
    field = noise(rng, size, (2, 5), 5)
    density = levels(field, round(150 - 45 * amount), round(215 - 30 * amount), 225)
    mask = both(density, fading(size, lambda y: 0.15 + 0.85 * (1 - (2 * y - 1) ** 2)))
    tones = [between(palette.cloud, palette.sky[0], 0.25), palette.cloud, between(palette.cloud, palette.glow, 0.5)]
    image.paste(vertical(size, tones), (0, 0), mask)


def paint_birds(image: Image.Image, rng: Random, horizon: float, ink: Color) -> None:
    width, height = image.size
    draw = ImageDraw.Draw(image)
    x, y = width * (0.2 + 0.5 * rng.random()), horizon * (0.25 + 0.35 * rng.random())
    for _ in range(5 + rng.randrange(6)):
        span = width * (0.008 + 0.012 * rng.random())
        left, right = x - span, x + span
        lift = span * (0.35 + 0.3 * rng.random())
        pen = max(1, round(height / 600))
        draw.line([(left, y - lift), (x - span * 0.45, y - lift * 0.9), (x, y)], fill=ink, width=pen, joint="curve")
        draw.line([(x, y), (x + span * 0.45, y - lift * 0.9), (right, y - lift)], fill=ink, width=pen, joint="curve")
        x += width * (0.02 + 0.05 * rng.random())
        y += horizon * 0.12 * (rng.random() - 0.5)


def _disc(image: Image.Image, center: Point, radius: float, color: Color) -> None:
    side = round(radius * 2)
    image.paste(color, (round(center[0] - radius), round(center[1] - radius)), _round_mask(side))


def _round_mask(side: int) -> Image.Image:
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(side / 160))
