from dataclasses import dataclass, field

from pixie.application.accounts.open_session import OpenSession
from pixie.application.accounts.ports import PasswordHasher, UserStore, WelcomeGift
from pixie.application.accounts.views import SignedIn, UserView
from pixie.application.kernel.ports import Clock, IdempotencyKey, IdempotencyLog, IdSource, Outbox, UnitOfWork
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.password import Password
from pixie.domain.accounts.session import Device
from pixie.domain.accounts.user import PersonName, User
from pixie.domain.kernel.ids import UserId
from pixie.domain.kernel.locale import Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCommand:
    email: str
    password: str = field(repr=False)
    name: str
    locale: Locale
    device: Device
    idempotency: IdempotencyKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Open an account and sign in.

    - E-mail addresses are compared without case; an address has one account at most.
    - A password has 8 to 256 characters, any characters.
    - The account begins with 100 credits, and a welcome mail follows.
    """

    users: UserStore
    open_session: OpenSession
    passwords: PasswordHasher
    gift: WelcomeGift
    outbox: Outbox
    idempotency: IdempotencyLog
    uow: UnitOfWork
    ids: IdSource
    clock: Clock

    async def __call__(self, command: RegisterCommand) -> SignedIn:
        email = EmailAddress(command.email)
        name = PersonName(command.name)
        password = Password.chosen(command.password)
        password_hash = await self.passwords.hash(password)  # slow, and so before the transaction begins

        await self.idempotency.claim(command.idempotency)
        now = self.clock.now()
        user, registered = User.register(
            id=UserId(self.ids.new()),
            email=email,
            name=name,
            password_hash=password_hash,
            locale=command.locale,
            now=now,
        )
        user.sign_in(proven_hash=password_hash, now=now)
        await self.users.add(user)
        balance = await self.gift.give(user.id)
        tokens = await self.open_session(user.id, command.device)
        await self.outbox.add(registered)

        answer = SignedIn.of(UserView.of(user, balance), tokens)
        await self.idempotency.record(command.idempotency, answer)
        await self.uow.commit()
        return answer
