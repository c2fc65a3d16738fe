from collections.abc import AsyncIterator
from dataclasses import dataclass

from pixie.application.credits.ports import LedgerAudit
from pixie.application.credits.views import DriftView


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyLedger:
    """Add up the whole ledger again and tell every place where it disagrees with itself.

    - A balance is the sum of its entries, and of its lots; nothing is negative.
    - A hold was taken as it says, and is settled once: captured or released, to the last credit.
    - A job that ended has its hold settled at the price that the job says; a running one has it open.
    """

    audit: LedgerAudit

    def __call__(self) -> AsyncIterator[DriftView]:
        return self.audit.drifts()
