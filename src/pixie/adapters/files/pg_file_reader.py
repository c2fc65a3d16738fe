from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from pixie.adapters.files.pg_file_store import SELECT
from pixie.adapters.files.rows import to_domain
from pixie.adapters.kernel.database import Row
from pixie.adapters.kernel.pg_unit_of_work import Reads
from pixie.application.files.file_filter import FileFilter
from pixie.application.files.file_link import FilePart
from pixie.application.files.ports import FileLinks, FileReader
from pixie.application.files.views import FileView
from pixie.application.kernel.page import Page, PageRequest, page_of
from pixie.domain.files.blob_key import BlobKey
from pixie.domain.files.errors import FileNotFound
from pixie.domain.files.stored_file import StoredFile
from pixie.domain.kernel.ids import FileId

_FIRST = UUID(int=0)
_LAST = UUID(int=2**128 - 1)
"""Bounds instead of no condition: with `IS NULL OR id < …` the deepest page would read all pages before it."""

_SHOWN = (
    "id, original_name, mime_type, file_size, width, height, is_temporary, expires_at, checksum_sha256, thumbnail_path,"
    " created_at"
)

PAGE = f"""
SELECT {_SHOWN} FROM files
WHERE user_id = $1
  AND id < $2
  AND (expires_at IS NULL OR expires_at > $3)
  AND ($4::text IS NULL OR mime_type = $4)
  AND ($5::text IS NULL OR position(lower($5) IN lower(original_name)) > 0)
  AND ($6::boolean IS NULL OR is_temporary = $6)
ORDER BY id DESC LIMIT $7
"""  # noqa: S608 - our own names
VIEWS = f"SELECT {_SHOWN} FROM files WHERE id = ANY($1::uuid[])"  # noqa: S608 - as above
KNOWN = "SELECT file_path FROM files WHERE file_path = ANY($1::text[])"
KEYS_AFTER = """
SELECT id, file_path, thumbnail_path FROM files WHERE id > $1 ORDER BY id LIMIT $2
"""


class PgFileReader(FileReader):
    def __init__(self, reads: Reads, links: FileLinks) -> None:
        self._reads = reads
        self._links = links

    async def get(self, file_id: FileId) -> StoredFile:
        row = await self._reads.fetchrow(SELECT, file_id)
        if row is None:
            raise FileNotFound
        return to_domain(row)

    async def page_for(self, wanted: FileFilter, request: PageRequest, now: datetime) -> Page[FileView]:
        rows = await self._reads.fetch(
            PAGE,
            wanted.owner,
            request.before or _LAST,
            now,
            None if wanted.mime_type is None else wanted.mime_type.value,
            wanted.q,
            wanted.temporary,
            request.limit + 1,
        )
        return page_of([self._view(row) for row in rows], request, lambda view: view.id)

    async def views(self, file_ids: Sequence[FileId]) -> Sequence[FileView]:
        rows = await self._reads.fetch(VIEWS, file_ids)
        views = {row["id"]: self._view(row) for row in rows}
        return [views[file_id] for file_id in file_ids if file_id in views]

    async def known(self, keys: Collection[BlobKey]) -> set[BlobKey]:
        rows = await self._reads.fetch(KNOWN, list(keys))
        return {BlobKey(row["file_path"]) for row in rows}

    async def keys_after(self, file_id: FileId | None, limit: int) -> Sequence[tuple[FileId, Sequence[BlobKey]]]:
        rows = await self._reads.fetch(KEYS_AFTER, file_id or _FIRST, limit)
        return [(row["id"], [key for key in (row["file_path"], row["thumbnail_path"]) if key]) for row in rows]

    def _view(self, row: Row) -> FileView:
        file_id: FileId = row["id"]
        return FileView(
            id=file_id,
            original_name=row["original_name"],
            mime_type=row["mime_type"],
            file_size=row["file_size"],
            width=row["width"],
            height=row["height"],
            is_temporary=row["is_temporary"],
            expires_at=row["expires_at"],
            checksum_sha256=row["checksum_sha256"],
            url=self._links.sign(file_id).url,
            thumbnail_url=self._links.sign(file_id, FilePart.THUMBNAIL).url if row["thumbnail_path"] else None,
            created_at=row["created_at"],
        )
