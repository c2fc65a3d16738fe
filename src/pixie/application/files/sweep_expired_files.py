from dataclasses import dataclass
from typing import Final

from pixie.application.files.ports import FileStore
from pixie.application.kernel.ports import Clock, Outbox, UnitOfWork

BATCH: Final = 100
MAX_BATCHES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepExpiredFiles:
    """Removes temporary files whose time is over.

    - In small batches, each with its own commit; what is left over after the last one waits for the next sweep.
    - Two sweeps at once share the work.
    """

    files: FileStore
    outbox: Outbox
    clock: Clock
    uow: UnitOfWork

    async def __call__(self) -> int:
        """Returns how many files went."""
        total = 0
        for _ in range(MAX_BATCHES):
            removed = await self.files.remove_expired(self.clock.now(), BATCH)
            for file in removed:
                await self.outbox.add(file.deleted())
            await self.uow.commit()
            total += len(removed)
            if len(removed) < BATCH:
                break
        return total
