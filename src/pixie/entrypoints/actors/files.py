from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from dishka import AsyncContainer

from pixie.application.files.remove_blobs import RemoveBlobs, RemoveBlobsCommand
from pixie.application.kernel.ports import Inbox, UnitOfWork
from pixie.domain.kernel.json import JsonObject
from pixie.entrypoints.actors.binding import ActorSpec, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFileDeleted:
    remove: RemoveBlobs

    async def __call__(self, payload: JsonObject) -> None:
        await self.remove(RemoveBlobsCommand(keys=cast("Sequence[str]", payload["keys"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class LongSubscription(Subscription):
    """For a handler that waits for others: no transaction is open meanwhile. The row goes when the work is done, so the
    work may be done twice; the handler commits nothing.
    """

    @property
    def spec(self) -> ActorSpec:
        async def work(scope: AsyncContainer, row_id: UUID) -> None:
            inbox = await scope.get(Inbox)
            uow = await scope.get(UnitOfWork)
            payload = await inbox.take(row_id)
            await uow.rollback()
            if payload is not None:
                await (await scope.get(self.handler))(payload)
                await inbox.take(row_id)
                await uow.commit()

        return ActorSpec(name=self.name, queues=("default",), work=work)


SUBSCRIPTIONS = (LongSubscription(topic="files.file_deleted", name="files.remove_blobs", handler=OnFileDeleted),)
