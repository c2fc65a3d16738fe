from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pixie.application.files.blob_reader import BlobReader
from pixie.application.files.file_link import FilePart, LinkPermit
from pixie.application.files.ports import BlobStore, FileLinks, FileReader
from pixie.application.files.showing import seen_by
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Clock
from pixie.domain.files import file_name
from pixie.domain.files.errors import FileNotFound
from pixie.domain.files.media import MediaType
from pixie.domain.files.stored_file import StoredFile
from pixie.domain.kernel.ids import FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadFileQuery:
    """`permit` is whoever signed in, or the link that was followed."""

    file_id: FileId
    permit: Caller | LinkPermit
    part: FilePart = FilePart.CONTENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Bytes that are ready to be read. `version` names them: same version, same bytes. `fresh_for` is in seconds."""

    name: str
    media_type: MediaType
    size: int
    version: str
    fresh_for: int
    open: Callable[..., Awaitable[BlobReader]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadFile:
    """The bytes of a file, or of its thumbnail.

    - For its owner and for admins, or for whoever has a signed link that has not expired.
    - A temporary file is gone when its time is over, also for its links.
    """

    files: FileReader
    blobs: BlobStore
    links: FileLinks
    clock: Clock

    async def __call__(self, query: DownloadFileQuery) -> Download:
        now = self.clock.now()
        if isinstance(query.permit, Caller):
            file = seen_by(query.permit, await self.files.get(query.file_id), now)
            return self._download(file, query.part, fresh_for=0)
        until = self.links.check(query.file_id, query.part, query.permit)
        file = await self.files.get(query.file_id)
        if file.expired(now):
            raise FileNotFound
        return self._download(file, query.part, fresh_for=_seconds(now, min(until, file.expires_at or until)))

    def _download(self, file: StoredFile, part: FilePart, *, fresh_for: int) -> Download:
        if part is FilePart.CONTENT:
            return Download(
                name=file_name.safe_to_save(file.name, file.inspection.media_type),
                media_type=file.inspection.media_type,
                size=file.size,
                version=file.checksum,
                fresh_for=fresh_for,
                open=partial(self.blobs.open, file.key),
            )
        if file.thumbnail is None:
            raise FileNotFound
        return Download(
            name=file_name.safe_to_save(file.name, MediaType.WEBP),
            media_type=MediaType.WEBP,
            size=file.thumbnail.size,
            version=f"{file.checksum}-thumbnail",
            fresh_for=fresh_for,
            open=partial(self.blobs.open, file.thumbnail.key),
        )


def _seconds(now: datetime, until: datetime) -> int:
    return max(0, int((until - now).total_seconds()))
