from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pixie.application.files.ports import BlobStore, StagingArea

LEFTOVER_AGE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepStaging:
    """Removes what uploads and writers left behind that died on the way.

    - Only what nobody has touched for an hour: an upload under way is touched all the time.
    """

    staging: StagingArea
    blobs: BlobStore

    async def __call__(self) -> int:
        """Returns how many things went."""
        return await self.staging.sweep(older_than=LEFTOVER_AGE) + await self.blobs.tidy(older_than=LEFTOVER_AGE)
