"""What callers get to see of files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file. Both URLs open without signing in until they expire, so that an `<img>` can load them."""

    id: UUID
    original_name: str
    mime_type: str
    file_size: int
    width: int | None
    height: int | None
    is_temporary: bool
    expires_at: datetime | None
    checksum_sha256: str
    url: str
    thumbnail_url: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a file comes from."""

    job_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMetadataView(FileView):
    """A file, and what is known of the picture or video in it. `exif` never says where it was taken.

    `duration_seconds` and `fps` (frames a second) come with videos; their `dominant_color` and `blurhash` are those of
    an early frame.
    """

    format: str
    has_alpha: bool | None
    frames: int | None
    duration_seconds: float | None
    fps: float | None
    dominant_color: str | None
    blurhash: str | None
    exif: Mapping[str, object]
    provenance: Provenance | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLinkView:
    """A link that opens without signing in until it expires."""

    url: str
    expires_at: datetime
