"""The picture that the demo works on: somebody's photo, or one that it paints itself."""

import math
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter
from PIL.Image import Resampling

from pixie.adapters.jobs.sketching.sketch import sketch
from pixie.adapters.kernel.pictures import DAMAGE, opened, orientation_of, plain, srgb, upright
from pixie.entrypoints.cli.client.answers import JsonObject
from pixie.entrypoints.cli.client.troubles import BadOrder

LONGEST: Final = 2400
"""Of the photo that the demo keeps; what a job is given may be smaller."""
_MOST_PIXELS: Final = 200_000_000
_SMALLEST: Final = 32
_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_KINDS: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif"})
_PAINTED: Final = (1500, 1000)
_BALLOON: Final = (50, 600)
"""The row at which the balloon begins, and its height."""
_SLIMNESS: Final = 0.74
_SKY_PROMPT: Final = "mountains and meadows on a clear day"
MIDDLE: Final = "25,10,50,85"
"""Where the subject of most photos is."""


def load(path: Path) -> tuple[Image.Image, tuple[int, int]]:
    """The photo, upright and in sRGB, and the size that it had. Raises `BadOrder` with what can be done."""
    _check(path)
    try:
        with opened(path) as image:
            whole = _checked_size(path, image)
            orientation = orientation_of(image)
            profile = image.info.get("icc_profile")
            if image.format == "JPEG":
                image.draft("RGB", (LONGEST, LONGEST))  # a huge one is decoded smaller at once
            image.load()
            found = upright(srgb(plain(image), profile), orientation)
            whole = (whole[1], whole[0]) if (whole[0] > whole[1]) != (found.width > found.height) else whole
            return shrunk(found, LONGEST), whole
    except MemoryError as error:
        raise BadOrder(f"{path} is too large for this machine's memory.", advice="Shrink it first.") from error
    except DAMAGE as error:
        raise BadOrder(
            f"{path} is broken, or no picture.",
            advice="Open it in a picture viewer and save it as JPEG or PNG, or give another one.",
        ) from error


