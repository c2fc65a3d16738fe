"""What credits need from outside themselves."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from pixie.application.credits.views import AccountView, BalanceView, DriftView
from pixie.domain.credits.account import CreditAccount
from pixie.domain.credits.ledger import Hold, LedgerEntry
from pixie.domain.credits.lot import Lot
from pixie.domain.kernel.ids import HoldId, UserId


class CreditAccountStore(Protocol):
    """Accounts with their open lots.

    A lock lasts until the unit of work ends, and everything of one account waits for it. Nothing here commits.
    """

    @abstractmethod
    async def lock(self, account_id: UserId) -> CreditAccount:
        """The account, opened empty when there is none yet."""

    @abstractmethod
    async def lock_hold(self, hold_id: HoldId) -> tuple[CreditAccount, Hold]:
        """A hold and the account it is in. Raises `HoldNotFound`."""

    @abstractmethod
    async def lock_expired(self, now: datetime, limit: int) -> list[CreditAccount]:
        """At most `limit` accounts with something to expire, without waiting for those that are locked elsewhere."""

    @abstractmethod
    async def knows_cause(self, account_id: UserId, cause: str) -> bool:
        """Whether this cause has granted before, in a locked account."""

    @abstractmethod
    async def save(self, entries: Sequence[LedgerEntry], *, lot: Lot | None = None, hold: Hold | None = None) -> None:
        """Write what a verb of a locked account made: its entries, the lot it opened, the hold it placed or settled.

        Balances and lots move by what the entries say, and by nothing else. Raises `HoldAlreadyPlaced` and
        `AlreadyGranted`, after either of which the unit of work is good for nothing more.
        """


class CreditReader(Protocol):
    @abstractmethod
    async def balance(self, user_id: UserId) -> BalanceView:
        """What is left right now; what has expired does not count, even before it was taken away."""

    @abstractmethod
    async def account(self, user_id: UserId, *, entries: int) -> AccountView:
        """The same with open lots, and that many of the latest entries."""


class LedgerAudit(Protocol):
    @abstractmethod
    def drifts(self) -> AsyncIterator[DriftView]:
        """Everything that does not add up. Each account is seen as of one moment, so work may go on meanwhile."""
