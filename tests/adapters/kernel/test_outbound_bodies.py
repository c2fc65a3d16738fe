import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from pixie.adapters.kernel.outbound_errors import OutboundFailed, OutboundTooLarge
from tests.support.downloads import allowing, download
from tests.support.raw_http_server import RawHttpServer, raw_http_server


@pytest.fixture
async def server() -> AsyncIterator[RawHttpServer]:
    async with raw_http_server() as server:
        yield server


async def test_an_announced_size_beyond_the_limit_is_refused_before_the_body(
    server: RawHttpServer, tmp_path: Path
) -> None:
    server.gives("/x", 200, content_length=str(10 * 1024**3))

    with pytest.raises(OutboundTooLarge):
        await download(allowing(server), f"http://127.0.0.1:{server.port}/x", tmp_path / "x")

    assert not (tmp_path / "x").exists()


async def test_a_body_without_end_is_cut_at_the_limit(server: RawHttpServer, tmp_path: Path) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    server.answers["/x"] = endless

    with pytest.raises(OutboundTooLarge):
        await download(allowing(server), f"http://127.0.0.1:{server.port}/x", tmp_path / "x")

    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["in the head", "in the body"])
async def test_a_slow_answer_is_given_up_in_time(start: bytes, server: RawHttpServer, tmp_path: Path) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    server.answers["/x"] = slow
    began = asyncio.get_running_loop().time()

    with pytest.raises(OutboundFailed, match="took too long"):
        await download(allowing(server), f"http://127.0.0.1:{server.port}/x", tmp_path / "x", timeout=0.3)

    assert asyncio.get_running_loop().time() - began < 2
    assert not (tmp_path / "x").exists()


async def test_a_body_shorter_than_announced_leaves_no_file(server: RawHttpServer, tmp_path: Path) -> None:
    server.gives("/x", 200, b"half", content_length="8")

    with pytest.raises(OutboundFailed, match="the connection failed"):
        await download(allowing(server), f"http://127.0.0.1:{server.port}/x", tmp_path / "x")

    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
async def test_a_packed_body_is_unpacked(pack: Any, server: RawHttpServer, tmp_path: Path) -> None:
    server.gives("/x", 200, pack(b"picture" * 100), content_encoding="gzip" if pack is gzip.compress else "deflate")

    assert await download(allowing(server), f"http://127.0.0.1:{server.port}/x", tmp_path / "x") == 700


async def test_a_decompression_bomb_is_cut_at_the_limit(server: RawHttpServer, tmp_path: Path) -> None:
    server.gives("/x", 200, gzip.compress(b"\0" * 50_000_000, mtime=0), content_encoding="gzip")

    with pytest.raises(OutboundTooLarge):
        await download(allowing(server), f"http://127.0.0.1:{server.port}/x", tmp_path / "x")

    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("body", "packing", "reason"),
    [
        (gzip.compress(b"picture" * 100, mtime=0)[:-10], "gzip", "ended too early"),
        (b"no gzip at all", "gzip", "wrongly packed"),
        (b"whatever", "br", "packed in an unknown way"),
    ],
)
async def test_a_body_that_cannot_be_unpacked_is_no_answer(
    body: bytes, packing: str, reason: str, server: RawHttpServer, tmp_path: Path
) -> None:
    server.gives("/x", 200, body, content_encoding=packing)

    with pytest.raises(OutboundFailed, match=reason):
        await download(allowing(server), f"http://127.0.0.1:{server.port}/x", tmp_path / "x")
