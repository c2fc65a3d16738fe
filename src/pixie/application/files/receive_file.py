from collections.abc import AsyncIterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from pixie.application.files.limits import FileLimits
from pixie.application.files.ports import StagingArea
from pixie.application.files.staged_file import StagedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveFile:
    """Writes down the bytes of an upload while they come, for `UploadFile` to look at.

    - They are gone when the block ends, however it ends.
    - What is too large is refused as soon as that is known.
    """

    staging: StagingArea
    limits: FileLimits

    def __call__(self, chunks: AsyncIterable[bytes]) -> AbstractAsyncContextManager[StagedFile]:
        return self.staging.receive(chunks, max_bytes=self.limits.max_upload_bytes)

    @property
    def max_bytes(self) -> int:
        return self.limits.max_upload_bytes