def paint() -> Image.Image:
    """A balloon over a painted land: something that stands in front, and something behind it."""
    land = sketch(_SKY_PROMPT, 11, _PAINTED, scene="meadow", light="day").convert("RGB")
    balloon = _balloon(_BALLOON[1])
    land.paste(balloon, ((land.width - balloon.width) // 2, _BALLOON[0]), balloon)
    return land


def balloon_mask() -> Image.Image:
    """White where the balloon is in the painted picture, and on its rim."""
    balloon = _balloon(_BALLOON[1]).getchannel("A")
    mask = Image.new("L", _PAINTED)
    mask.paste(balloon, ((mask.width - balloon.width) // 2, _BALLOON[0]))
    return _grown(mask, 5)


def balloon_region() -> JsonObject:
    """Where the balloon of the painted picture is, as fractions of it, with a little air around."""
    top, height = _BALLOON
    width = height * _SLIMNESS
    air = 14
    return {
        "x": round((_PAINTED[0] - width) / 2 / _PAINTED[0] - air / _PAINTED[0], 4),
        "y": round((top - air) / _PAINTED[1], 4),
        "width": round((width + 2 * air) / _PAINTED[0], 4),
        "height": round((height + 2 * air) / _PAINTED[1], 4),
        "unit": "fraction",
    }


def region_of(text: str) -> JsonObject:
    """`LEFT,TOP,WIDTH,HEIGHT` in percent of the photo. Raises `BadOrder`."""
    try:
        left, top, width, height = (float(part) / 100 for part in text.split(","))
    except ValueError:
        left, top, width, height = 0.0, 0.0, 0.0, 0.0
    if not (min(left, top) >= 0 and min(width, height) > 0 and max(left + width, top + height) <= 1):
        raise BadOrder(
            f"--subject wants LEFT,TOP,WIDTH,HEIGHT in percent of the photo, not {text!r}.",
            advice=f"For something in the middle: --subject {MIDDLE}",
        )
    return {"x": left, "y": top, "width": width, "height": height, "unit": "fraction"}


def shrunk(image: Image.Image, longest: int) -> Image.Image:
    """The same with no side longer than that; what is smaller stays as it is."""
    if max(image.size) <= longest:
        return image
    ratio = longest / max(image.size)
    size = (max(1, round(image.width * ratio)), max(1, round(image.height * ratio)))
    return image.resize(size, Resampling.LANCZOS)


def scribbled(image: Image.Image) -> tuple[Image.Image, Image.Image]:
    """The picture with a felt-tip scribble on it, and the mask that covers it, a little wider."""
    fine = 2
    strokes = Image.new("L", (image.width * fine, image.height * fine))
    width = max(3, round(min(image.size) * 0.009)) * fine
    _scrawl(ImageDraw.Draw(strokes), strokes.size, width)
    ink = strokes.resize(image.size, Resampling.LANCZOS)
    drawn = image.convert("RGB")
    drawn.paste((214, 40, 72), mask=ink)
    return drawn, _grown(ink, width / fine)


def _scrawl(draw: ImageDraw.ImageDraw, size: tuple[int, int], width: int) -> None:
    """Loops from the left to the right, as by an impatient hand."""
    points = []
    for step in range(240):
        along = step / 239
        turn = along * math.tau * 3.5
        across = 0.12 + 0.68 * along + 0.07 * math.cos(turn)
        down = 0.7 - 0.1 * along + 0.1 * math.sin(turn) + 0.02 * math.sin(along * 9)
        points.append((across * size[0], down * size[1]))
    draw.line(points, fill=255, width=width, joint="curve")
    for x, y in (points[0], points[-1]):
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255)


def _balloon(height: int) -> Image.Image:
    """A hot-air balloon with its basket, on nothing."""
    fine = 2
    tall = height * fine
    wide = round(tall * _SLIMNESS)
    image = Image.new("RGBA", (wide, tall))
    draw = ImageDraw.Draw(image)
    middle, radius = wide / 2, wide / 2
    bottom = tall * 0.78
    colors = ((196, 54, 48), (244, 190, 78), (236, 232, 220), (38, 110, 140))
    gores = 12
    for number in range(gores):
        left, right = (math.cos(math.pi * (1 - edge / gores)) for edge in (number, number + 1))
        shape = _gore(middle, radius, bottom, left, right)
        shade = 0.72 + 0.34 * math.sin(math.pi * (number + 1.6) / (gores + 1.2))
        color = tuple(min(255, round(part * shade)) for part in colors[number % len(colors)])
        draw.polygon(shape, fill=(*color, 255))
    rope, top, half = (70, 56, 44, 255), tall * 0.9, wide * 0.075
    for side in (-1, 1):
        draw.line((middle + side * wide * 0.12, bottom, middle + side * half, top), fill=rope, width=3 * fine)
    draw.rounded_rectangle((middle - half, top, middle + half, tall * 0.985), radius=6 * fine, fill=(120, 80, 46, 255))
    draw.rectangle((middle - half, top, middle + half, top + 6 * fine), fill=(90, 58, 34, 255))
    return image.resize((wide // fine, height), Resampling.LANCZOS)


def _gore(middle: float, radius: float, bottom: float, left: float, right: float) -> list[tuple[float, float]]:
    """One stripe of the envelope, between two meridians: -1 is its left rim, 1 the right one."""
    steps = 48
    heights = [bottom * number / steps for number in range(steps + 1)]
    return [(middle + left * _girth(y, radius, bottom), y) for y in heights] + [
        (middle + right * _girth(y, radius, bottom), y) for y in reversed(heights)
    ]


def _girth(y: float, radius: float, bottom: float) -> float:
    """Half the width of the envelope at a height: a ball above, a cone below."""
    if y < radius:
        return math.sqrt(max(0.0, radius**2 - (radius - y) ** 2))
    down = (y - radius) / (bottom - radius)
    return radius * (math.cos(down * math.pi / 2) * 0.78 + 0.22)


def _check(path: Path) -> None:
    """What can be said before anything is decoded."""
    if path.is_dir():
        inside = sorted(one.name for one in path.iterdir() if one.suffix.lower() in _KINDS)
        named = f"Name one picture in it, e.g. {path / inside[0]}" if inside else "There is no picture in it either."
        raise BadOrder(f"{path} is a folder.", advice=named)
    try:
        with path.open("rb") as file:
            head = file.read(32)
    except OSError as error:
        raise BadOrder(
            f"{path} cannot be read: {(error.strerror or str(error)).lower()}.",
            advice="Without a photo, the demo paints a picture itself: pixie demo",
        ) from error
    if not head:
        raise BadOrder(
            f"{path} is empty.", advice="Give another photo, or none: the demo then paints a picture itself."
        )
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        raise BadOrder(
            f"{path} is a HEIC photo, and Pixie does not read these.",
            advice=(
                "Save it as JPEG: on a Mac `sips -s format jpeg photo.heic --out photo.jpg`, on Linux `heif-convert "
                "photo.heic photo.jpg`. An iPhone sends JPEG with Settings, Camera, Formats, Most Compatible."
            ),
        )


def _checked_size(path: Path, image: Image.Image) -> tuple[int, int]:
    across, down = image.size
    if across * down > _MOST_PIXELS:
        raise BadOrder(
            f"{path} has {across * down / 1_000_000:.0f} megapixels; the demo takes {_MOST_PIXELS // 1_000_000}.",
            advice="Shrink it first.",
        )
    if min(across, down) < _SMALLEST:
        raise BadOrder(f"{path} has only {across} x {down} pixels.", advice="Give a larger photo.")
    return across, down


def _grown(ink: Image.Image, rim: float) -> Image.Image:
    """White wherever there is a trace of ink, and around it."""
    return ink.point(lambda value: 255 if value > 8 else 0).filter(ImageFilter.MaxFilter(_odd(rim)))  # noqa: PLR2004 - a trace


def _odd(value: float) -> int:
    return max(3, round(value) | 1)
