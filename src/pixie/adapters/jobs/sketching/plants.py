"""What grows: pines, round trees, grass and flowers."""

from random import Random

from PIL import Image, ImageDraw

from pixie.adapters.jobs.sketching.brush import lucky
from pixie.adapters.jobs.sketching.land import paint_mist
from pixie.adapters.jobs.sketching.palette import Color, Palette, between

_INNER_LEAVES = 0.3  # the share of a crown that lies in its own shade


def paint_pines(image: Image.Image, rng: Random, ground: float, palette: Palette, *, snow: bool, rows: int = 4) -> None:
    """Rows of pines, pale and small behind, dark and tall in front."""
    width, height = image.size
    for row in range(rows):
        near = (row + 1) / rows
        base = ground + (height - ground) * (near**1.6) * 0.9
        tall = height * (0.05 + 0.26 * near * near)
        ink = between(
            between(palette.horizon, palette.leaves[row % len(palette.leaves)], 0.35 + 0.65 * near),
            palette.land[1],
            0.35 * near,
        )
        x = -tall * 0.3 * rng.random()
        while x < width + tall * 0.2:
            size = tall * (0.55 + 0.6 * rng.random())
            _pine(image, rng, (x, base + height * 0.03 * rng.random()), size, ink, snow=snow and row > 0)
            x += tall * (0.13 + 0.3 * rng.random()) * (1.5 if row == rows - 1 else 1)
        if row < rows - 1:
            _floor(image, base, between(ink, palette.horizon, 0.3))
            paint_mist(image, rng, base + height * 0.02, palette, 0.65 - 0.15 * row)


def _floor(image: Image.Image, base: float, color: Color) -> None:
    veil = Image.new("L", image.size)
    ImageDraw.Draw(veil).rectangle((0, base, *image.size), fill=90)
    image.paste(color, mask=veil)


def _pine(image: Image.Image, rng: Random, foot: tuple[float, float], tall: float, ink: Color, *, snow: bool) -> None:
    draw = ImageDraw.Draw(image)
    x, y = foot
    light, dark = between(ink, (255, 255, 255), 0.1), between(ink, (0, 0, 0), 0.22)
    draw.rectangle((x - tall * 0.014, y - tall * 0.14, x + tall * 0.014, y), fill=dark)
    tiers = 7 + rng.randrange(4)
    for tier in range(tiers):
        share = tier / tiers
        top = y - tall * (0.12 + 0.88 * (share + 1.25 / tiers if tier < tiers - 1 else 1))
        low = y - tall * (0.1 + 0.88 * share)
        left = tall * 0.2 * (1 - share) * (0.8 + 0.4 * rng.random())
        right = tall * 0.2 * (1 - share) * (0.8 + 0.4 * rng.random())
        droop = tall * 0.025
        draw.polygon([(x, top), (x - left, low + droop), (x, low - droop * 0.4)], fill=light)
        draw.polygon([(x, top), (x + right, low + droop), (x, low - droop * 0.4)], fill=dark)
        if snow:
            draw.polygon(
                [(x, top), (x - left * 0.95, low + droop * 0.6), (x - left * 0.35, low - droop * 0.9)],
                fill=(238, 243, 248),
            )


def paint_round_trees(image: Image.Image, rng: Random, ground: float, palette: Palette, count: int) -> None:
    """Trees with crowns of many leaves, standing along the ground."""
    width, height = image.size
    for place in sorted(rng.random() for _ in range(count)):
        tall = height * (0.1 + 0.22 * place)
        x, y = width * rng.random(), ground + (height - ground) * (0.16 + 0.56 * place)
        _round_tree(image, rng, (x, y), tall, palette)


def _round_tree(image: Image.Image, rng: Random, foot: tuple[float, float], tall: float, palette: Palette) -> None:
    draw = ImageDraw.Draw(image)
    x, y = foot
    bark = between(palette.land[1], (60, 36, 24), 0.6)
    draw.polygon(
        [
            (x - tall * 0.035, y),
            (x + tall * 0.035, y),
            (x + tall * 0.015, y - tall * 0.6),
            (x - tall * 0.015, y - tall * 0.6),
        ],
        fill=bark,
    )
    for blot in range(150):
        share = blot / 150
        dx, dy = (rng.random() + rng.random() - 1) * 0.62, (rng.random() + rng.random() - 1) * 0.55
        size = tall * (0.085 - 0.045 * share)
        leaf = palette.leaves[rng.randrange(len(palette.leaves))]
        light = (0.06 if palette.dark else 0.34) * (share - dy + 0.3 * dx)
        lit = between(leaf, palette.glow, max(0.0, light)) if share > _INNER_LEAVES else between(leaf, (0, 0, 0), 0.3)
        cx, cy = x + dx * tall * 0.5, y - tall * 0.68 + dy * tall * 0.52
        draw.ellipse((cx - size, cy - size, cx + size, cy + size), fill=lit)


def paint_grass(image: Image.Image, rng: Random, ground: float, palette: Palette) -> None:
    width, height = image.size
    draw = ImageDraw.Draw(image)
    blades = 1400
    for blade in range(blades):
        near = blade / blades
        y = ground + (height - ground) * (0.25 + 0.8 * near)
        x, tall = width * rng.random(), height * (0.012 + 0.07 * near * near) * (0.5 + rng.random())
        lean = tall * (rng.random() - 0.5) * 0.8
        leaf = palette.leaves[rng.randrange(len(palette.leaves))]
        ink = between(between(leaf, palette.glow, 0.35 * rng.random()), palette.land[1], 0.25)
        half = max(0.5, tall * 0.035)
        draw.polygon([(x - half, y), (x + half, y), (x + lean, y - tall)], fill=ink)


def paint_flowers(image: Image.Image, rng: Random, ground: float, palette: Palette) -> None:
    width, height = image.size
    flowers = 150
    for flower in range(flowers):
        near = (flower / flowers) ** 1.4
        y = ground + (height - ground) * (0.3 + 0.62 * near)
        petal = palette.bloom[rng.randrange(len(palette.bloom))]
        _flower(image, rng, (width * rng.random(), y), height * (0.006 + 0.028 * near), petal, palette)


def _flower(
    image: Image.Image, rng: Random, place: tuple[float, float], size: float, petal: Color, palette: Palette
) -> None:
    draw = ImageDraw.Draw(image)
    x, y = place
    stem = between(palette.leaves[0], palette.land[1], 0.3)
    draw.line([(x + size * (rng.random() - 0.5), y + size * 3), (x, y)], fill=stem, width=max(1, round(size * 0.16)))
    for dx, dy in _PETALS[lucky(rng, 0.5)]:
        tone = between(petal, (255, 255, 255), 0.3 * rng.random())
        cx, cy = x + dx * size * 0.62, y + dy * size * 0.5
        draw.ellipse((cx - size * 0.5, cy - size * 0.42, cx + size * 0.5, cy + size * 0.42), fill=tone)
    draw.ellipse(
        (x - size * 0.3, y - size * 0.26, x + size * 0.3, y + size * 0.26), fill=between((250, 200, 60), petal, 0.1)
    )


# Five directions around a circle, standing and turned.
_PETALS = (
    ((0.0, -1.0), (0.95, -0.31), (0.59, 0.81), (-0.59, 0.81), (-0.95, -0.31)),
    ((0.0, 1.0), (0.95, 0.31), (0.59, -0.81), (-0.59, -0.81), (-0.95, 0.31)),
)
