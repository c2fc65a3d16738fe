import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from pixie.adapters.files.disk_threads import DiskThreads
from pixie.adapters.files.local_blob_store import LocalBlobStore
from pixie.domain.files.blob_key import BlobKey
from pixie.domain.files.errors import FileNotFound, StorageUnavailable
from pixie.domain.files.media import MediaType
from tests.support.pictures import written

PNG = MediaType.PNG
KEY = BlobKey("outputs/aa/job/0.png")
HOUR = timedelta(hours=1)

WRITER = """
import asyncio, sys
from pathlib import Path
from pixie.adapters.files.disk_threads import DiskThreads
from pixie.adapters.files.local_blob_store import LocalBlobStore
from pixie.domain.files.blob_key import BlobKey
from pixie.domain.files.media import MediaType

async def main(root, *sources):
    store = LocalBlobStore(Path(root), DiskThreads(2))
    print("ready", flush=True)
    while True:
        for source in sources:
            await store.put(BlobKey("outputs/aa/job/0.png"), Path(source), MediaType.PNG)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def store(root: Path) -> LocalBlobStore:
    return LocalBlobStore(root, DiskThreads(4))


def partials(root: Path) -> Sequence[Path]:
    return list((root / ".partial").glob("*"))


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def grow_old(path: Path, by: timedelta = 2 * HOUR) -> None:
    then = time.time() - by.total_seconds()
    os.utime(path, (then, then))


def test_a_writer_killed_at_any_moment_leaves_the_old_blob_or_the_new_one(tmp_path: Path, root: Path) -> None:
    contents = [letter * 400_000 for letter in (b"a", b"b")]
    sources = [written(tmp_path, content, f"source-{at}") for at, content in enumerate(contents)]
    for delay in (0.0, 0.003, 0.01, 0.02, 0.05):
        argv = [sys.executable, "-c", WRITER, str(root), *map(str, sources)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(delay)
            writer.kill()
        blob = root / KEY
        assert not blob.exists() or blob.read_bytes() in contents


async def test_leftovers_of_killed_writers_are_tidied_away_when_they_are_old(
    store: LocalBlobStore, root: Path, tmp_path: Path
) -> None:
    await store.put(KEY, written(tmp_path, b"content"), PNG)
    old, young = (written(root / ".partial", b"half", f"put-{age}") for age in ("old", "young"))
    grow_old(old)

    assert await store.tidy(older_than=HOUR) == 1

    assert partials(root) == [young]
    assert await store.size(KEY) == 7


async def test_a_put_that_fails_leaves_nothing_behind(store: LocalBlobStore, root: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        await store.put(KEY, tmp_path / "missing", PNG)

    assert partials(root) == []
    assert await store.size(KEY) is None


async def test_a_place_that_cannot_be_written_is_a_storage_that_is_unavailable(tmp_path: Path) -> None:
    store = LocalBlobStore(written(tmp_path, b"a file", "root"), DiskThreads(1))

    with pytest.raises(StorageUnavailable):
        await store.put(KEY, written(tmp_path, b"content"), PNG)


async def test_a_folder_that_becomes_empty_goes_while_others_write_into_it(
    store: LocalBlobStore, root: Path, tmp_path: Path
) -> None:
    source = written(tmp_path, b"content")
    keys = [BlobKey(f"outputs/aa/job/{number}.png") for number in range(8)]

    async def come_and_go(key: BlobKey) -> None:
        for _ in range(25):
            await store.put(key, source, PNG)
            await store.delete(key)

    await asyncio.gather(*(come_and_go(key) for key in keys))

    assert not (root / "outputs/aa/job").exists()
    assert partials(root) == []


async def test_a_folder_that_goes_just_before_its_blob_comes_is_made_again(
    store: LocalBlobStore, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace
    bad_luck = [1, 2]

    def replace_too_late(partial: Path, target: Path) -> Path:
        if bad_luck:
            bad_luck.pop()
            target.parent.rmdir()
        return replace(partial, target)

    monkeypatch.setattr(Path, "replace", replace_too_late)

    await store.put(KEY, written(tmp_path, b"content"), PNG)

    assert (root / KEY).read_bytes() == b"content"


async def test_a_folder_that_goes_each_time_is_given_up(
    store: LocalBlobStore, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(partial: Path, target: Path) -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "replace", never)

    with pytest.raises(StorageUnavailable):
        await store.put(KEY, written(tmp_path, b"content"), PNG)
    assert partials(root) == []


async def test_two_writers_of_one_blob_leave_one_of_both(store: LocalBlobStore, root: Path, tmp_path: Path) -> None:
    contents = [bytes([number]) * 100_000 for number in range(6)]
    sources = [written(tmp_path, content, f"source-{at}") for at, content in enumerate(contents)]

    await asyncio.gather(*(store.put(KEY, source, PNG) for source in sources))

    assert (root / KEY).read_bytes() in contents
    assert partials(root) == []


async def test_a_reader_keeps_its_blob_while_that_is_replaced(store: LocalBlobStore, tmp_path: Path) -> None:
    old = b"o" * 1_000_000
    await store.put(KEY, written(tmp_path, old), PNG)
    reader = await store.open(KEY, start=0, end=len(old))
    await store.put(KEY, written(tmp_path, b"n" * 10), PNG)

    assert b"".join([chunk async for chunk in reader]) == old
    await reader.aclose()


async def test_a_blob_that_shrinks_under_its_reader_is_a_failure_not_an_end(
    store: LocalBlobStore, root: Path, tmp_path: Path
) -> None:
    await store.put(KEY, written(tmp_path, b"x" * 1_000_000), PNG)
    reader = await store.open(KEY, start=0, end=1_000_000)
    os.truncate(root / KEY, 300_000)

    with pytest.raises(StorageUnavailable):
        _ = [chunk async for chunk in reader]
    await reader.aclose()


async def test_readers_give_their_descriptors_back(store: LocalBlobStore, tmp_path: Path) -> None:
    await store.put(KEY, written(tmp_path, b"x" * 1_000_000), PNG)
    counts = []
    for _ in range(3):
        reader = await store.open(KEY, start=0, end=1_000_000)
        await anext(reader)
        await reader.aclose()
        with pytest.raises(FileNotFound):
            await store.open(BlobKey("outputs/aa/none"), start=0, end=1)
        with pytest.raises(StorageUnavailable):
            await store.open(KEY, start=0, end=2_000_000)
        counts.append(open_descriptors())

    assert all(before == after for before, after in pairwise(counts))


async def test_what_people_put_there_by_hand_is_not_listed(store: LocalBlobStore, root: Path, tmp_path: Path) -> None:
    await store.put(KEY, written(tmp_path, b"content"), PNG)
    written(root / "outputs", b"", ".DS_Store")
    written(root / "outputs", b"", "READ ME")

    assert [blob.key async for blob in store.list("outputs")] == [KEY]


async def test_blobs_are_for_nobody_else_on_the_machine(store: LocalBlobStore, root: Path, tmp_path: Path) -> None:
    await store.put(KEY, written(tmp_path, b"content"), PNG)

    assert (root / KEY).stat().st_mode & 0o077 == 0
    assert (root / KEY).parent.stat().st_mode & 0o077 == 0
