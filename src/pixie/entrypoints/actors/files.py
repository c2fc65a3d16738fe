from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from pixie.application.files.remove_blobs import RemoveBlobs, RemoveBlobsCommand
from pixie.domain.kernel.json import JsonObject
from pixie.entrypoints.actors.binding import LongSubscription


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFileDeleted:
    remove: RemoveBlobs

    async def __call__(self, payload: JsonObject) -> None:
        await self.remove(RemoveBlobsCommand(keys=cast("Sequence[str]", payload["keys"])))


SUBSCRIPTIONS = (LongSubscription(topic="files.file_deleted", name="files.remove_blobs", handler=OnFileDeleted),)
