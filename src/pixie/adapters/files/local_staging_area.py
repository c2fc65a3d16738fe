"""Staged bytes lie in a folder of their own each, `<root>/staged-<random>/`."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from pixie.adapters.files.disk_threads import CHUNK, DiskThreads
from pixie.adapters.kernel.leftovers import remove_leftovers
from pixie.application.files.ports import StagingArea
from pixie.application.files.staged_file import StagedFile
from pixie.domain.files.errors import FileTooLarge

PREFIX: Final = "staged-"


class LocalStagingArea(StagingArea):
    def __init__(self, root: Path, threads: DiskThreads) -> None:
        self._root = root
        self._threads = threads

    @asynccontextmanager
    async def receive(self, chunks: AsyncIterable[bytes], *, max_bytes: int) -> AsyncIterator[StagedFile]:
        async with self._room() as room:
            sink = _Sink(room.path / "content")
            await self._pour(chunks, sink, max_bytes)
            yield StagedFile(path=sink.path, thumbnail_path=room.thumbnail, size=sink.size, checksum=sink.checksum)

    @asynccontextmanager
    async def stage(self, path: Path, *, max_bytes: int) -> AsyncIterator[StagedFile]:
        async with self._room() as room:
            size, checksum = await self._threads.run(_measured, path, max_bytes)
            yield StagedFile(path=path, thumbnail_path=room.thumbnail, size=size, checksum=checksum)

    async def write(self, chunks: AsyncIterable[bytes], to: Path) -> str:
        sink = _Sink(to)
        await self._pour(chunks, sink, None)
        return sink.checksum

    async def sweep(self, *, older_than: timedelta) -> int:
        return await self._threads.run(remove_leftovers, self._root, PREFIX, older_than=older_than)

    @asynccontextmanager
    async def _room(self) -> AsyncIterator["_Room"]:
        room = _Room()
        try:
            await self._threads.run(room.make, self._root)
            yield room
        finally:
            await self._threads.run(room.remove)

    async def _pour(self, chunks: AsyncIterable[bytes], sink: "_Sink", max_bytes: int | None) -> None:
        try:
            await self._threads.run(sink.open)
            held = bytearray()
            async for chunk in chunks:
                held += chunk
                if max_bytes is not None and sink.size + len(held) > max_bytes:
                    raise FileTooLarge(max_bytes)
                if len(held) >= CHUNK:
                    await self._threads.run(sink.take, held)
                    held = bytearray()
            await self._threads.run(sink.take, held)
        finally:
            await self._threads.run(sink.close)


class _Room:
    """A folder; `path` is set in the thread that makes it, so that a cancelled task still knows what to remove."""

    path: Path

    def make(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))

    def remove(self) -> None:
        if hasattr(self, "path"):
            shutil.rmtree(self.path, ignore_errors=True)

    @property
    def thumbnail(self) -> Path:
        return self.path / "thumbnail.webp"


class _Sink:
    """A file that is measured while it is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._hash = hashlib.sha256()
        self._descriptor = -1

    def open(self) -> None:
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)

    def take(self, some: bytearray) -> None:
        rest = memoryview(some)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self._hash.update(some)
        self.size += len(some)

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    @property
    def checksum(self) -> str:
        return self._hash.hexdigest()


def _measured(path: Path, max_bytes: int) -> tuple[int, str]:
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    if size > max_bytes:
        raise FileTooLarge(max_bytes)
    return size, checksum
