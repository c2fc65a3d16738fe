from dataclasses import dataclass

from pixie.application.files.limits import FileLimits
from pixie.application.files.ports import FileLinks, FileStore
from pixie.application.files.showing import file_view
from pixie.application.files.staged_file import StagedFile
from pixie.application.files.take_in import Arrival, TakeIn
from pixie.application.files.views import FileView
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import IdempotencyKey, IdempotencyLog, UnitOfWork
from pixie.domain.files.blob_key import upload_key


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFileCommand:
    caller: Caller
    content: StagedFile
    name: str | None
    is_temporary: bool = False
    idempotency: IdempotencyKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFile:
    """Keeps a picture.

    - Its type is decided by its content, never by its name or a header: JPEG, PNG, WebP, AVIF or GIF.
    - All of it is decoded before anything is kept, within limits of bytes and pixels.
    - A temporary file goes by itself after a day.
    """

    take_in: TakeIn
    files: FileStore
    links: FileLinks
    limits: FileLimits
    idempotency: IdempotencyLog
    uow: UnitOfWork

    async def __call__(self, command: UploadFileCommand) -> FileView:
        await self._answer_replays(command.idempotency)
        file = await self.take_in(
            command.content,
            Arrival(
                owner=command.caller.user_id,
                name=command.name,
                key=upload_key,
                lifetime=self.limits.temporary_lifetime if command.is_temporary else None,
            ),
        )
        await self.idempotency.claim(command.idempotency)
        await self.files.add(file)
        view = file_view(file, self.links)
        await self.idempotency.record(command.idempotency, view)
        await self.uow.commit()
        return view

    async def _answer_replays(self, key: IdempotencyKey | None) -> None:
        """Before the work, and without holding a transaction through it: the claim that counts follows."""
        await self.idempotency.claim(key)
        await self.uow.rollback()
