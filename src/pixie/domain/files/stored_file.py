"""A file that Pixie keeps for somebody."""

from dataclasses import dataclass
from datetime import datetime

from pixie.domain.files.blob_key import BlobKey
from pixie.domain.files.events import FileDeleted
from pixie.domain.files.media import Inspection
from pixie.domain.kernel.ids import FileId, JobId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A small WebP of the picture."""

    key: BlobKey
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """The bytes under `key` never change; only the whole file goes. `checksum` is the hex of their SHA-256.

    A file with `expires_at` is temporary. `job_id` says which job made it.
    """

    id: FileId
    owner: UserId
    name: str
    key: BlobKey
    size: int
    checksum: str
    inspection: Inspection
    thumbnail: Thumbnail | None
    created_at: datetime
    expires_at: datetime | None = None
    job_id: JobId | None = None

    @property
    def is_temporary(self) -> bool:
        return self.expires_at is not None

    def expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def keys(self) -> tuple[BlobKey, ...]:
        return (self.key,) if self.thumbnail is None else (self.key, self.thumbnail.key)

    def deleted(self) -> FileDeleted:
        """Say that the row was removed."""
        return FileDeleted(file_id=self.id, keys=self.keys())
