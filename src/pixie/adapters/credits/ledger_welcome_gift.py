from datetime import timedelta

from pixie.application.accounts.ports import WelcomeGift
from pixie.application.accounts.views import Credits
from pixie.application.credits.api import CreditGrants
from pixie.application.kernel.ports import Clock
from pixie.domain.credits.lot import Grant, LotSource
from pixie.domain.kernel.ids import UserId

CAUSE = "welcome"


class LedgerWelcomeGift(WelcomeGift):
    """`amount` credits, once for each person, good for `lifetime` or for ever."""

    def __init__(self, grants: CreditGrants, clock: Clock, *, amount: int, lifetime: timedelta | None) -> None:
        self._grants = grants
        self._clock = clock
        self._amount = amount
        self._lifetime = lifetime

    async def give(self, user_id: UserId) -> Credits:
        if not self._amount:
            balance = await self._grants.open(user_id)
        else:
            balance = (await self._grants.give(user_id, self._grant())).balance
        return Credits(available=balance.available, held=balance.held)

    def _grant(self) -> Grant:
        expires_at = self._clock.now() + self._lifetime if self._lifetime else None
        return Grant(amount=self._amount, source=LotSource.WELCOME, cause=CAUSE, expires_at=expires_at)
