"""Small things made of a big picture: its thumbnail, its blurred stand-in, its colour."""

from colorsys import rgb_to_hsv
from pathlib import Path
from typing import Final

from PIL import Image

from pixie.adapters.files.blurhash import blurhash
from pixie.adapters.kernel.pictures import orientation_of, plain, srgb, upright

THUMBNAIL_SIDE: Final = 320
_OVERSAMPLING: Final = 2  # pixels that a cheap box leaves for the good filter, per side of one thumbnail pixel
_STRIP: Final = 64
_SOLID: Final = 128


def preview(image: Image.Image) -> Image.Image:
    """A decoded picture at thumbnail size, upright, RGB or RGBA, in sRGB."""
    small = plain(_shrunk(image))
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BICUBIC)
    done = upright(srgb(small, image.info.get("icc_profile")), orientation_of(image))
    done.info = {}  # or Pillow might write some of it into the thumbnail
    return done


def write_thumbnail(preview: Image.Image, path: Path) -> None:
    preview.save(path, "WEBP", quality=80, method=4)


def stand_in(preview: Image.Image) -> str:
    return blurhash(_on_white(preview).resize((32, 32), Image.Resampling.BOX))


def dominant_color(preview: Image.Image) -> str:
    """The colour of the largest group of like pixels; between groups of similar size, the livelier one."""
    tiny = preview.convert("RGBA").resize((64, 64), Image.Resampling.BOX)
    pixels = tiny.tobytes()
    solid = b"".join(pixels[at : at + 3] for at in range(0, len(pixels), 4) if pixels[at + 3] >= _SOLID)
    if not solid:
        return "#ffffff"
    groups = Image.frombytes("RGB", (len(solid) // 3, 1), solid).quantize(8, Image.Quantize.MEDIANCUT)
    palette = bytes(groups.getpalette() or ())
    sizes = dict(enumerate(groups.histogram()[:8]))
    weights = {at: size * _liveliness(palette[at * 3 : at * 3 + 3]) for at, size in sizes.items() if size}
    best = max(weights, key=lambda at: (weights[at], at))
    return f"#{palette[best * 3 : best * 3 + 3].hex()}"


def _liveliness(color: bytes) -> float:
    _, saturation, value = rgb_to_hsv(*(channel / 255 for channel in color))
    return 0.5 + saturation * value


def _on_white(preview: Image.Image) -> Image.Image:
    if preview.mode == "RGB":
        return preview
    ground = Image.new("RGB", preview.size, "white")
    ground.paste(preview, mask=preview.getchannel("A"))
    return ground


def _shrunk(image: Image.Image) -> Image.Image:
    """A whole fraction of the size, in strips: converting all of a big picture at once would double its memory."""
    factor = max(image.size) // (THUMBNAIL_SIDE * _OVERSAMPLING)
    if factor < 2:  # noqa: PLR2004 - nothing to gain
        return image.copy()
    width, height = image.size
    strips = [
        (top, plain(image.crop((0, top, width, min(top + factor * _STRIP, height)))).reduce(factor))
        for top in range(0, height, factor * _STRIP)
    ]
    small = Image.new(strips[0][1].mode, (strips[0][1].width, -(-height // factor)))
    for top, strip in strips:
        small.paste(strip, (0, top // factor))
    return small
