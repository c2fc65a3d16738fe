"""Blobs as files under one folder; survives the death of the process, and a power cut, between any two lines."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from pixie.adapters.files.disk_threads import CHUNK, DiskThreads
from pixie.adapters.kernel.leftovers import remove_leftovers
from pixie.application.files.blob_reader import BlobReader
from pixie.application.files.ports import Blob, BlobStore
from pixie.domain.files.blob_key import BlobKey, checked, is_key
from pixie.domain.files.errors import FileNotFound, StorageUnavailable
from pixie.domain.files.media import MediaType

PARTIAL: Final = ".partial"
PREFIX: Final = "put-"
_LISTED_AT_ONCE: Final = 500
_MAX_ATTEMPTS: Final = 5


class LocalBlobStore(BlobStore):
    """A blob is written beside its place, synced, and renamed into it: half a blob is never seen."""

    def __init__(self, root: Path, threads: DiskThreads) -> None:
        self._root = root
        self._threads = threads

    async def put(self, key: BlobKey, source: Path, media_type: MediaType) -> int:
        del media_type  # the row knows it
        return await self._threads.run(self._put, self._path(key), source)

    async def open(self, key: BlobKey, *, start: int, end: int) -> BlobReader:
        reader = _LocalReader(self._path(key), start, end, self._threads)
        await reader.open()
        return reader

    async def size(self, key: BlobKey) -> int | None:
        return await self._threads.run(_size, self._path(key))

    async def delete(self, key: BlobKey) -> None:
        await self._threads.run(_remove, self._path(key))

    async def list(self, root: str) -> AsyncIterator[Blob]:
        found = self._walk(root)
        while some := await self._threads.run(lambda: list(islice(found, _LISTED_AT_ONCE))):
            for blob in some:
                yield blob

    async def tidy(self, *, older_than: timedelta) -> int:
        return await self._threads.run(remove_leftovers, self._root / PARTIAL, PREFIX, older_than=older_than)

    def _path(self, key: BlobKey) -> Path:
        return self._root / checked(key)

    def _put(self, target: Path, source: Path) -> int:
        partials = self._root / PARTIAL
        partials.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(prefix=PREFIX, dir=partials)
        try:
            with os.fdopen(descriptor, "wb") as partial, source.open("rb") as original:
                shutil.copyfileobj(original, partial, CHUNK)
                size = partial.tell()
                partial.flush()
                os.fsync(partial.fileno())
            self._rename(Path(name), target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return size

    def _rename(self, partial: Path, target: Path) -> None:
        """Into a folder that a `delete` may be removing at this moment because it was empty."""
        for attempt in range(_MAX_ATTEMPTS):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                partial.replace(target)
            except FileNotFoundError:
                if attempt == _MAX_ATTEMPTS - 1:
                    raise
            else:
                break
        folder = target.parent
        while folder != self._root.parent:
            _sync_folder(folder)
            folder = folder.parent

    def _walk(self, root: str) -> Iterator[Blob]:
        for folder, _, names in os.walk(self._root / root):
            for name in names:
                path = Path(folder, name)
                try:
                    changed = path.stat().st_mtime
                except FileNotFoundError:
                    continue
                key = path.relative_to(self._root).as_posix()
                if is_key(key):  # something else was put there by hand
                    yield Blob(key=BlobKey(key), changed_at=datetime.fromtimestamp(changed, UTC))


class _LocalReader(BlobReader):
    """The first chunk is read together with the opening: most thumbnails are read in one hop."""

    def __init__(self, path: Path, start: int, end: int, threads: DiskThreads) -> None:
        self._path = path
        self._at = start
        self._end = end
        self._threads = threads
        self._descriptor = -1
        self._ready = b""

    async def open(self) -> None:
        try:
            await self._threads.run(self._open)
        except BaseException:
            await self.aclose()
            raise

    async def __anext__(self) -> bytes:
        if self._at >= self._end:
            raise StopAsyncIteration
        chunk = self._ready or await self._threads.run(self._read)
        self._ready = b""
        self._at += len(chunk)
        return chunk

    async def aclose(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)  # of a file read from: this waits for nothing

    def _open(self) -> None:
        try:
            self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise FileNotFound from None
        if os.fstat(self._descriptor).st_size < self._end:
            raise StorageUnavailable
        self._ready = self._read() if self._at < self._end else b""

    def _read(self) -> bytes:
        chunk = os.pread(self._descriptor, min(CHUNK, self._end - self._at), self._at)
        if not chunk:
            raise StorageUnavailable
        return chunk


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    try:
        path.parent.rmdir()
    except OSError:  # something else lies in it
        return


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
