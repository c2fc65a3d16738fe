from dataclasses import dataclass

from pixie.application.accounts.ports import SessionStore, UserStore
from pixie.application.accounts.views import UserSummary
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.ports import Clock, UnitOfWork
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.session import EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivateUserCommand:
    actor: Actor
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivateUser:
    """Close an account: nobody can sign in to it, and all its sessions end at once. Nothing is deleted.

    - Only admins may.
    """

    users: UserStore
    sessions: SessionStore
    uow: UnitOfWork
    clock: Clock

    async def __call__(self, command: DeactivateUserCommand) -> UserSummary:
        if not command.actor.is_admin:
            raise NotAllowed("deactivate users")
        user = await self.users.get_by_email(EmailAddress(command.email))
        user.deactivate()
        await self.users.save(user)
        await self.sessions.end_all(user.id, EndReason.DEACTIVATED, self.clock.now())
        await self.uow.commit()
        return UserSummary.of(user)
