from collections.abc import AsyncIterable, Iterable

from dishka import BaseScope, Provider, Scope, provide, provide_all

from pixie.adapters.files.disk_threads import DiskThreads
from pixie.adapters.files.hmac_file_links import HmacFileLinks
from pixie.adapters.files.local_blob_store import LocalBlobStore
from pixie.adapters.files.local_staging_area import LocalStagingArea
from pixie.adapters.files.pg_file_reader import PgFileReader
from pixie.adapters.files.pg_file_store import PgFileStore
from pixie.adapters.files.pillow_inspector import PillowInspector
from pixie.adapters.files.s3_bucket import S3Bucket
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.application.files.api import FilesApi
from pixie.application.files.delete_file import DeleteFile
from pixie.application.files.download_file import DownloadFile
from pixie.application.files.limits import FileLimits
from pixie.application.files.link_file import LinkFile
from pixie.application.files.list_files import ListFiles
from pixie.application.files.ports import BlobStore, FileLinks, FileReader, FileStore, MediaInspector, StagingArea
from pixie.application.files.receive_file import ReceiveFile
from pixie.application.files.reconcile_storage import ReconcileStorage
from pixie.application.files.remove_blobs import RemoveBlobs
from pixie.application.files.show_file import ShowFile
from pixie.application.files.sweep_expired_files import SweepExpiredFiles
from pixie.application.files.sweep_staging import SweepStaging
from pixie.application.files.take_in import TakeIn
from pixie.application.files.upload_file import UploadFile
from pixie.application.kernel.ports import Clock, Links
from pixie.entrypoints.actors.files import OnFileDeleted
from pixie.entrypoints.wiring.settings.tree import Settings, StorageSettings

_BLOBS = "files"
_STAGING = "tmp"


class FilesWiring(Provider):
    scope: BaseScope | None = Scope.REQUEST

    store = provide(PgFileStore, provides=FileStore)
    reader = provide(PgFileReader, provides=FileReader)

    uploading = provide_all(ReceiveFile, TakeIn, UploadFile)
    reading = provide_all(ShowFile, LinkFile, ListFiles, DownloadFile)
    removing = provide_all(DeleteFile, RemoveBlobs, OnFileDeleted)
    sweeping = provide_all(SweepExpiredFiles, SweepStaging, ReconcileStorage)
    api = provide(FilesApi)

    @provide(scope=Scope.APP)
    def limits(self, settings: Settings) -> FileLimits:
        return FileLimits(
            max_upload_bytes=settings.files.max_upload_bytes, temporary_lifetime=settings.files.temporary_lifetime
        )

    @provide(scope=Scope.APP)
    def disk_threads(self) -> Iterable[DiskThreads]:
        threads = DiskThreads()
        yield threads
        threads.close()

    @provide(scope=Scope.APP)
    def staging(self, settings: Settings, threads: DiskThreads) -> StagingArea:
        return LocalStagingArea(settings.data_dir / _STAGING, threads)

    @provide(scope=Scope.APP)
    async def blobs(self, settings: Settings, threads: DiskThreads) -> AsyncIterable[BlobStore]:
        match settings.storage.kind:
            case "local":
                yield LocalBlobStore(settings.data_dir / _BLOBS, threads)
            case "s3":
                from pixie.adapters.files.s3_blob_store import open_s3_blob_store  # noqa: PLC0415 - takes a second

                async with open_s3_blob_store(_bucket(settings.storage)) as store:
                    yield store

    @provide(scope=Scope.APP)
    def inspector(self, settings: Settings, pool: ComputePool) -> MediaInspector:
        return PillowInspector(pool, max_pixels=settings.files.max_pixels)

    @provide
    def links(self, settings: Settings, links: Links, clock: Clock) -> FileLinks:
        return HmacFileLinks(
            key=settings.keys.link.derive("file links"),
            links=links,
            clock=clock,
            lifetime=settings.files.link_lifetime,
        )


def _bucket(storage: StorageSettings) -> S3Bucket:
    return S3Bucket(
        name=storage.bucket or "",  # set with kind `s3`: the settings are checked
        region=storage.region,
        endpoint=storage.endpoint,
        access_key=None if storage.access_key is None else storage.access_key.reveal(),
        secret_key=None if storage.secret_key is None else storage.secret_key.reveal(),
    )
