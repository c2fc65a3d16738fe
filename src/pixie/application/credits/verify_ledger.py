from collections.abc import AsyncIterator
from dataclasses import dataclass

from pixie.application.credits.ports import LedgerAudit
from pixie.application.credits.views import DriftView
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyLedger:
    """Add up the whole ledger again and tell every place where it disagrees with itself; for admins.

    - A balance is the sum of its entries, and of its lots; nothing is negative.
    - A hold was taken as it says, and is settled once: captured or released, to the last credit.
    - A job that ended has its hold settled at the price that the job says; a running one has it open.
    """

    audit: LedgerAudit

    def __call__(self, actor: Actor) -> AsyncIterator[DriftView]:
        if not actor.is_admin:
            raise NotAllowed("verify the ledger")
        return self.audit.drifts()
