"""Bodies in the API's description, as msgspec checks them, with examples.

Litestar's own description of a Struct leaves out that unknown fields are refused, and every bound that is zero.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NewType

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from pixie.domain.kernel.json import JsonObject

BodyExamples = NewType("BodyExamples", Mapping[str, Mapping[str, JsonObject]])
"""Requests that work, by operation id and by what is special about them."""


def describe_bodies(document: dict[str, Any], app: Litestar, examples: BodyExamples) -> dict[str, Any]:
    """The same document, with the schemas of bodies replaced and examples beside them."""
    _, schemas = msgspec.json.schema_components(set(_bodies(app)), ref_template="#/components/schemas/{name}")
    components = {**document["components"], "schemas": {**document["components"]["schemas"], **schemas}}
    paths = {path: _with_examples(item, examples) for path, item in document["paths"].items()}
    return {**document, "components": components, "paths": paths}


def _bodies(app: Litestar) -> Iterator[type[msgspec.Struct]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if (body := handler.parsed_data_field) is not None:
                    candidates = [inner.annotation for inner in body.inner_types] or [body.annotation]
                    yield from (one for one in candidates if isinstance(one, type) and issubclass(one, msgspec.Struct))


def _with_examples(item: dict[str, Any], examples: BodyExamples) -> dict[str, Any]:
    return {
        method: {**operation, "requestBody": _shown(operation["requestBody"], examples[operation["operationId"]])}
        if examples.get(operation["operationId"])
        else operation
        for method, operation in item.items()
    }


def _shown(body: dict[str, Any], examples: Mapping[str, JsonObject]) -> dict[str, Any]:
    named = {name: {"summary": name, "value": value} for name, value in examples.items()}
    content = {media_type: {**content, "examples": named} for media_type, content in body["content"].items()}
    return {**body, "content": content}
