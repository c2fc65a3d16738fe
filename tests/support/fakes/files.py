"""Stand-ins for the ports of files, kept in memory."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pixie.application.files.blob_reader import BlobReader
from pixie.application.files.file_filter import FileFilter
from pixie.application.files.file_link import FilePart, LinkPermit, SignedLink, file_path
from pixie.application.files.ports import Blob, BlobStore, FileLinks, FileReader, FileStore, MediaInspector, StagingArea
from pixie.application.files.showing import file_view
from pixie.application.files.staged_file import StagedFile
from pixie.application.files.views import FileView
from pixie.application.kernel.page import Page, PageRequest, page_of
from pixie.domain.files.blob_key import BlobKey, checked
from pixie.domain.files.errors import (
    FileLinkInvalid,
    FileNotFound,
    FileTooLarge,
    StorageUnavailable,
    UnsupportedMediaType,
)
from pixie.domain.files.media import PICTURES, Inspection, MediaType
from pixie.domain.files.stored_file import StoredFile
from pixie.domain.kernel.errors import PixieError
from pixie.domain.kernel.ids import FileId
from tests.support.builders.files import an_inspection
from tests.support.fakes.kernel import EPOCH, FakeClock


class FakeInspector(MediaInspector):
    """Finds what it is told to find."""

    def __init__(self) -> None:
        self.finds: Inspection | PixieError = an_inspection()
        self.inspected: list[bytes] = []

    async def inspect(self, path: Path, *, thumbnail: Path | None, taken: Sequence[MediaType] = PICTURES) -> Inspection:
        self.inspected.append(_read(path))
        if isinstance(self.finds, PixieError):
            raise self.finds
        if self.finds.media_type not in taken:
            raise UnsupportedMediaType(taken)
        if thumbnail is not None:
            _write(thumbnail, b"small")
        return self.finds


class FakeStagingArea(StagingArea):
    """Counts what it holds at the moment."""

    def __init__(self) -> None:
        self.holds = 0

    @asynccontextmanager
    async def receive(self, chunks: AsyncIterable[bytes], *, max_bytes: int) -> AsyncIterator[StagedFile]:
        with TemporaryDirectory() as folder:
            content = b""
            async for chunk in chunks:
                content += chunk
                if len(content) > max_bytes:
                    raise FileTooLarge(max_bytes)
            path = Path(folder, "content")
            _write(path, content)
            async with self._holding():
                yield _staged(path, Path(folder))

    @asynccontextmanager
    async def stage(self, path: Path, *, max_bytes: int) -> AsyncIterator[StagedFile]:
        with TemporaryDirectory() as folder:
            staged = _staged(path, Path(folder))
            if staged.size > max_bytes:
                raise FileTooLarge(max_bytes)
            async with self._holding():
                yield staged

    async def write(self, chunks: AsyncIterable[bytes], to: Path) -> str:
        content = b"".join([chunk async for chunk in chunks])
        _write(to, content)
        return hashlib.sha256(content).hexdigest()

    async def sweep(self, *, older_than: timedelta) -> int:
        return 0

    @asynccontextmanager
    async def _holding(self) -> AsyncIterator[None]:
        self.holds += 1
        try:
            yield
        finally:
            self.holds -= 1


class FakeBlobStore(BlobStore):
    """`down` makes every verb fail. Blobs change at `time`."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.media_types: dict[str, MediaType] = {}
        self.changed: dict[str, datetime] = {}
        self.time = EPOCH
        self.down = False
        self.open_readers = 0
        self.when_sized: Callable[[], None] = lambda: None

    async def put(self, key: BlobKey, source: Path, media_type: MediaType) -> int:
        self._check()
        self.blobs[checked(key)] = _read(source)
        self.media_types[key] = media_type
        self.changed[key] = self.time
        return len(self.blobs[key])

    async def open(self, key: BlobKey, *, start: int, end: int) -> BlobReader:
        self._check()
        if checked(key) not in self.blobs:
            raise FileNotFound
        if end > len(self.blobs[key]):
            raise StorageUnavailable
        return _FakeReader(self, self.blobs[key][start:end])

    async def size(self, key: BlobKey) -> int | None:
        self._check()
        self.when_sized()
        return len(self.blobs[key]) if checked(key) in self.blobs else None

    async def delete(self, key: BlobKey) -> None:
        self._check()
        self.blobs.pop(checked(key), None)

    async def list(self, root: str) -> AsyncIterator[Blob]:
        self._check()
        for key in [key for key in self.blobs if key.startswith(f"{root}/")]:
            yield Blob(key=BlobKey(key), changed_at=self.changed[key])

    async def tidy(self, *, older_than: timedelta) -> int:
        self._check()
        return 0

    def _check(self) -> None:
        if self.down:
            raise StorageUnavailable


