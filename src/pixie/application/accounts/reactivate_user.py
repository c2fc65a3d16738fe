from dataclasses import dataclass

from pixie.application.accounts.ports import UserStore
from pixie.application.accounts.views import UserSummary
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.ports import UnitOfWork
from pixie.domain.accounts.email_address import EmailAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateUserCommand:
    actor: Actor
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateUser:
    """Open a closed account again. Only admins may; its owner has to sign in anew."""

    users: UserStore
    uow: UnitOfWork

    async def __call__(self, command: ReactivateUserCommand) -> UserSummary:
        if not command.actor.is_admin:
            raise NotAllowed("reactivate users")
        user = await self.users.get_by_email(EmailAddress(command.email))
        user.reactivate()
        await self.users.save(user)
        await self.uow.commit()
        return UserSummary.of(user)
