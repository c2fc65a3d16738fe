"""What every piece of code that decodes pictures needs. For compute children only: never decode on an event loop."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import AvifImagePlugin, ExifTags, Image, ImageCms
from PIL.Image import Transpose

DAMAGE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What Pillow and its codecs raise on a damaged file. `MemoryError` is none of it."""

_MAX_PROFILE_BYTES: Final = 4 * 1024 * 1024
_UPRIGHT: Final = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_LAID_DOWN: Final = 5  # orientations from here on swap width and height


@contextmanager
def opened(path: Path, format_name: str | None = None) -> Iterator[Image.Image]:
    """The first frame, not decoded yet. Whoever opens a picture checks its size before decoding it."""
    Image.MAX_IMAGE_PIXELS = None
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # as many children as processors are at work already
    formats = ("JPEG", "PNG", "WEBP", "AVIF", "GIF") if format_name is None else (format_name,)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what matters in a damaged file is an error anyhow
        with Image.open(path, formats=formats) as image:
            yield image


def orientation_of(image: Image.Image) -> int:
    """How the camera was held: EXIF, 1 to 8; 1 is upright, also when the value makes no sense."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except DAMAGE:
        return 1
    return value if value in _UPRIGHT else 1


def upright_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return (size[1], size[0]) if orientation >= _LAID_DOWN else size


def upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def has_alpha(image: Image.Image) -> bool:
    by_color = "transparency" in image.info and image.mode in {"1", "L", "P", "RGB"}
    return by_color or image.mode in {"LA", "PA", "RGBA", "La", "RGBa"}


def plain(image: Image.Image) -> Image.Image:
    """The same picture in L, LA, RGB, RGBA or CMYK: eight bits, no palette, no transparent colour."""
    if image.mode.startswith("I") or image.mode == "F":
        # Sixteen bits; Pillow alone would clip them to 255 instead of scaling.
        return image.convert("I").convert("F").point(lambda value: value / 256).convert("L")
    if has_alpha(image):
        return image if image.mode in {"LA", "RGBA"} else image.convert("LA" if image.mode in {"1", "L"} else "RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A plain picture's colours as sRGB, in RGB or RGBA; a profile that makes no sense is ignored."""
    alpha = image.getchannel("A") if image.mode in {"LA", "RGBA"} else None
    opaque = image if alpha is None else image.convert(image.mode.removesuffix("A"))
    colors = _by_profile(opaque, profile) or (opaque if opaque.mode == "RGB" else opaque.convert("RGB"))
    if alpha is not None:
        colors.putalpha(alpha)
    return colors


def _by_profile(image: Image.Image, profile: bytes | None) -> Image.Image | None:
    if not profile or len(profile) > _MAX_PROFILE_BYTES:
        return None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *DAMAGE):
        return None
