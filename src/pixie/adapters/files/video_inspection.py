"""Looks at an untrusted video: what its header claims, and whether frames of its beginning, middle and end keep that.

Runs inside a compute child; it loads OpenCV.
"""

import math
from pathlib import Path
from typing import Final

import cv2
from PIL import Image

from pixie.adapters.files.look import Limits, Look
from pixie.adapters.files.picture_preview import dominant_color, preview, stand_in, write_thumbnail
from pixie.adapters.files.video_structure import check_whole
from pixie.adapters.kernel.videos import Frame, VideoReader, reading
from pixie.domain.files.errors import InvalidVideo
from pixie.domain.files.media import MediaType

_EARLY_SECONDS: Final = 0.5  # the first frame of many is black
_EARLY_SHARE: Final = 0.1
_MOST_EARLY_FRAMES: Final = 30
_DECODED_WHOLE: Final = 500_000_000  # pixels in all: some seconds of work
_LOOKED_AT_TOGETHER: Final = 3  # frames, in the middle and at the end of what is longer
_MOST_TOO_MANY: Final = 300
_SHOWN: Final = 0.9  # of what it claims; a WebM tells how long it is, and not how many frames it has


def look_at_video(source: Path, media_type: MediaType, thumbnail: Path | None, limits: Limits) -> Look:
    """Raises `InvalidVideo`; writes the thumbnail as the last thing."""
    check_whole(source, media_type)
    with reading(source) as video:
        if video is None:
            raise InvalidVideo("its data is damaged, ends too early or is of an unknown kind")
        _check_claims(video, limits)
        early = _early_frame(video)
        frames = _frames_of(video)
        duration_ms = max(1, round(frames / video.fps * 1000))
    small = preview(Image.fromarray(cv2.cvtColor(early, cv2.COLOR_BGR2RGB)))
    look = Look(
        media_type=media_type,
        width=early.shape[1],
        height=early.shape[0],
        has_alpha=False,
        frames=frames,
        dominant_color=dominant_color(small),
        blurhash=stand_in(small),
        exif={},
        duration_ms=duration_ms,
        fps=round(video.fps, 3),
    )
    if thumbnail is not None:
        write_thumbnail(small, thumbnail)
    return look


def _check_claims(video: VideoReader, limits: Limits) -> None:
    """Before anything is decoded."""
    if video.width < 1 or video.height < 1 or video.frames < 1:
        raise InvalidVideo("it has no frames")
    if video.width * video.height > limits.max_video_pixels:
        most = f"{limits.max_video_pixels / 1_000_000:.3g} million"
        raise InvalidVideo(f"its frames have {video.width} x {video.height} pixels; at most {most} are taken")
    if not (math.isfinite(video.fps) and 0 < video.fps <= limits.max_video_fps):
        raise InvalidVideo(f"it claims {video.fps:g} frames a second; at most {limits.max_video_fps} are taken")
    if video.frames / video.fps > limits.max_video_seconds:
        raise InvalidVideo(f"it is longer than {limits.max_video_seconds} seconds")


def _early_frame(video: VideoReader) -> Frame:
    """All frames up to it are decoded, and it is the one to show."""
    frame = _next(video, "its first frame cannot be decoded")
    for _ in range(_early(video)):
        frame = _next(video, "its first frames cannot be decoded")
    return frame


def _early(video: VideoReader) -> int:
    return int(min(_EARLY_SECONDS * video.fps, _EARLY_SHARE * video.frames, _MOST_EARLY_FRAMES))


def _frames_of(video: VideoReader) -> int:
    """How many there are. The early ones were seen; of a long video, some of the middle and the end are decoded."""
    seen = _early(video) + 1
    if video.frames * video.width * video.height > _DECODED_WHOLE:
        video.seek(video.frames // 2)
        for _ in range(_LOOKED_AT_TOGETHER):
            _next(video, "it is damaged in the middle")
        seen = video.frames - _LOOKED_AT_TOGETHER
        video.seek(seen)
        if video.read() is None:
            raise InvalidVideo("it ends before the time that it claims")
        seen += 1
    while video.read() is not None:
        seen += 1
        if seen > video.frames + _MOST_TOO_MANY:
            raise InvalidVideo("it goes on after the end that it claims")
    if seen < _SHOWN * video.frames - 1:
        raise InvalidVideo("it is damaged, or ends before the time that it claims")
    return seen


def _next(video: VideoReader, otherwise: str) -> Frame:
    frame = video.read()
    if frame is None:
        raise InvalidVideo(otherwise)
    if frame.shape[:2] != (video.height, video.width):
        raise InvalidVideo("its frames have another size than it claims")
    return frame
