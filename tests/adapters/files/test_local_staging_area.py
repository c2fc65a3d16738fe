import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from pixie.adapters.files.disk_threads import DiskThreads
from pixie.adapters.files.local_staging_area import LocalStagingArea
from pixie.domain.files.errors import FileTooLarge, StorageUnavailable
from tests.support.pictures import written

HOUR = timedelta(hours=1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "tmp"


@pytest.fixture
def staging(root: Path) -> LocalStagingArea:
    return LocalStagingArea(root, DiskThreads(2))


async def stream(chunk: bytes, times: int = 1) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield chunk
        await asyncio.sleep(0)


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def is_private(path: Path) -> bool:
    return path.stat().st_mode & 0o077 == 0


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_an_upload_refused_in_the_middle_leaves_nothing_behind(staging: LocalStagingArea, root: Path) -> None:
    with pytest.raises(FileTooLarge):
        async with staging.receive(stream(b"x" * 300_000, 10), max_bytes=1_000_000):
            pass

    assert inside(root) == []


async def test_an_upload_cancelled_at_any_moment_leaves_nothing_behind(staging: LocalStagingArea, root: Path) -> None:
    async def upload() -> None:
        async with staging.receive(stream(b"x" * 300_000, 50), max_bytes=100_000_000):
            await asyncio.sleep(10)

    for delay in (0, 0.0005, 0.001, 0.002, 0.004, 0.01, 0.05):
        task = asyncio.create_task(upload())
        await asyncio.sleep(delay)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert inside(root) == []


async def test_a_large_upload_is_never_held_in_memory(staging: LocalStagingArea) -> None:
    chunk = os.urandom(64 * 1024)
    async with staging.receive(stream(chunk, 10), max_bytes=100_000_000):  # buffers of a first time
        before = resident_bytes()

    async with staging.receive(stream(chunk, 800), max_bytes=100_000_000) as staged:
        grown = resident_bytes() - before
        assert staged.size == 800 * len(chunk)

    assert grown < 8_000_000


async def test_what_dead_processes_left_is_swept_when_nobody_touched_it_for_long(
    staging: LocalStagingArea, root: Path
) -> None:
    then = time.time() - 2 * HOUR.total_seconds()
    for name in ("staged-dead", "staged-slow", "staged-young", "job-workdir"):
        (root / name).mkdir(parents=True)
        written(root / name, b"half", "content")
    for path in (root / "staged-dead/content", root / "staged-dead", root / "staged-slow", root / "job-workdir"):
        os.utime(path, (then, then))

    assert await staging.sweep(older_than=HOUR) == 1

    assert inside(root) == ["job-workdir", "staged-slow", "staged-young"]


async def test_where_nothing_was_ever_staged_nothing_is_swept(staging: LocalStagingArea) -> None:
    assert await staging.sweep(older_than=HOUR) == 0


async def test_a_full_disk_is_a_storage_that_is_unavailable(staging: LocalStagingArea) -> None:
    with pytest.raises(StorageUnavailable):
        await staging.write(stream(b"x" * 300_000), Path("/dev/full"))


async def test_a_place_that_cannot_be_written_is_a_storage_that_is_unavailable(tmp_path: Path) -> None:
    staging = LocalStagingArea(written(tmp_path, b"a file", "root"), DiskThreads(1))

    with pytest.raises(StorageUnavailable):
        async with staging.receive(stream(b"content"), max_bytes=10):
            pass
    with pytest.raises(StorageUnavailable):
        async with staging.stage(written(tmp_path, b"content"), max_bytes=10):
            pass


async def test_a_file_to_stage_that_is_not_there_is_a_storage_that_is_unavailable(
    staging: LocalStagingArea, tmp_path: Path
) -> None:
    with pytest.raises(StorageUnavailable):
        async with staging.stage(tmp_path / "missing", max_bytes=10):
            pass


async def test_staged_bytes_are_for_nobody_else_on_the_machine(staging: LocalStagingArea, root: Path) -> None:
    async with staging.receive(stream(b"content"), max_bytes=10) as staged:
        assert is_private(staged.path)
        assert is_private(staged.path.parent)
    assert is_private(root)
