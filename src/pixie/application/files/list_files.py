from dataclasses import dataclass

from pixie.application.files.file_filter import FileFilter
from pixie.application.files.ports import FileReader
from pixie.application.files.views import FileView
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.page import Page, PageRequest
from pixie.application.kernel.ports import Clock
from pixie.domain.files.errors import FilesNotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilesQuery:
    caller: Caller
    wanted: FileFilter
    page: PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFiles:
    """Somebody's files, newest first.

    - One's own, or for an admin anybody's.
    - Filters: the type, a part of the name, temporary ones or only the others.
    """

    files: FileReader
    clock: Clock

    async def __call__(self, query: ListFilesQuery) -> Page[FileView]:
        if not query.caller.may_see(query.wanted.owner):
            raise FilesNotFound
        return await self.files.page_for(query.wanted, query.page, self.clock.now())
