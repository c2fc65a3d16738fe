"""What other modules may ask of files, in the scope and the unit of work of the caller."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from pathlib import Path

from pixie.application.files.limits import FileLimits
from pixie.application.files.ports import BlobStore, FileReader, FileStore, StagingArea
from pixie.application.files.showing import seen_by
from pixie.application.files.take_in import Arrival, TakeIn
from pixie.application.files.views import FileView
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Clock
from pixie.domain.files import file_name
from pixie.domain.files.blob_key import BlobKey, output_key
from pixie.domain.files.errors import StorageUnavailable
from pixie.domain.files.media import PICTURES, VIDEOS, MediaType
from pixie.domain.files.stored_file import StoredFile
from pixie.domain.kernel.ids import FileId, JobId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What somebody who works with a file needs to know of it. `size` is in bytes."""

    id: FileId
    media_type: str
    width: int
    height: int
    size: int

    @property
    def is_picture(self) -> bool:
        return MediaType(self.media_type).is_picture


class Making(Enum):
    """What a job was to make. Its output is taken as nothing else."""

    PICTURE = PICTURES
    VIDEO = VIDEOS


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutput:
    """What a job made: nothing in it is trusted, not even that it is a `making`.

    `fence` is the number of the claim under which it was made, `index` counts a claim's outputs; `name` is what to call
    the file.
    """

    job_id: JobId
    fence: int
    index: int
    owner: UserId
    path: Path
    name: str
    making: Making = Making.PICTURE


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedOutput:
    """An output that was found sound, and whose bytes are kept. Nobody sees it before it is adopted."""

    file: StoredFile

    @property
    def facts(self) -> FileFacts:
        return _facts(self.file)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesApi:
    files: FileStore
    reader: FileReader
    blobs: BlobStore
    staging: StagingArea
    take_in: TakeIn
    limits: FileLimits
    clock: Clock

    async def readable(self, file_id: FileId, caller: Caller) -> FileFacts:
        """Raises `FileNotFound` when the caller may not see the file, or its time is over."""
        return _facts(seen_by(caller, await self.reader.get(file_id), self.clock.now()))

    async def fetch(self, file_id: FileId, to: Path) -> FileFacts:
        """Write the bytes to a local path, and make sure that they are the right ones.

        Raises `FileNotFound` and `StorageUnavailable`. Call it outside of a unit of work. Whether the file may be read
        was asked before.
        """
        file = await self.reader.get(file_id)
        blob = await self.blobs.open(file.key, start=0, end=file.size)
        try:
            checksum = await self.staging.write(blob, to)
        finally:
            await blob.aclose()
        if checksum != file.checksum:
            raise StorageUnavailable
        return _facts(file)

    async def store_output(self, output: JobOutput) -> StagedOutput:
        """Inspect an output and keep its bytes; no row yet. Repeated under the same claim, it overwrites what it left.

        Raises what `MediaInspector.inspect` raises, `FileTooLarge` and `StorageUnavailable`. Call it outside of a unit
        of work.
        """
        async with self.staging.stage(output.path, max_bytes=self.limits.max_output_bytes) as staged:
            file = await self.take_in(
                staged,
                Arrival(
                    owner=output.owner,
                    name=output.name,
                    key=partial(_output_key, output),
                    taken=output.making.value,
                    job_id=output.job_id,
                ),
            )
        return StagedOutput(file=replace(file, name=file_name.safe_to_save(file.name, file.inspection.media_type)))

    async def adopt(self, outputs: Sequence[StagedOutput]) -> list[FileId]:
        """Add the rows, in the caller's unit of work; the caller commits."""
        for output in outputs:
            await self.files.add(output.file)
        return [output.file.id for output in outputs]

    async def views(self, file_ids: Sequence[FileId]) -> Sequence[FileView]:
        """In the order asked for, without those that were deleted. Whose they are the caller knows."""
        return await self.reader.views(file_ids)


def _output_key(output: JobOutput, _: FileId, media_type: MediaType) -> BlobKey:
    return output_key(output.job_id, output.fence, output.index, media_type)


def _facts(file: StoredFile) -> FileFacts:
    return FileFacts(
        id=file.id,
        media_type=file.inspection.media_type.value,
        width=file.inspection.width,
        height=file.inspection.height,
        size=file.size,
    )
