from dataclasses import dataclass

from pixie.application.credits.ports import CreditReader
from pixie.application.credits.views import AccountView
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.domain.kernel.ids import UserId

LATEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCredits:
    """A balance, the lots that it consists of and the latest entries. One's own, or anybody's for an admin."""

    reader: CreditReader

    async def __call__(self, actor: Actor, user_id: UserId, *, entries: int = LATEST) -> AccountView:
        if not actor.may_see(user_id):
            raise NotAllowed("see the credits of others")
        return await self.reader.account(user_id, entries=entries)
