from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pixie.adapters.files.disk_threads import DiskThreads
from pixie.adapters.files.local_blob_store import LocalBlobStore
from pixie.adapters.files.local_staging_area import LocalStagingArea
from pixie.adapters.files.s3_blob_store import open_s3_blob_store
from pixie.adapters.files.s3_bucket import S3Bucket
from pixie.application.files.ports import BlobStore, StagingArea
from tests.support.fakes.files import FakeBlobStore, FakeStagingArea
from tests.support.file_worlds import FakeFileWorld, FileWorld, PgFileWorld
from tests.support.s3_server import S3Server


@pytest.fixture
def threads() -> DiskThreads:
    return DiskThreads(2)


@pytest.fixture(params=["memory", "local", pytest.param("s3", marks=pytest.mark.infra)])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path, threads: DiskThreads) -> AsyncIterator[BlobStore]:
    match request.param:
        case "memory":
            yield FakeBlobStore()
        case "local":
            yield LocalBlobStore(tmp_path / "files", threads)
        case "s3":
            server: S3Server = request.getfixturevalue("s3_server")
            async with open_s3_blob_store(
                S3Bucket(
                    name=server.bucket,
                    region="eu-central-1",
                    endpoint=server.endpoint,
                    access_key=server.access_key,
                    secret_key=server.secret_key,
                )
            ) as store:
                yield store


@pytest.fixture(params=["memory", "local"])
def staging(request: pytest.FixtureRequest, tmp_path: Path, threads: DiskThreads) -> StagingArea:
    return FakeStagingArea() if request.param == "memory" else LocalStagingArea(tmp_path / "tmp", threads)


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.infra)])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[FileWorld]:
    if request.param == "memory":
        yield FakeFileWorld()
        return
    async with PgFileWorld.open(request.getfixturevalue("database_url")) as world:
        yield world
