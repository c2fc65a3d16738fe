from dataclasses import dataclass

from pixie.application.files.ports import FileStore
from pixie.application.files.showing import seen_by
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Clock, Outbox, UnitOfWork
from pixie.domain.kernel.ids import FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteFileCommand:
    caller: Caller
    file_id: FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteFile:
    """Removes a file for good.

    - For its owner and for admins.
    - It is gone at once; its bytes follow within moments.
    """

    files: FileStore
    outbox: Outbox
    clock: Clock
    uow: UnitOfWork

    async def __call__(self, command: DeleteFileCommand) -> None:
        file = seen_by(command.caller, await self.files.get(command.file_id), self.clock.now())
        await self.files.remove(file.id)
        await self.outbox.add(file.deleted())
        await self.uow.commit()
