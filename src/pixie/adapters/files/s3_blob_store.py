"""Blobs in a bucket of Amazon S3, or of anything that speaks its protocol."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

import aiohttp
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]  # carries no types
from s3fs.core import S3FileSystem

from pixie.adapters.files.disk_threads import CHUNK
from pixie.adapters.files.s3_bucket import S3Bucket
from pixie.application.files.blob_reader import BlobReader
from pixie.application.files.ports import Blob, BlobStore
from pixie.domain.files.blob_key import BlobKey, checked, is_key
from pixie.domain.files.errors import FileNotFound, StorageUnavailable
from pixie.domain.files.media import MediaType

_PART: Final = 5 * 1024 * 1024
"""The smallest part S3 allows; a blob under two of them goes in one request."""

_SLOWEST: Final = 500_000
"""Bytes a second; a line slower than that counts as broken."""


class S3BlobStore(BlobStore):
    """Retries are the client's: each request is tried twice before it counts as failed."""

    def __init__(self, fs: S3FileSystem, bucket: str, *, patience: float) -> None:
        self._fs: Any = fs  # it carries no types
        self._bucket = bucket
        self._patience = patience

    async def put(self, key: BlobKey, source: Path, media_type: MediaType) -> int:
        """The client has no time limit of its own for a server that stops listening."""
        status = await asyncio.to_thread(source.stat)
        with _translated():
            async with asyncio.timeout(self._patience + status.st_size / _SLOWEST):
                await self._fs._put_file(  # noqa: SLF001 - how fsspec names its coroutines
                    str(source),
                    f"{self._bucket}/{checked(key)}",
                    chunksize=_PART,
                    max_concurrency=2,
                    ContentType=media_type.value,
                )
        size = await self.size(key)
        if size is None:
            raise StorageUnavailable
        return size

    async def open(self, key: BlobKey, *, start: int, end: int) -> BlobReader:
        answer = await self._call("get_object", Key=checked(key), Range=f"bytes={start}-{end - 1}")
        reader = _S3Reader(answer["Body"], end - start)
        if answer["ContentLength"] != end - start:
            await reader.aclose()
            raise StorageUnavailable
        return reader

    async def size(self, key: BlobKey) -> int | None:
        try:
            answer = await self._call("head_object", Key=checked(key))
        except FileNotFound:
            return None
        return int(answer["ContentLength"])

    async def delete(self, key: BlobKey) -> None:
        try:
            await self._call("delete_object", Key=checked(key))
        except FileNotFound:
            return

    async def list(self, root: str) -> AsyncIterator[Blob]:
        more: dict[str, str] = {}
        while True:
            page = await self._call("list_objects_v2", Prefix=f"{root}/", **more)
            for found in page.get("Contents", ()):
                if is_key(found["Key"]):
                    yield Blob(key=BlobKey(found["Key"]), changed_at=found["LastModified"])
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    async def tidy(self, *, older_than: timedelta) -> int:
        """Abort uploads in parts that nobody finished."""
        page = await self._call("list_multipart_uploads")
        limit = parsedate_to_datetime(page["ResponseMetadata"]["HTTPHeaders"]["date"]) - older_than
        old = [upload for upload in page.get("Uploads", ()) if upload["Initiated"] < limit]
        for upload in old:
            await self._call("abort_multipart_upload", Key=upload["Key"], UploadId=upload["UploadId"])
        return len(old)

    async def _call(self, verb: str, **named: str) -> Any:  # noqa: ANN401 - another dict for each verb
        with _translated():
            return await self._fs._call_s3(verb, Bucket=self._bucket, **named)  # noqa: SLF001 - as above


class _S3Reader(BlobReader):
    def __init__(self, body: Any, length: int) -> None:  # noqa: ANN401 - botocore's streaming body, without types
        self._body = body
        self._left = length

    async def __anext__(self) -> bytes:
        if self._left == 0:
            raise StopAsyncIteration
        with _translated():
            chunk: bytes = await self._body.read(min(CHUNK, self._left))
        if not chunk:
            raise StorageUnavailable
        self._left -= len(chunk)
        return chunk

    async def aclose(self) -> None:
        self._body.close()


@asynccontextmanager
async def open_s3_blob_store(bucket: S3Bucket) -> AsyncIterator[S3BlobStore]:
    """On the running loop, with connections that are kept until the block ends."""
    fs: Any = S3FileSystem(
        key=bucket.access_key,
        secret=bucket.secret_key,
        endpoint_url=bucket.endpoint,
        client_kwargs={"region_name": bucket.region},
        config_kwargs={
            "signature_version": "s3v4",
            "connect_timeout": bucket.connect_timeout,
            "read_timeout": bucket.read_timeout,
            "max_pool_connections": 50,
            "retries": {"mode": "standard", "total_max_attempts": 2},
        },
        asynchronous=True,
        skip_instance_cache=True,
        use_listings_cache=False,
    )
    fs.retries = 1  # not again on top of the client's own
    client = await fs.set_session()
    try:
        yield S3BlobStore(fs, bucket.name, patience=3 * bucket.read_timeout)
    finally:
        await client.close()


@contextmanager
def _translated() -> Iterator[None]:
    """s3fs turns the server's answers into OSErrors, with the original as their cause, and lets all else through."""
    try:
        yield
    except FileNotFoundError as error:
        if isinstance(error.__cause__, ClientError) and error.__cause__.response["Error"]["Code"] == "NoSuchBucket":
            raise StorageUnavailable from error
        raise FileNotFound from error
    except (OSError, BotoCoreError, ClientError, aiohttp.ClientError) as error:
        raise StorageUnavailable from error
