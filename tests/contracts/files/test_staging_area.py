"""What every staging area does."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from pixie.application.files.ports import StagingArea
from pixie.domain.files.errors import FileTooLarge
from tests.support.pictures import written


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def cut_off(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    raise ConnectionResetError


async def test_what_was_received_lies_there_with_size_and_checksum(staging: StagingArea) -> None:
    chunks = [bytes([number]) * 100_001 for number in range(10)]
    content = b"".join(chunks)

    async with staging.receive(stream(*chunks), max_bytes=10_000_000) as staged:
        assert staged.path.read_bytes() == content
        assert staged.size == len(content)
        assert staged.checksum == hashlib.sha256(content).hexdigest()
        assert not staged.thumbnail_path.exists()


async def test_nothing_at_all_is_an_empty_file(staging: StagingArea) -> None:
    async with staging.receive(stream(), max_bytes=10) as staged:
        assert staged.size == 0
        assert staged.path.read_bytes() == b""


async def test_when_the_block_ends_everything_is_gone(staging: StagingArea) -> None:
    async with staging.receive(stream(b"content"), max_bytes=10) as staged:
        staged.thumbnail_path.write_bytes(b"small")

    assert not staged.path.exists()
    assert not staged.thumbnail_path.exists()


async def test_when_the_block_fails_everything_is_gone(staging: StagingArea) -> None:
    with pytest.raises(RuntimeError):
        async with staging.receive(stream(b"content"), max_bytes=10) as staged:
            raise RuntimeError
    assert not staged.path.exists()


async def test_exactly_the_limit_is_taken(staging: StagingArea) -> None:
    async with staging.receive(stream(b"12345", b"67890"), max_bytes=10) as staged:
        assert staged.size == 10


async def test_one_byte_too_many_is_refused_before_the_rest_is_read(staging: StagingArea) -> None:
    later = []

    async def endless() -> AsyncIterator[bytes]:
        yield b"1234567890"
        yield b"1"
        later.append("read on")
        yield b"2"

    with pytest.raises(FileTooLarge) as refused:
        async with staging.receive(endless(), max_bytes=10):
            pass

    assert refused.value.facts == {"max_bytes": 10}
    assert later == []


async def test_a_stream_that_breaks_off_raises_its_own_error(staging: StagingArea) -> None:
    with pytest.raises(ConnectionResetError):
        async with staging.receive(cut_off(b"half"), max_bytes=10):
            pass


async def test_a_file_that_is_there_is_measured_and_stays(staging: StagingArea, tmp_path: Path) -> None:
    path = written(tmp_path, b"content")

    async with staging.stage(path, max_bytes=7) as staged:
        assert staged.path.read_bytes() == b"content"
        assert (staged.size, staged.checksum) == (7, hashlib.sha256(b"content").hexdigest())
        staged.thumbnail_path.write_bytes(b"small")

    assert path.read_bytes() == b"content"
    assert not staged.thumbnail_path.exists()


async def test_a_file_that_is_there_and_too_large_is_refused(staging: StagingArea, tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge):
        async with staging.stage(written(tmp_path, b"content"), max_bytes=6):
            pass


async def test_what_is_written_elsewhere_is_measured(staging: StagingArea, tmp_path: Path) -> None:
    target = tmp_path / "copy"

    checksum = await staging.write(stream(b"con", b"tent"), target)

    assert target.read_bytes() == b"content"
    assert checksum == hashlib.sha256(b"content").hexdigest()


async def test_a_sweep_leaves_alone_what_is_in_use(staging: StagingArea) -> None:
    async with staging.receive(stream(b"content"), max_bytes=10) as staged:
        assert await staging.sweep(older_than=timedelta(hours=1)) == 0
        assert staged.path.exists()
