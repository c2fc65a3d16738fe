from dataclasses import dataclass

from pixie.application.accounts.ports import UserStore
from pixie.application.accounts.views import UserSummary
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.ports import UnitOfWork
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.kernel.role import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRoleCommand:
    actor: Actor
    email: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRole:
    """Give somebody another role. Only admins may; it takes effect with that person's next request."""

    users: UserStore
    uow: UnitOfWork

    async def __call__(self, command: ChangeRoleCommand) -> UserSummary:
        if not command.actor.is_admin:
            raise NotAllowed("change roles")
        user = await self.users.get_by_email(EmailAddress(command.email))
        user.change_role(command.role)
        await self.users.save(user)
        await self.uow.commit()
        return UserSummary.of(user)
