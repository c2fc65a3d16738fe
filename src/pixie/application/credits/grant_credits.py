from dataclasses import dataclass

from pixie.application.credits.api import CreditGrants
from pixie.application.credits.views import GrantedView
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.ports import UnitOfWork
from pixie.domain.credits.lot import Grant
from pixie.domain.kernel.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantCreditsCommand:
    actor: Actor
    user_id: UserId
    grant: Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantCredits:
    """Give a person credits.

    - Only admins may.
    - One cause gives once: a second time nothing moves, and the answer says so.
    - Credits with an expiry are spent before those without, soonest first.
    """

    grants: CreditGrants
    uow: UnitOfWork

    async def __call__(self, command: GrantCreditsCommand) -> GrantedView:
        if not command.actor.is_admin:
            raise NotAllowed("grant credits")
        granted = await self.grants.give(command.user_id, command.grant)
        await self.uow.commit()
        return granted
