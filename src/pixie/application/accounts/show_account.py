from dataclasses import dataclass

from pixie.application.accounts.ports import CreditSummary, UserReader
from pixie.application.accounts.views import UserView
from pixie.application.kernel.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAccount:
    """Your own account, with your credits: what is available, and what is held for running jobs."""

    users: UserReader
    credits: CreditSummary

    async def __call__(self, caller: Caller) -> UserView:
        user = await self.users.get(caller.user_id)
        return UserView.of(user, await self.credits.of(user.id))
