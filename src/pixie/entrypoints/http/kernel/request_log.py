"""The outermost layer: every request gets an id, which every answer, log line and problem document carries."""

import re
import secrets
import time

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars, clear_contextvars

from pixie.entrypoints.http.kernel.metrics import RequestMetrics

_SANE = re.compile(rb"[A-Za-z0-9._-]{1,100}")
_QUIET = ("/health", "/metrics", "/docs")
_HEADER = b"x-request-id"

log = structlog.get_logger("pixie.http")


class RequestLog:
    """Wraps the whole application. A client's own `X-Request-Id` is kept if it is a sane token."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope["request_id"] = request_id  # type: ignore[typeddict-unknown-key]  # for problem documents
        begun = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (_HEADER, request_id.encode())]
            await send(message)

        clear_contextvars()
        with bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: HTTPScope, status: int, seconds: float) -> None:
        route = scope.get("path_template") or "unknown"
        self._metrics.note(str(scope["method"]), route, status, seconds)
        if not scope["path"].startswith(_QUIET):
            log.info(
                "request",
                method=str(scope["method"]),
                path=scope["path"],
                status=status or "none: the client left",
                ms=round(seconds * 1000, 1),
            )


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == _HEADER and _SANE.fullmatch(value):
            return value.decode()
    return secrets.token_hex(16)
