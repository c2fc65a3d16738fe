"""Bodies in the API's description, as msgspec checks them.

Litestar's own description of a Struct leaves out that unknown fields are refused, and every bound that is zero.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute


def describe_bodies(document: dict[str, Any], app: Litestar) -> dict[str, Any]:
    """The same document, with the schemas of bodies replaced."""
    _, schemas = msgspec.json.schema_components(set(_bodies(app)), ref_template="#/components/schemas/{name}")
    components = {**document["components"], "schemas": {**document["components"]["schemas"], **schemas}}
    return {**document, "components": components}


def _bodies(app: Litestar) -> Iterator[type[msgspec.Struct]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if (body := handler.parsed_data_field) is not None:
                    candidates = [inner.annotation for inner in body.inner_types] or [body.annotation]
                    yield from (one for one in candidates if isinstance(one, type) and issubclass(one, msgspec.Struct))
