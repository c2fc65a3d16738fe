"""Looks at an untrusted picture, all of it. Runs inside a compute child."""

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL import Image

from pixie.adapters.files.exif_facts import exif_facts
from pixie.adapters.files.look import Limits, Look
from pixie.adapters.files.picture_preview import THUMBNAIL_SIDE, dominant_color, preview, stand_in, write_thumbnail
from pixie.adapters.kernel.pictures import DAMAGE, has_alpha, opened, orientation_of, upright_size
from pixie.domain.files.errors import ImageTooManyPixels, InvalidImage
from pixie.domain.files.media import MediaType

_MAX_JPEG_SCANS: Final = 100
_ANIMATION_PIXELS: Final = 3  # how many times the pixels of the largest still an animation may have in all


def look_at_picture(source: Path, media_type: MediaType, head: bytes, thumbnail: Path | None, limits: Limits) -> Look:
    """Raises `ImageTooManyPixels` or `InvalidImage`; writes the thumbnail as the last thing."""
    if media_type is MediaType.WEBP:
        _check_size(_webp_size(head), limits.pixels(media_type))
    with _damage_explained(), opened(source, media_type.name) as image:
        size = image.size
        _check_size(size, limits.pixels(media_type, progressive="progressive" in image.info))
        _check_structure(source, media_type)
        if media_type is MediaType.JPEG:
            _decode_fewer_pixels(image)
        image.load()
        small = preview(image)
        width, height = upright_size(size, orientation_of(image))
        look = Look(
            media_type=media_type,
            width=width,
            height=height,
            has_alpha=has_alpha(image),
            exif=exif_facts(image),
            dominant_color=dominant_color(small),
            blurhash=stand_in(small),
            frames=1 if media_type is MediaType.JPEG else _frames(image, limits, media_type),
        )
    if thumbnail is not None:
        write_thumbnail(small, thumbnail)
    return look


def _webp_size(head: bytes) -> tuple[int, int]:
    """As the header says (RFC 9649): opening a WebP already makes its decoder allocate the whole canvas."""
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


@contextmanager
def _damage_explained() -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        early = isinstance(error, EOFError) or "truncated" in str(error)
        raise InvalidImage("the file ends too early" if early else "its data is damaged") from error


def _check_size(size: tuple[int, int], limit: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise InvalidImage("it has no pixels")
    if width * height > limit:
        raise ImageTooManyPixels(width=width, height=height, limit=limit)


def _check_structure(path: Path, media_type: MediaType) -> None:
    """What decoding the pixels does not tell: checksums of PNG chunks, and JPEG scans without number."""
    if media_type is MediaType.PNG:
        with opened(path, media_type.name) as image:
            image.verify()
    if media_type is MediaType.JPEG:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if len(re.findall(rb"\xff\xda", data)) > _MAX_JPEG_SCANS:
                raise InvalidImage(f"it has more than {_MAX_JPEG_SCANS} scans")


def _decode_fewer_pixels(image: Image.Image) -> None:
    """All coefficients are still read, so that damage is found, but only a fraction of the pixels is computed."""
    longer_side = 2 * THUMBNAIL_SIDE
    image.draft(None, (longer_side, 1) if image.width > image.height else (1, longer_side))


def _frames(image: Image.Image, limits: Limits, media_type: MediaType) -> int:
    """Decodes the frames after the first one too. Counting first would cost as much, and some files lie about it."""
    most = min(limits.max_frames, _ANIMATION_PIXELS * limits.pixels(media_type) // (image.width * image.height))
    count = 1
    while _found(image, count):
        if count >= most:
            raise InvalidImage(f"it has more than {most} frames of this size")
        image.load()
        count += 1
    return count


def _found(image: Image.Image, frame: int) -> bool:
    try:
        image.seek(frame)
    except EOFError:
        return False
    return True
