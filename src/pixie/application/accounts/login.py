from dataclasses import dataclass, field

from pixie.application.accounts.open_session import OpenSession
from pixie.application.accounts.ports import CreditSummary, PasswordHasher, UserReader, UserStore, Verdict
from pixie.application.accounts.views import SignedIn, UserView
from pixie.application.kernel.ports import Clock, UnitOfWork
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.errors import InvalidCredentials, TooBusy
from pixie.domain.accounts.password import Password
from pixie.domain.accounts.session import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginCommand:
    email: str
    password: str = field(repr=False)
    device: Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Sign in with e-mail address and password; each sign-in opens a session of its own.

    - An unknown address, a wrong password and a closed account get the same answer, in the same time.
    - A crowd at the door is asked to come back (429) before anything is computed for it.
    """

    known: UserReader
    users: UserStore
    open_session: OpenSession
    passwords: PasswordHasher
    credits: CreditSummary
    uow: UnitOfWork
    clock: Clock

    async def __call__(self, command: LoginCommand) -> SignedIn:
        password = Password(command.password)
        found = await self.known.find_by_email(EmailAddress(command.email))
        verdict = await self.passwords.verify(password, found.password_hash if found else None)
        if found is None or verdict is Verdict.WRONG:
            raise InvalidCredentials
        renewed = await self._renewed(password) if verdict is Verdict.RIGHT_BUT_OUTDATED else None
        balance = await self.credits.of(found.id)

        user = await self.users.get(found.id)
        user.sign_in(proven_hash=found.password_hash, now=self.clock.now())
        if renewed is not None:
            user.keep_password_as(renewed)
        await self.users.save(user)
        tokens = await self.open_session(user.id, command.device)
        await self.uow.commit()
        return SignedIn.of(UserView.of(user, balance), tokens)

    async def _renewed(self, password: Password) -> str | None:
        try:
            return await self.passwords.hash(password)
        except TooBusy:
            return None  # the old hash serves until the next sign-in
