import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pixie.adapters.files.s3_blob_store import S3BlobStore, open_s3_blob_store
from pixie.adapters.files.s3_bucket import S3Bucket
from pixie.domain.files.blob_key import BlobKey
from pixie.domain.files.errors import StorageUnavailable
from pixie.domain.files.media import MediaType
from tests.support.pictures import written
from tests.support.s3_server import S3Server, free_ports

pytestmark = pytest.mark.infra

PNG = MediaType.PNG
KEY = BlobKey("uploads/aa/1.png")
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def bucket(s3_server: S3Server) -> S3Bucket:
    return S3Bucket(
        name=s3_server.bucket,
        region="us-east-1",
        endpoint=s3_server.endpoint,
        access_key=s3_server.access_key,
        secret_key=s3_server.secret_key,
    )


@asynccontextmanager
async def bad_server(handler: Handler) -> AsyncIterator[S3Bucket]:
    """A bucket behind which something is broken."""
    running: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        with contextlib.suppress(ConnectionError):
            await handler(reader, writer)
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield S3Bucket(
            name="pixie",
            region="us-east-1",
            endpoint=f"http://127.0.0.1:{port}",
            access_key="key",
            secret_key="secret",
            read_timeout=0.3,
        )
    await asyncio.wait(running, timeout=5)


async def every_verb_fails(store: S3BlobStore, source: Path) -> None:
    with pytest.raises(StorageUnavailable):
        await store.put(KEY, source, PNG)
    with pytest.raises(StorageUnavailable):
        await store.open(KEY, start=0, end=1)
    with pytest.raises(StorageUnavailable):
        await store.delete(KEY)
    with pytest.raises(StorageUnavailable):
        _ = [blob async for blob in store.list("uploads")]
    with pytest.raises(StorageUnavailable):
        await store.tidy(older_than=timedelta(0))


async def test_a_server_that_is_down_is_a_storage_that_is_unavailable(bucket: S3Bucket, tmp_path: Path) -> None:
    nowhere = replace(bucket, endpoint=f"http://127.0.0.1:{free_ports(1)[0]}")
    async with open_s3_blob_store(nowhere) as store:
        async with asyncio.timeout(20):
            await every_verb_fails(store, written(tmp_path, b"content"))
        with pytest.raises(StorageUnavailable):
            await store.size(KEY)


async def test_a_wrong_secret_is_a_storage_that_is_unavailable(bucket: S3Bucket, tmp_path: Path) -> None:
    async with open_s3_blob_store(replace(bucket, secret_key="wrong")) as store:
        await every_verb_fails(store, written(tmp_path, b"content"))


async def test_a_bucket_that_is_not_there_is_a_storage_that_is_unavailable(bucket: S3Bucket) -> None:
    async with open_s3_blob_store(replace(bucket, name="missing")) as store:
        with pytest.raises(StorageUnavailable):
            await store.open(KEY, start=0, end=1)
        with pytest.raises(StorageUnavailable):
            _ = [blob async for blob in store.list("uploads")]


async def test_a_server_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            pass

    async with bad_server(silent) as bucket, open_s3_blob_store(bucket) as store, asyncio.timeout(20):
        await every_verb_fails(store, written(tmp_path, b"content"))


async def test_a_server_with_a_full_disk_is_a_storage_that_is_unavailable(tmp_path: Path) -> None:
    async def full(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = b"<Error><Code>InsufficientStorage</Code><Message>full</Message></Error>"
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 507 Insufficient Storage\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        writer.write(body)

    async with bad_server(full) as bucket, open_s3_blob_store(bucket) as store, asyncio.timeout(20):
        await every_verb_fails(store, written(tmp_path, b"content"))


async def test_a_blob_cut_off_on_its_way_is_a_failure_not_an_end() -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 206 Partial Content\r\nContent-Length: 100\r\nContent-Range: bytes 0-99/100\r\n\r\n")
        writer.write(b"x" * 60)

    async with bad_server(cut) as bucket, open_s3_blob_store(bucket) as store:
        reader = await store.open(KEY, start=0, end=100)
        with pytest.raises(StorageUnavailable):
            _ = [chunk async for chunk in reader]
        await reader.aclose()


async def test_a_large_blob_goes_up_in_parts_and_comes_back_whole(bucket: S3Bucket, tmp_path: Path) -> None:
    content = b"".join(number.to_bytes(4, "big") for number in range(3_000_000))
    async with open_s3_blob_store(bucket) as store:
        assert await store.put(KEY, written(tmp_path, content), PNG) == len(content)
        reader = await store.open(KEY, start=0, end=len(content))
        assert b"".join([chunk async for chunk in reader]) == content
        await reader.aclose()


class SmallPages(S3BlobStore):
    """Asks for two keys at a time, where the server would give a thousand."""

    async def _call(self, verb: str, **named: Any) -> Any:
        if verb == "list_objects_v2":
            named["MaxKeys"] = 2
        return await super()._call(verb, **named)


async def test_a_long_list_is_read_page_by_page_without_what_others_put_there(bucket: S3Bucket, tmp_path: Path) -> None:
    source = written(tmp_path, b"content")
    keys = [BlobKey(f"listed/aa/{number}.png") for number in range(5)]
    async with open_s3_blob_store(bucket) as store:
        for key in keys:
            await store.put(key, source, PNG)
        await store._fs._put_file(str(source), f"{bucket.name}/listed/READ ME")
        small = SmallPages(store._fs, bucket.name, patience=10)

        assert [blob.key async for blob in small.list("listed")] == keys


async def test_the_bucket_knows_the_type_that_we_found(bucket: S3Bucket, tmp_path: Path) -> None:
    async with open_s3_blob_store(bucket) as store:
        await store.put(KEY, written(tmp_path, b"content"), MediaType.WEBP)

        assert (await store._call("head_object", Key=KEY))["ContentType"] == "image/webp"


async def test_uploads_that_nobody_finished_are_aborted_when_they_are_old(bucket: S3Bucket) -> None:
    async with open_s3_blob_store(bucket) as store:
        await store._call("create_multipart_upload", Key=KEY)

        assert await store.tidy(older_than=timedelta(hours=1)) == 0
        assert await store.tidy(older_than=timedelta(hours=-1)) == 1
        assert await store.tidy(older_than=timedelta(hours=-1)) == 0
