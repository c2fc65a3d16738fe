from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pixie.application.files.ports import BlobStore, MediaInspector
from pixie.application.files.staged_file import StagedFile
from pixie.application.kernel.concurrency import all_or_none
from pixie.application.kernel.ports import Clock, IdSource
from pixie.domain.files import file_name
from pixie.domain.files.blob_key import BlobKey, thumbnail_key
from pixie.domain.files.errors import StorageUnavailable
from pixie.domain.files.media import MediaType
from pixie.domain.files.stored_file import StoredFile, Thumbnail
from pixie.domain.kernel.ids import FileId, JobId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Whose the file will be, what it is called, where it goes, and how long it stays."""

    owner: UserId
    name: str | None
    key: Callable[[FileId, MediaType], BlobKey]
    lifetime: timedelta | None = None
    job_id: JobId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn:
    """From bytes that nobody trusts to a file whose blobs are kept, and whose row is still to be added.

    - What the file is, its content says.
    - A file that never gets its row is an orphan, which the reconciliation removes.
    """

    inspector: MediaInspector
    blobs: BlobStore
    ids: IdSource
    clock: Clock

    async def __call__(self, staged: StagedFile, arrival: Arrival) -> StoredFile:
        inspection = await self.inspector.inspect(staged.path, thumbnail=staged.thumbnail_path)
        file_id = FileId(self.ids.new())
        key = arrival.key(file_id, inspection.media_type)
        size, thumbnail_size = await all_or_none(
            self.blobs.put(key, staged.path, inspection.media_type),
            self.blobs.put(thumbnail_key(key), staged.thumbnail_path, MediaType.WEBP),
        )
        if size != staged.size:
            raise StorageUnavailable
        now = self.clock.now()
        return StoredFile(
            id=file_id,
            owner=arrival.owner,
            name=file_name.cleaned(arrival.name, inspection.media_type),
            key=key,
            size=size,
            checksum=staged.checksum,
            inspection=inspection,
            thumbnail=Thumbnail(key=thumbnail_key(key), size=thumbnail_size),
            created_at=now,
            expires_at=None if arrival.lifetime is None else now + arrival.lifetime,
            job_id=arrival.job_id,
        )
