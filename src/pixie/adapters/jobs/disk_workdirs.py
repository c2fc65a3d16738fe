import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from pixie.adapters.kernel.leftovers import remove_leftovers
from pixie.application.jobs.ports import Workdirs
from pixie.domain.kernel.ids import JobId

PREFIX = "job-"


class DiskWorkdirs(Workdirs):
    """Folders below the data folder's `tmp`; what a killed worker leaves there is swept with the rest."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @asynccontextmanager
    async def open(self, job_id: JobId) -> AsyncIterator[Path]:
        path = await asyncio.to_thread(self._make, job_id)
        try:
            yield path
        finally:
            await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)

    def _make(self, job_id: JobId) -> Path:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)  # a fresh machine has none, beside a bucket
        return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{job_id}-", dir=self._root))

    async def sweep(self, *, older_than: timedelta) -> int:
        return await asyncio.to_thread(remove_leftovers, self._root, PREFIX, older_than=older_than)
