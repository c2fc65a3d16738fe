"""What an inspection is told, and what it finds, in types that travel between processes."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from pixie.domain.files.media import MediaType

Fact: TypeAlias = str | int | float
ExifFacts: TypeAlias = dict[str, Fact]

# What decoding takes at its peak, measured (docs/performance.md), with some room.
_BYTES_PER_PIXEL: Final = {
    MediaType.JPEG: 5,
    MediaType.PNG: 5,
    MediaType.GIF: 10,
    MediaType.AVIF: 12,
    MediaType.WEBP: 17,
}
_BYTES_PER_PIXEL_PROGRESSIVE: Final = 8  # a JPEG in several scans keeps all coefficients until the last one


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`max_frames` is for animations, what has `video` in its name for videos."""

    max_pixels: int
    max_frames: int
    max_video_pixels: int
    memory_mb: int
    max_video_seconds: int = 600
    max_video_fps: int = 240

    def pixels(self, media_type: MediaType, *, progressive: bool = False) -> int:
        each = _BYTES_PER_PIXEL_PROGRESSIVE if progressive else _BYTES_PER_PIXEL[media_type]
        return min(self.max_pixels, self.memory_mb * 1024 * 1024 // each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An `Inspection`; `duration_ms` and `fps` are a video's."""

    media_type: MediaType
    width: int
    height: int
    has_alpha: bool
    frames: int
    dominant_color: str
    blurhash: str
    exif: ExifFacts
    duration_ms: int | None = None
    fps: float | None = None
