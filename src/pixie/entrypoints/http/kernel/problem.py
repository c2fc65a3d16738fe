"""RFC 9457 problem documents."""

from collections.abc import Mapping
from typing import Annotated, Self
from urllib.parse import quote

from litestar import Request, Response
from msgspec import UNSET, Meta, Struct, UnsetType

from pixie.domain.kernel.errors import ErrorKind, Fact, PixieError
from pixie.entrypoints.http.kernel.addresses import absolute

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[ErrorKind, int] = {
    ErrorKind.MALFORMED: 400,
    ErrorKind.ANONYMOUS: 401,
    ErrorKind.UNPAID: 402,
    ErrorKind.DENIED: 403,
    ErrorKind.MISSING: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.STALE: 412,
    ErrorKind.TOO_LARGE: 413,
    ErrorKind.UNSUPPORTED: 415,
    ErrorKind.INVALID: 422,
    ErrorKind.THROTTLED: 429,
    ErrorKind.UNAVAILABLE: 503,
}


class InvalidField(Struct, kw_only=True, omit_defaults=True):
    message: Annotated[str, Meta(description="What is wrong with it.", examples=["must be a text, not a number"])]
    pointer: Annotated[
        str | None, Meta(description="Where in the body, as a JSON Pointer (RFC 6901).", examples=["/prompt"])
    ] = None
    parameter: Annotated[
        str | None, Meta(description="Or else, the query parameter or header that it is.", examples=["limit"])
    ] = None

    @classmethod
    def at(cls, where: str, message: str) -> Self:
        """A JSON Pointer is empty or begins with a slash; no parameter is called so."""
        if not where or where.startswith("/"):
            return cls(message=message, pointer=where)
        return cls(message=message, parameter=where)

    @property
    def sentence(self) -> str:
        where = self.pointer or self.parameter
        return f"{where}: {self.message}" if where else self.message


class Problem(Struct, kw_only=True):
    """What went wrong (RFC 9457). More members may follow: the facts of this problem."""

    type: Annotated[str, Meta(description="Names the kind of problem; leads to its description.")]
    title: Annotated[str, Meta(description="The kind of problem in a few words.")]
    status: Annotated[int, Meta(description="The HTTP status.")]
    code: Annotated[str, Meta(description="The stable name of the kind of problem, for programs.")]
    detail: Annotated[str, Meta(description="This problem in a sentence, for people.")]
    request_id: Annotated[str, Meta(description="Name it when you ask for help.")]
    errors: Annotated[list[InvalidField] | UnsetType, Meta(description="The invalid fields that were found.")] = UNSET


def problem_response(
    request: Request,  # type: ignore[type-arg]  # user, auth and state of a request are not used
    *,
    status: int,
    code: str,
    title: str,
    detail: str,
    facts: Mapping[str, Fact] | None = None,
    errors: list[InvalidField] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[dict[str, object]]:
    body: dict[str, object] = {
        "type": absolute(request, problem_type(code)),
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request.scope.get("request_id", ""),
        **(facts or {}),
    }
    if errors:
        body["errors"] = errors
    closing = {"Connection": "close"} if status == STATUS[ErrorKind.TOO_LARGE] else {}  # its rest is not read
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers={**(headers or {}), **closing})


def problem_of(request: Request, error: PixieError) -> Response[dict[str, object]]:  # type: ignore[type-arg]  # as above
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after.total_seconds())))
    if error.kind is ErrorKind.ANONYMOUS:
        headers["WWW-Authenticate"] = 'Bearer realm="pixie"'
    fields: list[tuple[str, str]] = getattr(error, "fields", [])
    return problem_response(
        request,
        status=STATUS[error.kind],
        code=error.code,
        title=error.title,
        detail=error.detail,
        facts=error.facts,
        errors=[InvalidField.at(where, message) for where, message in fields],
        headers=headers,
    )


def problem_type(code: str) -> str:
    """Names the type, and leads to its row in the API's own description."""
    return f"/docs/errors#{quote(code)}"
