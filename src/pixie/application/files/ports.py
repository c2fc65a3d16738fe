"""What files need from outside themselves."""

from abc import abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from pixie.application.files.blob_reader import BlobReader
from pixie.application.files.file_filter import FileFilter
from pixie.application.files.file_link import FilePart, LinkPermit, SignedLink
from pixie.application.files.staged_file import StagedFile
from pixie.application.files.views import FileView
from pixie.application.kernel.page import Page, PageRequest
from pixie.domain.files.blob_key import BlobKey
from pixie.domain.files.media import PICTURES, Inspection, MediaType
from pixie.domain.files.stored_file import StoredFile
from pixie.domain.kernel.ids import FileId


class MediaInspector(Protocol):
    @abstractmethod
    async def inspect(self, path: Path, *, thumbnail: Path | None, taken: Sequence[MediaType] = PICTURES) -> Inspection:
        """Decode the whole picture, and write a small WebP of it to `thumbnail` if that is given.

        Of a video the first frames, some in the middle and the last ones are decoded; the thumbnail shows an early one.
        Raises `UnsupportedMediaType` when the content is none of those that are `taken`, `ImageTooManyPixels`, and
        `InvalidImage` or `InvalidVideo` when it is broken. An overloaded machine answers with an error of a passing
        kind. Nothing is written when it raises.
        """


class StagingArea(Protocol):
    """Local room for bytes on their way. All verbs raise `StorageUnavailable` when the disk is full or out of order."""

    @abstractmethod
    def receive(self, chunks: AsyncIterable[bytes], *, max_bytes: int) -> AbstractAsyncContextManager[StagedFile]:
        """Write down what comes, never holding more than a small part of it in memory. Gone when the block ends.

        Raises `FileTooLarge` as soon as more than `max_bytes` have come.
        """

    @abstractmethod
    def stage(self, path: Path, *, max_bytes: int) -> AbstractAsyncContextManager[StagedFile]:
        """The same for a file that is there already; it stays where it is. Raises `FileTooLarge`."""

    @abstractmethod
    async def write(self, chunks: AsyncIterable[bytes], to: Path) -> str:
        """Write down what comes to a path of the caller's. Returns the checksum."""

    @abstractmethod
    async def sweep(self, *, older_than: timedelta) -> int:
        """Remove what killed processes left behind and nobody has touched since. Returns how many things went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    key: BlobKey
    changed_at: datetime


class BlobStore(Protocol):
    """Where the bytes lie. Every verb raises `StorageUnavailable` when the store fails, and may be repeated."""

    @abstractmethod
    async def put(self, key: BlobKey, source: Path, media_type: MediaType) -> int:
        """Keep a copy of `source`, in place of what was there. Readers see the old blob or the whole new one.

        On return it is durable. Returns its size.
        """

    @abstractmethod
    async def open(self, key: BlobKey, *, start: int, end: int) -> BlobReader:
        """The bytes from `start` up to, not including, `end`. The caller closes the reader.

        Raises `FileNotFound` when there is no such blob, before anything was read. A blob that turns out shorter is a
        failure of the store, also in the middle of reading.
        """

    @abstractmethod
    async def size(self, key: BlobKey) -> int | None:
        """How long the blob is; None when there is none."""

    @abstractmethod
    async def delete(self, key: BlobKey) -> None:
        """Remove the blob; that there is none is no error."""

    @abstractmethod
    def list(self, root: str) -> AsyncIterator[Blob]:
        """All blobs below a root of `blob_key.ROOTS`, in no particular order."""

    @abstractmethod
    async def tidy(self, *, older_than: timedelta) -> int:
        """Remove what broken-off `put`s left behind. Returns how many things went."""


class FileLinks(Protocol):
    """Addresses that open without signing in, until they expire. Asked again within the hour it is the same address."""

    @abstractmethod
    def sign(self, file_id: FileId, part: FilePart = FilePart.CONTENT) -> SignedLink: ...

    @abstractmethod
    def check(self, file_id: FileId, part: FilePart, permit: LinkPermit) -> datetime:
        """When it expires. Raises `FileLinkInvalid`."""


class FileStore(Protocol):
    """The rows, within the unit of work."""

    @abstractmethod
    async def add(self, file: StoredFile) -> None: ...

    @abstractmethod
    async def get(self, file_id: FileId) -> StoredFile:
        """Raises `FileNotFound`."""

    @abstractmethod
    async def remove(self, file_id: FileId) -> None:
        """Raises `FileNotFound`, also when somebody else removes it at this moment."""

    @abstractmethod
    async def remove_expired(self, now: datetime, limit: int) -> Sequence[StoredFile]:
        """Remove up to `limit` files that have expired, skipping those that somebody else is about to remove."""


class FileReader(Protocol):
    """The rows, to look at only: within the unit of work if one is open."""

    @abstractmethod
    async def get(self, file_id: FileId) -> StoredFile:
        """Raises `FileNotFound`."""

    @abstractmethod
    async def page_for(self, wanted: FileFilter, request: PageRequest, now: datetime) -> Page[FileView]:
        """Newest first, without those that have expired."""

    @abstractmethod
    async def views(self, file_ids: Sequence[FileId]) -> Sequence[FileView]:
        """In the order asked for; what is not there any more is left out."""

    @abstractmethod
    async def known(self, keys: Collection[BlobKey]) -> set[BlobKey]:
        """Which of these keys a file has for its content."""

    @abstractmethod
    async def keys_after(self, file_id: FileId | None, limit: int) -> Sequence[tuple[FileId, Sequence[BlobKey]]]:
        """The keys of each file, by birth, following that of `file_id`."""
