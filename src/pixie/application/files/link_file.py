from dataclasses import dataclass

from pixie.application.files.ports import FileLinks, FileReader
from pixie.application.files.showing import seen_by
from pixie.application.files.views import FileLinkView
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Clock
from pixie.domain.kernel.ids import FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFileQuery:
    caller: Caller
    file_id: FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFile:
    """A signed link to a file: whoever has it may read the file until it expires, without signing in.

    - For its owner and for admins.
    - Asked again soon, it is the same link, so that browsers and proxies can cache what it leads to.
    """

    files: FileReader
    links: FileLinks
    clock: Clock

    async def __call__(self, query: LinkFileQuery) -> FileLinkView:
        file = seen_by(query.caller, await self.files.get(query.file_id), self.clock.now())
        link = self.links.sign(file.id)
        return FileLinkView(url=link.url, expires_at=link.expires_at)
