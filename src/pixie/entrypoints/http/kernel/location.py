"""`Location` of what a route made, the first time and each time the answer is replayed."""

from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec
from litestar import Request, Response

from pixie.entrypoints.http.kernel.addresses import absolute

OPT = "location"
"""A route's option: where its new thing is found, with `{id}` in it, e.g. `/api/files/{id}/metadata`."""

AnyRequest = Request[Any, Any, Any]


class Made(Protocol):
    @property
    def id(self) -> UUID: ...


V = TypeVar("V", bound=Made)


def located(request: AnyRequest, view: V) -> Response[V]:
    """The answer of a creating route."""
    return Response(view, headers=_location(request, str(view.id)))


def location_header(request: AnyRequest, body: bytes) -> dict[str, str]:
    """The same header for a stored answer."""
    return _location(request, msgspec.json.decode(body, type=_Stored).id) if _template(request) else {}


def _location(request: AnyRequest, made: str) -> dict[str, str]:
    template = _template(request)
    return {"Location": absolute(request, template.replace("{id}", made))} if template else {}


def _template(request: AnyRequest) -> str | None:
    template: str | None = request.scope["route_handler"].opt.get(OPT)
    return template


class _Stored(msgspec.Struct):
    id: str
