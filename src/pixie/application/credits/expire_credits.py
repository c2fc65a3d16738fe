from dataclasses import dataclass

from pixie.application.credits.ports import CreditAccountStore
from pixie.application.kernel.ports import Clock, UnitOfWork

BATCH = 100
"""Accounts in one transaction: some tens of milliseconds, for which their owners may have to wait."""

BATCHES = 100
"""In one run; the scheduler comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireCredits:
    """Take away what has run out.

    - Nobody could spend it anyway: every look at an account leaves out what has expired. This makes the ledger say so.
    - Accounts that are busy are left for the next run. It may run twice at once.
    """

    accounts: CreditAccountStore
    clock: Clock
    uow: UnitOfWork

    async def __call__(self) -> int:
        """How many lots were expired."""
        lots = 0
        for _ in range(BATCHES):
            expired = await self._batch()
            if not expired:
                break
            lots += expired
        return lots

    async def _batch(self) -> int:
        now = self.clock.now()
        accounts = await self.accounts.lock_expired(now, BATCH)
        entries = [entry for account in accounts for entry in account.expire(now)]
        await self.accounts.save(entries)
        await self.uow.commit()
        return len(entries)
