from pixie.application.files.ports import BlobStore
from pixie.application.kernel.health import Dependency
from pixie.domain.files.blob_key import BlobKey

PROBE = BlobKey("uploads/00/probe")


class StorageDependency(Dependency):
    """Storage that answers, even if only that there is no such thing."""

    name = "storage"
    essential = False

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    async def check(self) -> None:
        await self._blobs.size(PROBE)
