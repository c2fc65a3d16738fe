import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from litestar import Request

from pixie.application.files.receive_file import ReceiveFile
from pixie.application.files.staged_file import StagedFile
from pixie.application.files.upload_file import UploadFileCommand
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.errors import InvalidRequest
from pixie.application.kernel.ports import IdempotencyKey
from pixie.entrypoints.http.files.form import FormPart, form_parts

_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(slots=True)
class UploadForm:
    """What an upload says, as far as it was read."""

    content: StagedFile | None = None
    name: str | None = None
    is_temporary: bool | None = None

    def fingerprint(self) -> bytes:
        """A hash that is the same for the same parts, wherever the boundaries lie."""
        checksum = self.content.checksum if self.content else None
        return hashlib.sha256(json.dumps([checksum, self.name, self.is_temporary]).encode()).digest()

    def to_command(self, caller: Caller, idempotency: IdempotencyKey | None) -> UploadFileCommand:
        if self.content is None:
            raise InvalidRequest("Send the file as the part `file`.", pointer="/file")
        if self.content.size == 0:
            raise InvalidRequest("This file is empty.", pointer="/file")
        return UploadFileCommand(
            caller=caller,
            content=self.content,
            name=self.name,
            is_temporary=bool(self.is_temporary),
            idempotency=idempotency,
        )


@asynccontextmanager
async def upload_form(request: Request[Any, Any, Any], receive: ReceiveFile) -> AsyncIterator[UploadForm]:
    """The bytes of the file lie on the disk as long as the block lasts."""
    form = UploadForm()
    async with AsyncExitStack() as stack:
        async for part in form_parts(request, max_bytes=receive.max_bytes):
            match part.name:
                case "file" if form.content is None:
                    form.name = part.filename
                    form.content = await stack.enter_async_context(receive(part.chunks()))
                case "is_temporary" if form.is_temporary is None:
                    form.is_temporary = await _truth(part)
                case "file" | "is_temporary":
                    raise InvalidRequest("This part may come only once.", pointer=part.pointer)
                case _:
                    raise InvalidRequest(
                        "There is no such part; the parts are `file` and `is_temporary`.", pointer=part.pointer
                    )
        yield form


async def _truth(part: FormPart) -> bool:
    said = _TRUTHS.get((await part.text()).strip().lower())
    if said is None:
        raise InvalidRequest("Say `true` or `false`.", pointer=part.pointer)
    return said
