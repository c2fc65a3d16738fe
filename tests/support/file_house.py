"""The files module, assembled in memory."""

from dataclasses import dataclass, field

from pixie.application.files.api import FilesApi
from pixie.application.files.delete_file import DeleteFile
from pixie.application.files.download_file import DownloadFile
from pixie.application.files.limits import FileLimits
from pixie.application.files.link_file import LinkFile
from pixie.application.files.list_files import ListFiles
from pixie.application.files.receive_file import ReceiveFile
from pixie.application.files.reconcile_storage import ReconcileStorage
from pixie.application.files.show_file import ShowFile
from pixie.application.files.sweep_expired_files import SweepExpiredFiles
from pixie.application.files.take_in import TakeIn
from pixie.application.files.upload_file import UploadFile
from pixie.domain.files.stored_file import StoredFile
from tests.support.fakes.files import (
    FakeBlobStore,
    FakeFileLinks,
    FakeFileReader,
    FakeFileStore,
    FakeInspector,
    FakeShelf,
    FakeStagingArea,
)
from tests.support.fakes.kernel import FakeClock, FakeIdempotencyLog, FakeIds, FakeOutbox, FakeUnitOfWork


@dataclass
class FileHouse:
    clock: FakeClock = field(default_factory=FakeClock)
    ids: FakeIds = field(default_factory=FakeIds)
    uow: FakeUnitOfWork = field(default_factory=FakeUnitOfWork)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    idempotency: FakeIdempotencyLog = field(default_factory=FakeIdempotencyLog)
    shelf: FakeShelf = field(default_factory=FakeShelf)
    blobs: FakeBlobStore = field(default_factory=FakeBlobStore)
    staging: FakeStagingArea = field(default_factory=FakeStagingArea)
    inspector: FakeInspector = field(default_factory=FakeInspector)
    limits: FileLimits = field(default_factory=FileLimits)

    @property
    def links(self) -> FakeFileLinks:
        return FakeFileLinks(self.clock)

    @property
    def store(self) -> FakeFileStore:
        return FakeFileStore(self.shelf)

    @property
    def reader(self) -> FakeFileReader:
        return FakeFileReader(self.shelf, self.links)

    @property
    def take_in(self) -> TakeIn:
        return TakeIn(inspector=self.inspector, blobs=self.blobs, ids=self.ids, clock=self.clock)

    @property
    def receive(self) -> ReceiveFile:
        return ReceiveFile(staging=self.staging, limits=self.limits)

    @property
    def upload(self) -> UploadFile:
        return UploadFile(
            take_in=self.take_in,
            files=self.store,
            links=self.links,
            limits=self.limits,
            idempotency=self.idempotency,
            uow=self.uow,
        )

    @property
    def download(self) -> DownloadFile:
        return DownloadFile(files=self.reader, blobs=self.blobs, links=self.links, clock=self.clock)

    @property
    def show(self) -> ShowFile:
        return ShowFile(files=self.reader, links=self.links, clock=self.clock)

    @property
    def link(self) -> LinkFile:
        return LinkFile(files=self.reader, links=self.links, clock=self.clock)

    @property
    def list_files(self) -> ListFiles:
        return ListFiles(files=self.reader, clock=self.clock)

    @property
    def delete(self) -> DeleteFile:
        return DeleteFile(files=self.store, outbox=self.outbox, clock=self.clock, uow=self.uow)

    @property
    def sweep_expired(self) -> SweepExpiredFiles:
        return SweepExpiredFiles(files=self.store, outbox=self.outbox, clock=self.clock, uow=self.uow)

    @property
    def reconcile(self) -> ReconcileStorage:
        return ReconcileStorage(files=self.reader, blobs=self.blobs, clock=self.clock)

    @property
    def api(self) -> FilesApi:
        return FilesApi(
            files=self.store,
            reader=self.reader,
            blobs=self.blobs,
            staging=self.staging,
            take_in=self.take_in,
            limits=self.limits,
            clock=self.clock,
        )

    def keep(self, *files: StoredFile) -> None:
        """Rows with their blobs, each as long as its row says."""
        for file in files:
            self.shelf.rows[file.id] = file
            self.put(file.key, bytes(file.size))
            if file.thumbnail is not None:
                self.put(file.thumbnail.key, bytes(file.thumbnail.size))

    def put(self, key: str, content: bytes) -> None:
        self.blobs.blobs[key] = content
        self.blobs.changed[key] = self.clock.now()
