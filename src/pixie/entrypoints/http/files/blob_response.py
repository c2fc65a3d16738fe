"""Streamed bytes of a known length; the blob is closed whatever happens."""

from collections.abc import Iterable
from typing import Any

from anyio import CancelScope, create_task_group
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from pixie.application.files.blob_reader import BlobReader


class BlobResponse(Response[None]):
    """With a status, headers and, unless nothing is to be sent, an open blob."""

    def __init__(self, blob: BlobReader | None, *, status_code: int, headers: dict[str, str]) -> None:
        super().__init__(None, status_code=status_code, headers=headers)
        self.blob = blob

    def to_asgi_response(  # type: ignore[override]  # takes of many arguments those that matter to it
        self,
        app: None,
        request: Request[Any, Any, Any],
        *,
        headers: dict[str, str] | None = None,
        cookies: Iterable[Cookie] | None = None,
        **_: object,
    ) -> ASGIResponse:
        del app, request
        return _BlobASGIResponse(
            self.blob, status_code=self.status_code, headers={**(headers or {}), **self.headers}, cookies=cookies
        )


class _BlobASGIResponse(ASGIResponse):
    def __init__(self, blob: BlobReader | None, **given: Any) -> None:  # noqa: ANN401 - handed on as they are
        super().__init__(is_head_response=blob is None, **given)
        self._blob = blob

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._blob is not None:
                await self._blob.aclose()

    async def send_body(self, send: Send, receive: Receive) -> None:
        """Until all is sent, or nobody listens any more."""
        async with create_task_group() as group:
            group.start_soon(_cancel_on_disconnect, receive, group.cancel_scope)
            if self._blob is not None:
                async for chunk in self._blob:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            group.cancel_scope.cancel()


async def _cancel_on_disconnect(receive: Receive, scope: CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    scope.cancel()
