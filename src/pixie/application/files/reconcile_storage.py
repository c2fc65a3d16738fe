import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from pixie.application.files.ports import Blob, BlobStore, FileReader
from pixie.application.kernel.ports import Clock
from pixie.domain.files.blob_key import ROOTS, BlobKey, file_key_of
from pixie.domain.files.errors import FileNotFound
from pixie.domain.kernel.ids import FileId

log = logging.getLogger(__name__)

ORPHAN_AGE: Final = timedelta(days=1)
BATCH: Final = 500
AT_ONCE: Final = 16
MAX_REPORTED: Final = 100


@dataclass(slots=True, kw_only=True)
class ReconcileReport:
    """`without_blob` names the first hundred; `files_without_blob` counts them all."""

    blobs_seen: int = 0
    orphans_removed: int = 0
    files_seen: int = 0
    files_without_blob: int = 0
    without_blob: list[FileId] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileStorage:
    """Compares blobs with rows, once a day.

    - A blob that no file knows is an orphan, and goes when it is older than a day: a younger one may yet get its row.
    - A file without its blob is reported, never removed: somebody must find out what became of the bytes.
    """

    files: FileReader
    blobs: BlobStore
    clock: Clock

    async def __call__(self) -> ReconcileReport:
        report = ReconcileReport()
        before = self.clock.now() - ORPHAN_AGE
        for root in ROOTS:
            batch: list[Blob] = []
            async for blob in self.blobs.list(root):
                batch.append(blob)
                if len(batch) == BATCH:
                    await self._remove_orphans(batch, before, report)
                    batch.clear()
            await self._remove_orphans(batch, before, report)
        await self._look_for_blobs(report)
        if report.files_without_blob:
            log.error("%d files have lost their bytes, e.g. %s", report.files_without_blob, report.without_blob[0])
        log.info("%d of %d blobs were orphans and are removed", report.orphans_removed, report.blobs_seen)
        return report

    async def _remove_orphans(self, blobs: Sequence[Blob], before: datetime, report: ReconcileReport) -> None:
        report.blobs_seen += len(blobs)
        old = [blob.key for blob in blobs if blob.changed_at < before]
        known = await self.files.known({file_key_of(key) for key in old}) if old else set()
        orphans = [key for key in old if file_key_of(key) not in known]
        for key in orphans:
            await self.blobs.delete(key)
        report.orphans_removed += len(orphans)

    async def _look_for_blobs(self, report: ReconcileReport) -> None:
        last: FileId | None = None
        while rows := await self.files.keys_after(last, BATCH):
            last = rows[-1][0]
            report.files_seen += len(rows)
            for start in range(0, len(rows), AT_ONCE):
                some = rows[start : start + AT_ONCE]
                complete = await asyncio.gather(*(self._complete(keys) for _, keys in some))
                lost = [file_id for (file_id, _), there in zip(some, complete, strict=True) if not there]
                await self._report(lost, report)

    async def _complete(self, keys: Sequence[BlobKey]) -> bool:
        return all([await self.blobs.size(key) is not None for key in keys])

    async def _report(self, lost: Sequence[FileId], report: ReconcileReport) -> None:
        for file_id in lost:
            try:
                await self.files.get(file_id)
            except FileNotFound:  # deleted since its keys were read
                continue
            report.files_without_blob += 1
            if len(report.without_blob) < MAX_REPORTED:
                report.without_blob.append(file_id)
