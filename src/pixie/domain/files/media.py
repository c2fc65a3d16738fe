"""What a file is by its content, and what is known about a picture once it was looked at."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from pixie.domain.kernel.json import JsonObject


class MediaType(StrEnum):
    """The kinds of files that Pixie keeps; the value is the MIME type. Videos come only out of jobs."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    AVIF = "image/avif"
    GIF = "image/gif"
    MP4 = "video/mp4"
    WEBM = "video/webm"

    @property
    def short_name(self) -> str:
        """As the API names a format: `jpeg`, `mp4`."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """The name for people."""
        return {MediaType.WEBP: "WebP", MediaType.WEBM: "WebM"}.get(self, self.name)

    @property
    def extension(self) -> str:
        """With the dot, as a file name ends."""
        return ".jpg" if self is MediaType.JPEG else f".{self.short_name}"

    @property
    def is_picture(self) -> bool:
        return self in PICTURES

    @property
    def is_video(self) -> bool:
        return not self.is_picture

    @staticmethod
    def of(head: bytes) -> "MediaType | None":
        """The type that the first `HEAD_BYTES` of a file speak for; names and headers have no say."""
        for media_type, starts in _STARTS.items():
            if head.startswith(starts):
                return media_type
        if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
            return MediaType.WEBP
        if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
            return MediaType.WEBM
        return _iso_media_type(head)


HEAD_BYTES: Final = 64
PICTURES: Final = (MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.AVIF, MediaType.GIF)
VIDEOS: Final = (MediaType.MP4, MediaType.WEBM)

_STARTS: Final = {
    MediaType.JPEG: (b"\xff\xd8\xff",),
    MediaType.PNG: (b"\x89PNG\r\n\x1a\n",),
    MediaType.GIF: (b"GIF87a", b"GIF89a"),
}
_AVIF_BRANDS: Final = {b"avif", b"avis"}
_MP4_BRANDS: Final = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV"}


def _iso_media_type(head: bytes) -> MediaType | None:
    """ISO base media (ISO/IEC 14496-12): the first box, `ftyp`, names a major brand, then compatible ones."""
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]
    if _AVIF_BRANDS.intersection(brands):
        return MediaType.AVIF
    return MediaType.MP4 if _MP4_BRANDS.intersection(brands) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """What only a video has: how long it plays, and how many frames it shows in a second."""

    duration_ms: int
    fps: float

    def __post_init__(self) -> None:
        if self.duration_ms < 1 or not self.fps > 0:
            raise ValueError("a video lasts, and moves")

    @property
    def duration_seconds(self) -> float:
        return self.duration_ms / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a picture or a video turned out to be after it was decoded.

    `width` and `height` are those a viewer sees, after EXIF orientation. `exif` holds a few harmless facts about the
    shot and never where it was taken. `dominant_color` is `#rrggbb`; of a video it is that of an early frame, and so is
    `blurhash`. `footage` comes with videos alone.
    """

    media_type: MediaType
    width: int
    height: int
    has_alpha: bool
    frames: int
    dominant_color: str
    blurhash: str
    exif: JsonObject = field(default_factory=dict)
    footage: Footage | None = None

    def __post_init__(self) -> None:
        if self.media_type.is_video == (self.footage is None):
            raise ValueError("footage is what videos have, and pictures have not")

    @property
    def format(self) -> str:
        return self.media_type.short_name
