"""`Host`: the name under which a client reached us (RFC 9112, section 3.2). Addresses are made of it."""

import re
from typing import Final

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from pixie.entrypoints.http.kernel.problem import problem_response

_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?")
_LAST_PORT: Final = 65_535


class HostCheck:
    """Refuses a request whose `Host` can be none, before anybody takes it for an address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or all(_sane(value) for name, value in scope["headers"] if name == b"host"):
            await self._app(scope, receive, send)
            return
        request: Request = Request(scope, receive, send)  # type: ignore[type-arg]  # nobody is signed in here
        refusal = problem_response(
            request,
            status=400,
            code="invalid_request",
            title="Invalid request",
            detail="The header Host names no host.",
        )
        await refusal.to_asgi_response(app=None, request=request)(scope, receive, send)


def _sane(host: bytes) -> bool:
    found = _HOST.fullmatch(host)
    return found is not None and int(found[1] or 0) <= _LAST_PORT
