"""Reads pictures for a film: upright, in sRGB, without transparency, and no larger than the camera needs."""

from pathlib import Path
from typing import Final, TypeAlias

from PIL import Image, ImageEnhance, ImageFilter

from pixie.adapters.kernel.pictures import DAMAGE, opened, orientation_of, plain, srgb, upright, upright_size
from pixie.domain.jobs.errors import ProviderRefused

Color: TypeAlias = tuple[int, int, int]

WHITE: Final[Color] = (255, 255, 255)
MAX_PIXELS: Final = 50_000_000
_BLURRED_SIDE: Final = 240
_DARKENED: Final = 0.7


def size_of(path: Path) -> tuple[int, int]:
    """As a viewer sees it. Raises `ProviderRefused`."""
    try:
        with opened(path) as image:
            width, height = upright_size(image.size, orientation_of(image))
    except DAMAGE as error:
        raise ProviderRefused("A picture cannot be decoded.") from error
    if width * height > MAX_PIXELS:
        raise ProviderRefused(f"A picture has {width} x {height} pixels; {MAX_PIXELS // 1_000_000} million are taken.")
    return width, height


def still(path: Path, size: tuple[int, int], behind: Color | None) -> Image.Image:
    """A picture of a file at a size, in RGB. Shrinking comes before all else: it bounds what the rest takes.

    Raises `ProviderRefused`.
    """
    size_of(path)
    try:
        with opened(path) as source:
            orientation = orientation_of(source)
            stored = upright_size(size, orientation)
            profile = source.info.get("icc_profile")
            source.draft(None, stored)
            source.load()
            flat = plain(source).resize(stored, Image.Resampling.LANCZOS)
            shown = upright(srgb(flat, profile), orientation)
    except DAMAGE as error:
        raise ProviderRefused("A picture cannot be decoded.") from error
    return _on(behind or WHITE, shown)


def color_of(background: str) -> Color | None:
    """Of `#102030`; none of `blur`."""
    if not background.startswith("#"):
        return None
    red, green, blue = bytes.fromhex(background[1:])
    return red, green, blue


def with_bars(picture: Image.Image, canvas: tuple[int, int], behind: Color | None) -> Image.Image:
    """A picture in the middle of a canvas. Without a colour the bars are the picture itself, large and blurred."""
    ground = _blurred(picture, canvas) if behind is None else Image.new("RGB", canvas, behind)
    ground.paste(picture, ((canvas[0] - picture.width) // 2, (canvas[1] - picture.height) // 2))
    return ground


def _blurred(picture: Image.Image, canvas: tuple[int, int]) -> Image.Image:
    """Blurred small and enlarged: a wide blur costs little then, and shows no steps."""
    share = _BLURRED_SIDE / max(canvas)
    small = (max(1, round(canvas[0] * share)), max(1, round(canvas[1] * share)))
    scale = max(small[0] / picture.width, small[1] / picture.height)
    seen = (small[0] / scale, small[1] / scale)
    left, top = (picture.width - seen[0]) / 2, (picture.height - seen[1]) / 2
    box = (max(0.0, left), max(0.0, top), min(picture.width, left + seen[0]), min(picture.height, top + seen[1]))
    shrunk = picture.resize(small, Image.Resampling.BICUBIC, box=box)
    dark = ImageEnhance.Brightness(shrunk.filter(ImageFilter.GaussianBlur(_BLURRED_SIDE / 24))).enhance(_DARKENED)
    return dark.resize(canvas, Image.Resampling.BICUBIC)


def _on(behind: Color, image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, behind)
    ground.paste(image, mask=image.getchannel("A"))
    return ground
