from collections.abc import Sequence
from dataclasses import dataclass

from pixie.application.files.ports import BlobStore
from pixie.domain.files.blob_key import checked


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveBlobsCommand:
    keys: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveBlobs:
    """Removes the bytes of a file whose row is gone. Harmless to repeat."""

    blobs: BlobStore

    async def __call__(self, command: RemoveBlobsCommand) -> None:
        for key in command.keys:
            await self.blobs.delete(checked(key))
