"""What other modules may do with credits. All of it happens in the caller's unit of work; nothing here commits.

An account is locked from the first verb to the end of that unit of work: call late, commit soon. Whoever locks rows of
their own for the same work does so first.
"""

from dataclasses import dataclass

from pixie.application.credits.ports import CreditAccountStore, CreditReader
from pixie.application.credits.views import BalanceView, GrantedView
from pixie.application.kernel.ports import Clock, IdSource
from pixie.domain.credits.lot import Grant, LotId
from pixie.domain.kernel.ids import HoldId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditHolds:
    """Credits set aside for a piece of work whose price is known at its end. The work's id is the hold's id."""

    accounts: CreditAccountStore
    reader: CreditReader
    clock: Clock

    async def place(self, hold_id: HoldId, user_id: UserId, amount: int) -> None:
        """Raises `InsufficientCredits` and, for an id that was used before, `HoldAlreadyPlaced`."""
        account = await self.accounts.lock(user_id)
        hold, entries = account.hold(hold_id, amount, self.clock.now())
        await self.accounts.save(entries, hold=hold)

    async def capture(self, hold_id: HoldId, amount: int) -> None:
        """Spend this much of a hold and return the rest. A second time changes nothing.

        Raises `HoldNotFound`, `HoldAlreadySettled` when it ended otherwise before, and `InvalidCreditAmount` for more
        than is held.
        """
        account, hold = await self.accounts.lock_hold(hold_id)
        entries = account.capture(hold, amount, self.clock.now())
        await self.accounts.save(entries, hold=hold)

    async def release(self, hold_id: HoldId) -> None:
        """Return all of a hold. Raises as `capture` does."""
        account, hold = await self.accounts.lock_hold(hold_id)
        entries = account.release(hold, self.clock.now())
        await self.accounts.save(entries, hold=hold)

    async def balance(self, user_id: UserId) -> BalanceView:
        """What could be held right now; only `place` can promise it."""
        return await self.reader.balance(user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditGrants:
    """Credits given for a cause: a welcome, a month of a plan, a purchase."""

    accounts: CreditAccountStore
    clock: Clock
    ids: IdSource

    async def give(self, user_id: UserId, grant: Grant) -> GrantedView:
        """Give credits, once for each cause."""
        account = await self.accounts.lock(user_id)
        now = self.clock.now()
        new = not await self.accounts.knows_cause(user_id, grant.cause)
        if new:
            lot, entries = account.grant(grant, lot_id=LotId(self.ids.new()), now=now)
            await self.accounts.save(entries, lot=lot)
        balance = BalanceView(available=account.spendable(now), held=account.held)
        return GrantedView(user_id=user_id, granted=new, balance=balance)

    async def open(self, user_id: UserId) -> BalanceView:
        """See to it that this person has an account, with nothing in it if it is new."""
        account = await self.accounts.lock(user_id)
        return BalanceView(available=account.spendable(self.clock.now()), held=account.held)
