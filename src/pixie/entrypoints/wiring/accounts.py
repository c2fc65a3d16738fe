from collections.abc import AsyncIterator, Iterable

from dishka import BaseScope, Provider, Scope, provide, provide_all

from pixie.adapters.accounts.bcrypt_password_hasher import BcryptPasswordHasher
from pixie.adapters.accounts.hmac_refresh_token_source import HmacRefreshTokenSource
from pixie.adapters.accounts.jwt_token_issuer import JwtTokenIssuer, TokenKey, ed25519_key, hs256_key
from pixie.adapters.accounts.pg_session_reader import PgSessionReader
from pixie.adapters.accounts.pg_session_store import PgSessionStore
from pixie.adapters.accounts.pg_stream_tickets import PgStreamTickets
from pixie.adapters.accounts.pg_user_reader import PgUserReader
from pixie.adapters.accounts.pg_user_store import PgUserStore
from pixie.adapters.accounts.polling_session_watch import PollingSessionWatch
from pixie.application.accounts.api import Accounts
from pixie.application.accounts.authenticate import Authenticate
from pixie.application.accounts.change_role import ChangeRole
from pixie.application.accounts.create_user import CreateUser
from pixie.application.accounts.deactivate_user import DeactivateUser
from pixie.application.accounts.end_session import EndSession
from pixie.application.accounts.forget_sessions import ForgetSessions
from pixie.application.accounts.list_sessions import ListSessions
from pixie.application.accounts.list_users import ListUsers
from pixie.application.accounts.login import Login
from pixie.application.accounts.logout import Logout
from pixie.application.accounts.open_session import OpenSession
from pixie.application.accounts.ports import (
    PasswordHasher,
    RefreshTokenSource,
    SessionReader,
    SessionStore,
    TokenIssuer,
    UserReader,
    UserStore,
)
from pixie.application.accounts.reactivate_user import ReactivateUser
from pixie.application.accounts.refresh import Refresh
from pixie.application.accounts.register import Register
from pixie.application.accounts.session_watch import SessionWatch
from pixie.application.accounts.show_account import ShowAccount
from pixie.application.accounts.stream_ticket import IssueStreamTicket, RedeemStreamTicket, StreamTickets
from pixie.application.kernel.ports import Clock, IdSource
from pixie.domain.accounts.session import SessionPolicy
from pixie.entrypoints.wiring.settings.tree import Settings

_AUDIENCE = "pixie"


class AccountsWiring(Provider):
    """Needs from above: `WelcomeGift` and `CreditSummary`, which credits implement."""

    scope: BaseScope | None = Scope.REQUEST

    user_store = provide(PgUserStore, provides=UserStore)
    session_store = provide(PgSessionStore, provides=SessionStore)
    stream_tickets = provide(PgStreamTickets, provides=StreamTickets)
    user_reader = provide(PgUserReader, provides=UserReader, scope=Scope.APP)
    session_reader = provide(PgSessionReader, provides=SessionReader, scope=Scope.APP)

    signing_in = provide_all(Register, Login, Refresh, Logout, OpenSession)
    signed_in = provide_all(Authenticate, ShowAccount, ListSessions, EndSession)
    streams = provide_all(IssueStreamTicket, RedeemStreamTicket)
    operating = provide_all(CreateUser, ListUsers, ChangeRole, DeactivateUser, ReactivateUser, ForgetSessions)
    api = provide(Accounts)

    @provide(scope=Scope.APP)
    async def session_watch(self, sessions: SessionReader, clock: Clock) -> AsyncIterator[SessionWatch]:
        watch = PollingSessionWatch(sessions, clock)
        await watch.start()
        yield watch
        await watch.stop()

    @provide(scope=Scope.APP)
    def session_policy(self, settings: Settings) -> SessionPolicy:
        auth = settings.auth
        return SessionPolicy(idle=auth.refresh_idle, absolute=auth.refresh_absolute, grace=auth.refresh_grace)

    @provide(scope=Scope.APP)
    def password_hasher(self, settings: Settings) -> Iterable[PasswordHasher]:
        hasher = BcryptPasswordHasher(
            key=settings.keys.password.derive("passwords"),
            cost=settings.auth.bcrypt_cost,
            threads=settings.auth.hash_threads,
            patience=settings.auth.hash_max_wait.total_seconds(),
        )
        yield hasher
        hasher.close()

    @provide(scope=Scope.APP)
    def refresh_token_source(self, settings: Settings) -> RefreshTokenSource:
        return HmacRefreshTokenSource(settings.keys.refresh.derive("refresh tokens"))

    @provide(scope=Scope.APP)
    def token_issuer(self, settings: Settings, clock: Clock, ids: IdSource) -> TokenIssuer:
        return JwtTokenIssuer(
            key=_token_key(settings),
            issuer=settings.public_url or _AUDIENCE,
            audience=_AUDIENCE,
            lifetime=settings.auth.access_lifetime,
            clock=clock,
            ids=ids,
        )


def _token_key(settings: Settings) -> TokenKey:
    match settings.auth.algorithm:
        case "EdDSA":
            return ed25519_key(settings.keys.token.derive("access tokens, Ed25519"))
        case "HS256":
            # The secret as it was given: whoever shares it can check our tokens.
            return hs256_key(settings.keys.token.reveal().encode())
