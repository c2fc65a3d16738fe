from dataclasses import dataclass

from pixie.application.files.ports import FileLinks, FileReader
from pixie.application.files.showing import metadata_view, seen_by
from pixie.application.files.views import FileMetadataView
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Clock
from pixie.domain.kernel.ids import FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFileQuery:
    caller: Caller
    file_id: FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFile:
    """Everything that is known of a file.

    - For its owner and for admins.
    - Where a photo was taken is never told.
    """

    files: FileReader
    links: FileLinks
    clock: Clock

    async def __call__(self, query: ShowFileQuery) -> FileMetadataView:
        file = seen_by(query.caller, await self.files.get(query.file_id), self.clock.now())
        return metadata_view(file, self.links)
