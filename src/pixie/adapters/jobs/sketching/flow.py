"""No landscape: thousands of brush strokes that follow an invisible current."""

from random import Random

from PIL import Image, ImageDraw

from pixie.adapters.jobs.sketching.brush import noise, vertical
from pixie.adapters.jobs.sketching.palette import Palette, between

_STROKES = 4200
_STEPS = 26
# A circle in sixteen directions, written down, since sines differ between machines in their last digit.
_QUARTER = ((1.0, 0.0), (0.9239, 0.3827), (0.7071, 0.7071), (0.3827, 0.9239))
_DIRECTIONS = tuple(
    turned for quarter in range(4) for x, y in _QUARTER for turned in [((x, y), (-y, x), (-x, -y), (y, -x))[quarter]]
)


def paint_flow(size: tuple[int, int], rng: Random, palette: Palette) -> Image.Image:
    width, height = size
    image = vertical(size, palette.sky)
    field = noise(rng, (160, 160), (3, 3), 2)
    current = field.tobytes()
    tints = (*palette.bloom, *palette.sky, palette.sun, palette.glow)
    draw = ImageDraw.Draw(image, "RGBA")
    unit = max(width, height) / 1000
    for stroke in range(_STROKES):
        late = stroke / _STROKES
        x, y = rng.random() * width, rng.random() * height
        tint = between(
            tints[rng.randrange(len(tints))],
            palette.sky[round(y / height * (len(palette.sky) - 1))],
            0.35 * rng.random(),
        )
        path = [(x, y)]
        for _ in range(round(_STEPS * (0.4 + rng.random()))):
            column, row = min(159, max(0, int(x / width * 160))), min(159, max(0, int(y / height * 160)))
            dx, dy = _DIRECTIONS[(current[row * 160 + column] * 32 // 256) % 16]
            x, y = x + dx * unit * 7, y + dy * unit * 7
            path.append((x, y))
        thick = unit * (1.2 + 13 * (1 - late) * (1 - late) * rng.random() + 2.5 * rng.random())
        draw.line(path, fill=(*tint, round(70 + 130 * late)), width=max(1, round(thick)), joint="curve")
    return image
