"""Looks at an untrusted file. Runs inside a compute child."""

from collections.abc import Sequence
from pathlib import Path

from pixie.adapters.files.look import Limits, Look
from pixie.adapters.files.picture_inspection import look_at_picture
from pixie.domain.files.errors import UnsupportedMediaType
from pixie.domain.files.media import HEAD_BYTES, MediaType


def look_at(path: str, thumbnail: str | None, taken: Sequence[MediaType], limits: Limits) -> Look:
    """Raises `UnsupportedMediaType`, `ImageTooManyPixels`, `InvalidImage` or `InvalidVideo`.

    The thumbnail is written as the last thing.
    """
    source, small = Path(path), None if thumbnail is None else Path(thumbnail)
    with source.open("rb") as file:
        head = file.read(HEAD_BYTES)
    media_type = MediaType.of(head)
    if media_type is None or media_type not in taken:
        raise UnsupportedMediaType(taken)
    if media_type.is_picture:
        return look_at_picture(source, media_type, head, small, limits)
    from pixie.adapters.files.video_inspection import look_at_video  # noqa: PLC0415 - OpenCV, in a child alone

    return look_at_video(source, media_type, small, limits)
