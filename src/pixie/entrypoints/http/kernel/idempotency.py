"""`Idempotency-Key`: the client's name for one attempt (draft-ietf-httpapi-idempotency-key-header)."""

import hashlib
import re
from contextlib import suppress
from typing import Any

from dishka import AsyncContainer
from litestar import Request, Response
from litestar.types import Scope

from pixie.application.kernel.caller import Caller
from pixie.application.kernel.errors import AlreadyAnswered, IdempotencyKeyInUse, IdempotencyKeyReused, InvalidRequest
from pixie.application.kernel.ports import IdempotencyKey, IdempotencyLog, UnitOfWork
from pixie.domain.kernel.errors import ErrorKind, PixieError
from pixie.entrypoints.http.kernel.client import client_address
from pixie.entrypoints.http.kernel.location import location_header
from pixie.entrypoints.http.kernel.problem import MEDIA_TYPE, problem_of

HEADER = "Idempotency-Key"
_SANE = re.compile(r"[\x21-\x7e]{1,255}")
_STATE = "idempotency_key"


class RequestIdempotency:
    """Reads the key of one request."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        self._request = request

    async def key(self, caller: Caller | None, content: bytes | None = None) -> IdempotencyKey | None:
        """The key, scoped to the caller, or before sign-in to the client's address.

        `content` stands for the body where the body itself is not kept, as in an upload.
        """
        given = self._request.headers.get(HEADER)
        if given is None:
            return None
        if not _SANE.fullmatch(given):
            raise InvalidRequest("Use 1 to 255 visible ASCII characters without spaces.", parameter=HEADER)
        body = content if content is not None else await self._request.body()
        named = f"{self._request.method} {self._request.url.path}?{self._request.url.query}\n".encode()
        key = IdempotencyKey(
            scope=str(caller.user_id) if caller else f"address:{client_address(self._request)}",
            key=given,
            fingerprint=hashlib.sha256(named + body).digest(),
        )
        self._request.scope["state"][_STATE] = key
        return key


def replay(request: Request[Any, Any, Any], answer: AlreadyAnswered) -> Response[bytes]:
    """The first answer again."""
    refused = answer.status is not None
    status = answer.status or getattr(request.scope["route_handler"], "status_code", 200)
    headers = {"Idempotent-Replayed": "true"}
    if not refused:
        headers |= location_header(request, answer.body)
    return Response(
        answer.body, status_code=status, media_type=MEDIA_TYPE if refused else "application/json", headers=headers
    )


async def keep_refusal(error: Exception, scope: Scope) -> None:
    """Keep a refusal as the first answer, so that a retry hears the same. What may pass by itself is not kept.

    Where it cannot be kept, the client hears it all the same: a request can be refused before its key is looked at, and
    the key may have an answer already.
    """
    key: IdempotencyKey | None = scope.get("state", {}).get(_STATE)
    if key is None or not isinstance(error, PixieError) or not _final(error):
        return
    with suppress(PixieError):
        await _keep(key, problem_of(Request(scope), error), scope["state"]["dishka_container"])


async def _keep(key: IdempotencyKey, refusal: Response[Any], container: AsyncContainer) -> None:
    uow = await container.get(UnitOfWork)
    await uow.rollback()
    await (await container.get(IdempotencyLog)).record(key, refusal.content, status=refusal.status_code)
    await uow.commit()


def _final(error: PixieError) -> bool:
    return not (error.kind.passing or isinstance(error, IdempotencyKeyReused | IdempotencyKeyInUse)) and (
        error.kind is not ErrorKind.ANONYMOUS
    )
