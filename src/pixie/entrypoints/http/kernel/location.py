"""`Location` of what a route made, the first time and each time the answer is replayed."""

from typing import Any, TypeVar

import msgspec
from litestar import Request, Response

from pixie.domain.kernel.ids import FileId, JobId

OPT = "location"
"""A route's option: where its new thing is found, with `{id}` in it, e.g. `/api/files/{id}/metadata`."""

V = TypeVar("V")


def located(view: V, template: str, made: FileId | JobId) -> Response[V]:
    """The answer of a creating route."""
    return Response(view, headers={"Location": template.replace("{id}", str(made))})


def location_header(request: Request[Any, Any, Any], body: bytes) -> dict[str, str]:
    """The same header for a stored answer."""
    template: str | None = request.scope["route_handler"].opt.get(OPT)
    if template is None:
        return {}
    return {"Location": template.replace("{id}", msgspec.json.decode(body, type=_Made).id)}


class _Made(msgspec.Struct):
    id: str
