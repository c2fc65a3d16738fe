from dataclasses import dataclass

from pixie.application.credits.ports import CreditAccountStore
from pixie.application.credits.views import BalanceView
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.ports import Clock, IdempotencyKey, IdempotencyLog, IdSource, UnitOfWork
from pixie.domain.credits.lot import LotId
from pixie.domain.kernel.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustCreditsCommand:
    actor: Actor
    user_id: UserId
    amount: int
    note: str = ""
    idempotency: IdempotencyKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustCredits:
    """Put a balance right by hand.

    - Only admins may.
    - Up: a lot that never expires. Down: what would be spent first goes first, and never below zero.
    - What is held for work under way is not touched.
    """

    accounts: CreditAccountStore
    idempotency: IdempotencyLog
    clock: Clock
    ids: IdSource
    uow: UnitOfWork

    async def __call__(self, command: AdjustCreditsCommand) -> BalanceView:
        if not command.actor.is_admin:
            raise NotAllowed("adjust credits")
        await self.idempotency.claim(command.idempotency)
        account = await self.accounts.lock(command.user_id)
        lot, entries = account.adjust(
            command.amount, note=command.note, lot_id=LotId(self.ids.new()), now=self.clock.now()
        )
        await self.accounts.save(entries, lot=lot)
        view = BalanceView(available=account.available, held=account.held)
        await self.idempotency.record(command.idempotency, view)
        await self.uow.commit()
        return view
