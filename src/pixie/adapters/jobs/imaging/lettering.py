"""Text as a picture, in the font that Pixie brings along: Vazirmatn (SIL Open Font License) with Latin and Arabic."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageFilter, ImageFont, features
from PIL.ImageFont import Layout

from pixie.adapters.jobs.imaging.arabic_letters import as_drawn, runs_from_right
from pixie.adapters.jobs.imaging.canvas import OperationImpossible

_FONT: Final = Path(__file__).parent / "fonts" / "Vazirmatn-SemiBold.ttf"
_PROBE: Final = 64
_NO_SIGN: Final = "\U0010fffd"  # a private sign that no font has
_LEADING: Final = 0.95
_OUTLINE: Final = 0.035  # of the letters' size

Size = tuple[int, int]


def lettered(text: str, size: Size, color: tuple[int, int, int], layout: Layout | None = None) -> Image.Image:
    """RGBA, as large as fits `size`, with a faint shadow that keeps it legible on any ground. Raises
    `OperationImpossible` for signs that the font does not have.
    """
    chosen = _best_layout() if layout is None else layout
    lines = text.strip().splitlines()
    _check_signs(lines)
    points = _points(lines, size, chosen)
    font = _font(points, chosen)
    outline = max(1, round(points * _OUTLINE))
    width, height, drawn = _laid_out(lines, font, chosen)
    edge = 3 * outline
    letters = Image.new("L", (width + 2 * edge, height + 2 * edge))
    draw = ImageDraw.Draw(letters)
    for words, left, base in drawn:
        draw.text(
            (edge + left, edge + base), words, fill=255, font=font, anchor="ls", direction=_direction(words, chosen)
        )
    shade = letters.filter(ImageFilter.GaussianBlur(1.4 * outline)).point(lambda value: min(255, 2 * value))
    dark = (0, 0, 0) if sum(color) > 3 * 100 else (255, 255, 255)
    picture = Image.new("RGBA", letters.size, (*dark, 0))
    picture.putalpha(shade.point(lambda value: value * 0.55))
    ink = Image.new("RGBA", letters.size, (*color, 0))
    ink.putalpha(letters)
    return Image.alpha_composite(picture, ink)


def _points(lines: list[str], size: Size, layout: Layout) -> int:
    width, height, _ = _laid_out(lines, _font(_PROBE, layout), layout)
    scale = min(size[0] / max(1, width), size[1] / max(1, height))
    return max(6, int(_PROBE * scale))


def _laid_out(
    lines: list[str], font: ImageFont.FreeTypeFont, layout: Layout
) -> tuple[int, int, list[tuple[str, int, int]]]:
    """Width, height, and each line's words with its left end and its baseline; right to left, the right ends meet."""
    ready = [line if layout == Layout.RAQM else as_drawn(line) for line in lines]
    widths = [round(font.getlength(words, direction=_direction(words, layout))) for words in ready]
    ascent, descent = font.getmetrics()
    leading = round((ascent + descent) * _LEADING)
    whole = max(widths)
    right = runs_from_right("".join(lines))
    drawn = [
        (words, whole - width if right else 0, ascent + number * leading)
        for number, (words, width) in enumerate(zip(ready, widths, strict=True))
    ]
    return whole, ascent + descent + (len(lines) - 1) * leading, drawn


def _direction(words: str, layout: Layout) -> Literal["rtl", "ltr"] | None:
    """Raqm is told, for it would take each line's direction from its own first letter."""
    if layout != Layout.RAQM:
        return None
    return "rtl" if runs_from_right(words) else "ltr"


def _best_layout() -> Layout:
    """Pillow's shaper knows more of a font than we do; it is there only where FriBidi is."""
    return Layout.RAQM if features.check("raqm") else Layout.BASIC


@cache
def _font(points: int, layout: Layout) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, points, layout_engine=layout)


def _check_signs(lines: list[str]) -> None:
    font = _font(_PROBE, Layout.BASIC)
    missing = bytes(font.getmask(_NO_SIGN))
    for sign in sorted({sign for line in lines for sign in line}):
        invisible = unicodedata.category(sign) in {"Zs", "Cf", "Mn"}
        if not invisible and bytes(font.getmask(sign)) == missing:
            raise OperationImpossible(f"its font has no {sign!r}; it has Latin, Persian and Arabic letters and digits")
