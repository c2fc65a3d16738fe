"""The use cases of accounts, put together from whatever parts a test has."""

from typing import Protocol

from pixie.application.accounts.authenticate import Authenticate
from pixie.application.accounts.create_user import CreateUser
from pixie.application.accounts.login import Login
from pixie.application.accounts.logout import Logout
from pixie.application.accounts.open_session import OpenSession
from pixie.application.accounts.ports import (
    CreditSummary,
    PasswordHasher,
    RefreshTokenSource,
    SessionReader,
    SessionStore,
    TokenIssuer,
    UserReader,
    UserStore,
    WelcomeGift,
)
from pixie.application.accounts.refresh import Refresh
from pixie.application.accounts.register import Register
from pixie.application.kernel.ports import Clock, IdempotencyLog, IdSource, Outbox, UnitOfWork
from pixie.domain.accounts.session import SessionPolicy


class Gift(WelcomeGift, CreditSummary, Protocol): ...


class Parts(Protocol):
    @property
    def users(self) -> UserStore: ...
    @property
    def known(self) -> UserReader: ...
    @property
    def sessions(self) -> SessionStore: ...
    @property
    def running(self) -> SessionReader: ...
    @property
    def passwords(self) -> PasswordHasher: ...
    @property
    def access_tokens(self) -> TokenIssuer: ...
    @property
    def refresh_tokens(self) -> RefreshTokenSource: ...
    @property
    def gift(self) -> Gift: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def idempotency(self) -> IdempotencyLog: ...
    @property
    def uow(self) -> UnitOfWork: ...
    @property
    def ids(self) -> IdSource: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def policy(self) -> SessionPolicy: ...
    @property
    def open_session(self) -> OpenSession: ...


class AccountUseCases:
    @property
    def open_session(self: Parts) -> OpenSession:
        return OpenSession(
            sessions=self.sessions,
            access_tokens=self.access_tokens,
            refresh_tokens=self.refresh_tokens,
            ids=self.ids,
            clock=self.clock,
            policy=self.policy,
        )

    @property
    def register(self: Parts) -> Register:
        return Register(
            users=self.users,
            open_session=self.open_session,
            passwords=self.passwords,
            gift=self.gift,
            outbox=self.outbox,
            idempotency=self.idempotency,
            uow=self.uow,
            ids=self.ids,
            clock=self.clock,
        )

    @property
    def login(self: Parts) -> Login:
        return Login(
            known=self.known,
            users=self.users,
            open_session=self.open_session,
            passwords=self.passwords,
            credits=self.gift,
            uow=self.uow,
            clock=self.clock,
        )

    @property
    def refresh(self: Parts) -> Refresh:
        return Refresh(
            sessions=self.sessions,
            access_tokens=self.access_tokens,
            refresh_tokens=self.refresh_tokens,
            uow=self.uow,
            clock=self.clock,
            policy=self.policy,
        )

    @property
    def logout(self: Parts) -> Logout:
        return Logout(sessions=self.sessions, uow=self.uow, clock=self.clock)

    @property
    def authenticate(self: Parts) -> Authenticate:
        return Authenticate(access_tokens=self.access_tokens, sessions=self.running, clock=self.clock)

    @property
    def create_user(self: Parts) -> CreateUser:
        return CreateUser(
            users=self.users,
            passwords=self.passwords,
            gift=self.gift,
            outbox=self.outbox,
            uow=self.uow,
            ids=self.ids,
            clock=self.clock,
        )
