from dataclasses import dataclass, field

from pixie.application.accounts.ports import PasswordHasher, UserStore, WelcomeGift
from pixie.application.accounts.views import UserSummary
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.ports import Clock, IdSource, Outbox, UnitOfWork
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.password import Password
from pixie.domain.accounts.user import PersonName, User
from pixie.domain.kernel.ids import UserId
from pixie.domain.kernel.locale import Locale
from pixie.domain.kernel.role import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUserCommand:
    actor: Actor
    email: str
    password: str = field(repr=False)
    name: str
    role: Role = Role.USER
    locale: Locale = Locale.ENGLISH


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """Open an account for somebody else, in any role.

    - Only admins may.
    - As with a registration, it begins with the welcome credits, and a welcome mail follows.
    """

    users: UserStore
    passwords: PasswordHasher
    gift: WelcomeGift
    outbox: Outbox
    uow: UnitOfWork
    ids: IdSource
    clock: Clock

    async def __call__(self, command: CreateUserCommand) -> UserSummary:
        if not command.actor.is_admin:
            raise NotAllowed("create users")
        email = EmailAddress(command.email)
        name = PersonName(command.name)
        password_hash = await self.passwords.hash(Password.chosen(command.password))

        user, registered = User.register(
            id=UserId(self.ids.new()),
            email=email,
            name=name,
            password_hash=password_hash,
            locale=command.locale,
            now=self.clock.now(),
            role=command.role,
        )
        await self.users.add(user)
        await self.gift.give(user.id)
        await self.outbox.add(registered)
        await self.uow.commit()
        return UserSummary.of(user)
