from collections.abc import Sequence
from datetime import datetime

from pixie.adapters.files.rows import COLUMNS, to_domain, to_row
from pixie.adapters.kernel.database import affected
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.files.ports import FileStore
from pixie.domain.files.errors import FileNotFound
from pixie.domain.files.stored_file import StoredFile
from pixie.domain.kernel.ids import FileId

_PLACES = ", ".join(f"${place}" for place in range(1, COLUMNS.count(",") + 2))

INSERT = f"INSERT INTO files ({COLUMNS}) VALUES ({_PLACES})"  # noqa: S608 - our own names
SELECT = f"SELECT {COLUMNS} FROM files WHERE id = $1"  # noqa: S608 - as above
REMOVE_EXPIRED = f"""
DELETE FROM files WHERE id = ANY(ARRAY(
    SELECT id FROM files WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
)) RETURNING {COLUMNS}
"""  # noqa: S608 - as above


class PgFileStore(FileStore):
    def __init__(self, uow: PgUnitOfWork) -> None:
        self._uow = uow

    async def add(self, file: StoredFile) -> None:
        await self._uow.execute(INSERT, *to_row(file))

    async def get(self, file_id: FileId) -> StoredFile:
        row = await self._uow.fetchrow(SELECT, file_id)
        if row is None:
            raise FileNotFound
        return to_domain(row)

    async def remove(self, file_id: FileId) -> None:
        if not affected(await self._uow.execute("DELETE FROM files WHERE id = $1", file_id)):
            raise FileNotFound

    async def remove_expired(self, now: datetime, limit: int) -> Sequence[StoredFile]:
        return [to_domain(row) for row in await self._uow.fetch(REMOVE_EXPIRED, now, limit)]
