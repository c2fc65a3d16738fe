"""What every store of blobs does: in memory, on a disk, in a bucket."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from pixie.application.files.ports import BlobStore
from pixie.domain.files.blob_key import BlobKey
from pixie.domain.files.errors import FileNotFound, StorageUnavailable
from pixie.domain.files.media import MediaType
from tests.support.pictures import written

PNG = MediaType.PNG
_numbers = count(1)


@pytest.fixture
def key() -> BlobKey:
    """Another one for each test: the bucket outlives them."""
    return BlobKey(f"uploads/aa/{next(_numbers)}.png")


async def read(blobs: BlobStore, key: BlobKey, start: int, end: int) -> bytes:
    blob = await blobs.open(key, start=start, end=end)
    try:
        return b"".join([chunk async for chunk in blob])
    finally:
        await blob.aclose()


async def test_a_blob_comes_back_as_it_was_put(blobs: BlobStore, key: BlobKey, tmp_path: Path) -> None:
    content = bytes(range(256)) * 4000  # a million: several chunks

    assert await blobs.put(key, written(tmp_path, content), PNG) == len(content)
    assert await blobs.size(key) == len(content)
    assert await read(blobs, key, 0, len(content)) == content


@pytest.mark.parametrize(("start", "end"), [(0, 1), (3, 7), (9, 10), (0, 10)])
async def test_a_part_of_a_blob_is_exactly_that_part(
    blobs: BlobStore, key: BlobKey, tmp_path: Path, start: int, end: int
) -> None:
    await blobs.put(key, written(tmp_path, b"0123456789"), PNG)

    assert await read(blobs, key, start, end) == b"0123456789"[start:end]


async def test_a_part_that_begins_and_ends_far_inside_is_exact(blobs: BlobStore, key: BlobKey, tmp_path: Path) -> None:
    content = b"".join(number.to_bytes(4, "big") for number in range(300_000))
    await blobs.put(key, written(tmp_path, content), PNG)

    assert await read(blobs, key, 300_001, 1_000_003) == content[300_001:1_000_003]


async def test_a_blob_put_again_replaces_the_old_one(blobs: BlobStore, key: BlobKey, tmp_path: Path) -> None:
    await blobs.put(key, written(tmp_path, b"the old one"), PNG)
    await blobs.put(key, written(tmp_path, b"new"), PNG)

    assert await blobs.size(key) == 3
    assert await read(blobs, key, 0, 3) == b"new"


async def test_the_source_of_a_put_stays(blobs: BlobStore, key: BlobKey, tmp_path: Path) -> None:
    source = written(tmp_path, b"content")
    await blobs.put(key, source, PNG)

    assert source.read_bytes() == b"content"


async def test_a_later_change_of_the_source_changes_no_blob(blobs: BlobStore, key: BlobKey, tmp_path: Path) -> None:
    source = written(tmp_path, b"content")
    await blobs.put(key, source, PNG)
    written(tmp_path, b"CHANGED")

    assert await read(blobs, key, 0, 7) == b"content"


async def test_a_blob_that_is_not_there_cannot_be_opened_and_has_no_size(blobs: BlobStore, key: BlobKey) -> None:
    with pytest.raises(FileNotFound):
        await blobs.open(key, start=0, end=1)
    assert await blobs.size(key) is None


async def test_a_blob_shorter_than_expected_is_a_failure_of_the_store(
    blobs: BlobStore, key: BlobKey, tmp_path: Path
) -> None:
    await blobs.put(key, written(tmp_path, b"truncated"), PNG)

    with pytest.raises(StorageUnavailable):
        await blobs.open(key, start=0, end=100)
    with pytest.raises(StorageUnavailable):
        await blobs.open(key, start=50, end=100)


async def test_a_deleted_blob_is_gone_and_may_be_deleted_again(blobs: BlobStore, key: BlobKey, tmp_path: Path) -> None:
    await blobs.put(key, written(tmp_path, b"content"), PNG)

    await blobs.delete(key)
    await blobs.delete(key)

    assert await blobs.size(key) is None


async def test_a_reader_that_was_not_read_can_be_closed_twice(blobs: BlobStore, key: BlobKey, tmp_path: Path) -> None:
    await blobs.put(key, written(tmp_path, b"x" * 1_000_000), PNG)
    blob = await blobs.open(key, start=0, end=1_000_000)

    await blob.aclose()
    await blob.aclose()


async def test_all_blobs_below_a_root_are_listed_with_their_age(blobs: BlobStore, tmp_path: Path) -> None:
    mine = {BlobKey(f"outputs/{number:02x}/{next(_numbers)}/0.png") for number in range(20)}
    for key in mine:
        await blobs.put(key, written(tmp_path, b"content"), PNG)

    found = [blob async for blob in blobs.list("outputs")]

    assert mine <= {blob.key for blob in found}
    assert all(blob.key.startswith("outputs/") for blob in found)
    assert all(blob.changed_at.tzinfo is not None for blob in found)
    assert all(blob.changed_at < datetime.now(UTC) + timedelta(minutes=1) for blob in found)


async def test_of_an_empty_root_nothing_is_listed(blobs: BlobStore) -> None:
    assert [blob async for blob in blobs.list("nothing")] == []


async def test_a_store_where_nothing_broke_off_is_tidy(blobs: BlobStore, key: BlobKey, tmp_path: Path) -> None:
    await blobs.put(key, written(tmp_path, b"content"), PNG)

    assert await blobs.tidy(older_than=timedelta(0)) == 0
    assert await blobs.size(key) == 7


@pytest.mark.parametrize("stray", ["../x/y", "/etc/passwd", "uploads/../../x", "uploads", "uploads/.partial"])
async def test_no_key_leads_out_of_the_store(blobs: BlobStore, tmp_path: Path, stray: str) -> None:
    source = written(tmp_path, b"content")
    with pytest.raises(ValueError, match="no blob key"):
        await blobs.put(BlobKey(stray), source, PNG)
    with pytest.raises(ValueError, match="no blob key"):
        await blobs.open(BlobKey(stray), start=0, end=1)
    with pytest.raises(ValueError, match="no blob key"):
        await blobs.delete(BlobKey(stray))
