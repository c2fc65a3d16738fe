"""Guards. They run before a body is read."""

from typing import Any

from dishka import AsyncContainer
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from structlog.contextvars import bind_contextvars

from pixie.application.kernel.caller import Caller
from pixie.application.kernel.errors import NotAllowed, NotSignedIn

Connection = ASGIConnection[Any, Any, Any, Any]


async def signed_in(connection: Connection, _: BaseRouteHandler) -> None:
    """Only with a valid access token. The caller is found once; handlers then get the same one injected."""
    container: AsyncContainer = connection.scope["state"]["dishka_container"]
    caller = await container.get(Caller)
    bind_contextvars(user_id=str(caller.user_id))


async def admin_only(connection: Connection, handler: BaseRouteHandler) -> None:
    await signed_in(connection, handler)
    caller = await connection.scope["state"]["dishka_container"].get(Caller)
    if not caller.is_admin:
        raise NotAllowed("use the administration")


def bearer_token(connection: Connection) -> str:
    """The token of `Authorization: Bearer …` (RFC 6750). Raises `NotSignedIn`."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn
    return token.strip()


TAKES_TICKET = "takes_ticket"
"""A route's option: `?ticket=` may stand for the Authorization header."""


def stream_ticket(connection: Connection) -> str | None:
    """The ticket a request came with, on a route that takes one."""
    if not connection.scope["route_handler"].opt.get(TAKES_TICKET):
        return None
    return connection.query_params.get("ticket")
