from collections.abc import Sequence
from inspect import getdoc
from typing import Annotated, Any

from dishka import FromDishka
from litestar import Controller, Request, delete, get, post
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, HeaderParameter, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT
from litestar.types import Guard

from pixie.application.accounts.end_session import EndSession, EndSessionCommand
from pixie.application.accounts.list_sessions import ListSessions
from pixie.application.accounts.login import Login
from pixie.application.accounts.logout import Logout
from pixie.application.accounts.refresh import Refresh
from pixie.application.accounts.register import Register
from pixie.application.accounts.show_account import ShowAccount
from pixie.application.accounts.views import SessionView, SignedIn, TokenPair, UserView
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from pixie.application.kernel.page import DEFAULT_LIMIT
from pixie.domain.accounts.errors import (
    EmailTaken,
    InvalidCredentials,
    InvalidEmail,
    InvalidName,
    InvalidPassword,
    InvalidRefreshToken,
    RefreshTokenReused,
    SessionEnded,
    SessionNotFound,
    TokenExpired,
    TooBusy,
)
from pixie.domain.accounts.session import Device
from pixie.domain.kernel.ids import SessionId
from pixie.entrypoints.http.accounts.examples import SESSIONS, SIGNED_IN, TOKENS, USER
from pixie.entrypoints.http.accounts.language import preferred_locale
from pixie.entrypoints.http.accounts.schemas import LoginBody, LogoutBody, RefreshBody, RegisterBody
from pixie.entrypoints.http.kernel.auth import signed_in
from pixie.entrypoints.http.kernel.client import client_address, user_agent
from pixie.entrypoints.http.kernel.idempotency import RequestIdempotency
from pixie.entrypoints.http.kernel.openapi import answer, problems, signed_in_problems
from pixie.entrypoints.http.kernel.operations import SECURITY, BodilessOperation, IdempotentOperation
from pixie.entrypoints.http.kernel.pagination import Cursor, Limit, Listing, listing, page_request

AnyRequest = Request[Any, Any, Any]
AcceptLanguage = Annotated[
    str | None,
    HeaderParameter(name="Accept-Language", max_length=1000, description="The language of your mails: `en` or `fa`."),
]
NO_STORE = CacheControlHeader(no_store=True)  # RFC 6749, section 5.1


class SignInController(Controller):
    path = "/api/auth"
    tags: Sequence[str] | None = ("Authentication",)
    cache_control: CacheControlHeader | None = NO_STORE

    @post(
        "/register",
        operation_class=IdempotentOperation,
        operation_id="register",
        summary="Open an account",
        description=getdoc(Register),
        status_code=HTTP_201_CREATED,
        responses={
            HTTP_201_CREATED: answer(SIGNED_IN, "The account is open, and you are signed in."),
            **problems(
                InvalidEmail,
                InvalidPassword,
                InvalidName,
                EmailTaken,
                TooBusy,
                IdempotencyKeyInUse,
                IdempotencyKeyReused,
            ),
        },
    )
    async def register(
        self,
        data: JSONBody[RegisterBody],
        request: AnyRequest,
        keys: FromDishka[RequestIdempotency],
        register: FromDishka[Register],
        accept_language: AcceptLanguage = None,
    ) -> SignedIn:
        return await register(
            data.to_command(preferred_locale(accept_language), _device(request), await keys.key(None))
        )

    @post(
        "/login",
        operation_id="login",
        summary="Sign in",
        description=getdoc(Login),
        status_code=HTTP_200_OK,
        responses={
            HTTP_200_OK: answer(SIGNED_IN, "You are signed in."),
            **problems(InvalidEmail, InvalidCredentials, TooBusy),
        },
    )
    async def login(self, data: JSONBody[LoginBody], request: AnyRequest, login: FromDishka[Login]) -> SignedIn:
        return await login(data.to_command(_device(request)))

    @post(
        "/refresh",
        operation_id="refresh",
        summary="Get a new pair of tokens",
        description=getdoc(Refresh),
        status_code=HTTP_200_OK,
        responses={
            HTTP_200_OK: answer(TOKENS, "The new pair."),
            **problems(InvalidRefreshToken, RefreshTokenReused, SessionEnded),
        },
    )
    async def refresh(self, data: JSONBody[RefreshBody], refresh: FromDishka[Refresh]) -> TokenPair:
        return await refresh(data.to_command())


class AccountController(Controller):
    path = "/api/auth"
    tags: Sequence[str] | None = ("Authentication",)
    guards: Sequence[Guard] | None = (signed_in,)
    security = SECURITY
    cache_control: CacheControlHeader | None = NO_STORE

    @post(
        "/logout",
        operation_class=BodilessOperation,
        operation_id="logout",
        summary="Sign out",
        description=getdoc(Logout),
        status_code=HTTP_204_NO_CONTENT,
        responses=signed_in_problems(TokenExpired, SessionEnded),
    )
    async def logout(
        self, caller: FromDishka[Caller], logout: FromDishka[Logout], data: JSONBody[LogoutBody | None] = None
    ) -> None:
        await logout((data or LogoutBody()).to_command(caller))

    @get(
        "/me",
        operation_id="getMe",
        summary="My account",
        description=getdoc(ShowAccount),
        responses={HTTP_200_OK: answer(USER, "Your account."), **signed_in_problems(TokenExpired, SessionEnded)},
    )
    async def me(self, caller: FromDishka[Caller], show: FromDishka[ShowAccount]) -> UserView:
        return await show(caller)

    @get(
        "/sessions",
        operation_id="listSessions",
        summary="Where I am signed in",
        description=getdoc(ListSessions),
        responses={
            HTTP_200_OK: answer(SESSIONS, "One page of them.", of=Listing[SessionView]),
            **signed_in_problems(TokenExpired, SessionEnded),
        },
    )
    async def sessions(
        self,
        caller: FromDishka[Caller],
        list_sessions: FromDishka[ListSessions],
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Listing[SessionView]:
        return listing(await list_sessions(caller, page_request(limit, cursor)))

    @delete(
        "/sessions/{session_id:uuid}",
        operation_id="endSession",
        summary="Sign out one of my devices",
        description=getdoc(EndSession),
        status_code=HTTP_204_NO_CONTENT,
        responses=signed_in_problems(TokenExpired, SessionEnded, SessionNotFound),
    )
    async def end_session(
        self, session_id: FromPath[SessionId], caller: FromDishka[Caller], end: FromDishka[EndSession]
    ) -> None:
        await end(EndSessionCommand(caller=caller, session_id=session_id))


def _device(request: AnyRequest) -> Device:
    return Device.seen(client_address(request), user_agent(request))
