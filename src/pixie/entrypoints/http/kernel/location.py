"""`Location` of what a route made, written from its answer, the first time and each time it is replayed."""

from typing import Any

import msgspec
from litestar import Request

OPT = "location"
"""A route's option: a path with `{id}` in it, e.g. `/api/files/{id}/metadata`."""


def location_header(request: Request[Any, Any, Any], body: bytes) -> dict[str, str]:
    template: str | None = request.route_handler.opt.get(OPT)
    if template is None:
        return {}
    made = msgspec.json.decode(body, type=_Made)
    return {"Location": template.replace("{id}", made.id)}


class _Made(msgspec.Struct):
    id: str