class _FakeReader(BlobReader):
    def __init__(self, store: FakeBlobStore, content: bytes) -> None:
        self._store = store
        self._chunks = iter([content[at : at + 10] for at in range(0, len(content), 10)])
        self._closed = False
        store.open_readers += 1

    async def __anext__(self) -> bytes:
        try:
            return next(self._chunks)
        except StopIteration:
            raise StopAsyncIteration from None

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            self._store.open_readers -= 1


class FakeFileLinks(FileLinks):
    """Whoever knows the word may pass."""

    WORD = "open-sesame"

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    def sign(self, file_id: FileId, part: FilePart = FilePart.CONTENT) -> SignedLink:
        expires = int(self._clock.now().timestamp()) // 3600 * 3600 + 7200
        url = f"https://pixie.test{file_path(file_id, part)}?expires={expires}&signature={self.WORD}{part.name.lower()}"
        return SignedLink(url=url, expires_at=datetime.fromtimestamp(expires, self._clock.now().tzinfo))

    def check(self, file_id: FileId, part: FilePart, permit: LinkPermit) -> datetime:
        until = datetime.fromtimestamp(permit.expires, self._clock.now().tzinfo)
        if permit.signature != f"{self.WORD}{part.name.lower()}" or until <= self._clock.now():
            raise FileLinkInvalid
        return until


@dataclass
class FakeShelf:
    """The rows that a store and a reader share."""

    rows: dict[FileId, StoredFile] = field(default_factory=dict)


class FakeFileStore(FileStore):
    def __init__(self, shelf: FakeShelf) -> None:
        self._rows = shelf.rows

    async def add(self, file: StoredFile) -> None:
        self._rows[file.id] = file

    async def get(self, file_id: FileId) -> StoredFile:
        if file_id not in self._rows:
            raise FileNotFound
        return self._rows[file_id]

    async def remove(self, file_id: FileId) -> None:
        if self._rows.pop(file_id, None) is None:
            raise FileNotFound

    async def remove_expired(self, now: datetime, limit: int) -> Sequence[StoredFile]:
        expired = [file for file in self._rows.values() if file.expired(now)][:limit]
        return [self._rows.pop(file.id) for file in expired]


class FakeFileReader(FileReader):
    def __init__(self, shelf: FakeShelf, links: FileLinks) -> None:
        self._rows = shelf.rows
        self._links = links

    async def get(self, file_id: FileId) -> StoredFile:
        if file_id not in self._rows:
            raise FileNotFound
        return self._rows[file_id]

    async def page_for(self, wanted: FileFilter, request: PageRequest, now: datetime) -> Page[FileView]:
        found = [
            file_view(file, self._links)
            for file in sorted(self._rows.values(), key=lambda file: file.id, reverse=True)
            if file.owner == wanted.owner
            and not file.expired(now)
            and (request.before is None or file.id < request.before)
            and wanted.mime_type in {None, file.inspection.media_type}
            and (wanted.q or "").lower() in file.name.lower()
            and wanted.temporary in {None, file.is_temporary}
        ]
        return page_of(found, request, lambda view: view.id)

    async def views(self, file_ids: Sequence[FileId]) -> Sequence[FileView]:
        return [file_view(self._rows[file_id], self._links) for file_id in file_ids if file_id in self._rows]

    async def known(self, keys: Collection[BlobKey]) -> set[BlobKey]:
        return {file.key for file in self._rows.values()} & set(keys)

    async def keys_after(self, file_id: FileId | None, limit: int) -> Sequence[tuple[FileId, Sequence[BlobKey]]]:
        later = sorted(each for each in self._rows if file_id is None or each > file_id)
        return [(each, self._rows[each].keys()) for each in later[:limit]]


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _staged(path: Path, folder: Path) -> StagedFile:
    content = path.read_bytes()
    return StagedFile(
        path=path,
        thumbnail_path=folder / "thumbnail.webp",
        size=len(content),
        checksum=hashlib.sha256(content).hexdigest(),
    )
