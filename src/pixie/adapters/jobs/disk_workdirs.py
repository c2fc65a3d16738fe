import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pixie.application.jobs.ports import Workdirs
from pixie.domain.kernel.ids import JobId


class DiskWorkdirs(Workdirs):
    """Folders below the data folder's `tmp`; what a killed worker leaves there is swept with the rest."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @asynccontextmanager
    async def open(self, job_id: JobId) -> AsyncIterator[Path]:
        path = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=f"job-{job_id}-", dir=self._root))
        try:
            yield path
        finally:
            await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)
