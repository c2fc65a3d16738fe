"""The API's own description, of the whole app: complete, and right about itself."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from dishka import Provider, Scope
from jsonschema import Draft202012Validator, FormatChecker

from pixie.application.kernel.ports import Clock
from pixie.entrypoints.http.app import HttpOptions, build_app
from pixie.entrypoints.http.kernel.metrics import RequestMetrics
from pixie.entrypoints.wiring.http import http_container
from tests.support.builders.settings import development_settings
from tests.support.fakes.kernel import FakeClock

Operation = tuple[str, dict[str, Any]]
METHODS = {"get", "head", "post", "put", "patch", "delete"}
BYTES = "image/*"
"""What JSON has no example of."""


def still() -> FakeClock:
    """The real clock asks the database."""
    return FakeClock()


@pytest.fixture
async def document(tmp_path: Path) -> AsyncIterator[dict[str, Any]]:
    counted = RequestMetrics()
    timeless = Provider(scope=Scope.APP)
    timeless.provide(still, provides=Clock)
    settings = development_settings(tmp_path, PIXIE_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    container = http_container(settings, counted, timeless)
    app = build_app(container, counted, HttpOptions(version="1", max_body_bytes=1_000_000))
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # two spellings of one protocol
    async with httpx.AsyncClient(transport=transport, base_url="http://pixie.test") as client:
        answer = await client.get("/openapi.json")
        assert answer.status_code == 200, answer.text
        yield answer.json()
    await container.close()


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for item in document["paths"].values():
        for method, operation in item.items():
            assert method in METHODS
            yield operation["operationId"], operation


def contents(operation: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Where, of which media type, and what: the body, and all answers."""
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "body", media_type, content
    for status, answer in operation["responses"].items():
        for media_type, content in answer.get("content", {}).items():
            yield status, media_type, content


def faults(document: dict[str, Any], schema: dict[str, Any], value: object) -> list[str]:
    whole = {"components": document["components"], **schema}
    checker = FormatChecker(["uuid", "date"])
    checker.checks("date-time", ValueError)(lambda given: bool(datetime.fromisoformat(str(given))))
    return [error.message for error in Draft202012Validator(whole, format_checker=checker).iter_errors(value)]


async def test_every_body_and_every_success_has_an_example(document: dict[str, Any]) -> None:
    bare = [
        f"{name}: {where}"
        for name, operation in operations(document)
        for where, media_type, content in contents(operation)
        if (where == "body" or where.startswith("2")) and media_type != BYTES and not content.get("examples")
    ]

    assert bare == []


async def test_every_success_without_an_example_has_no_body_or_is_made_of_bytes(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status.startswith("2") and status != "204" and "content" not in answer:
                raise AssertionError(f"{name}: {status} says nothing of its body")


async def test_every_example_fits_its_own_schema(document: dict[str, Any]) -> None:
    found = [
        f"{name}: {where}: {label}: {fault}"
        for name, operation in operations(document)
        for where, _, content in contents(operation)
        for label, example in content.get("examples", {}).items()
        for fault in faults(document, content["schema"], example["value"])
    ]

    assert found == []


async def test_every_model_has_an_example_with_its_parameters(document: dict[str, Any]) -> None:
    estimate = document["paths"]["/api/ai/estimate"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    edit = document["paths"]["/api/ai/image/edit"]["post"]["requestBody"]["content"]["application/json"]["examples"]

    assert {"local/edit", "local/sketch", "scripted/video"} <= set(estimate)
    assert edit["local/edit"]["value"]["parameters"]["operations"]


async def test_what_opens_a_route_is_told_once(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    for name, operation in operations(document):
        security = [sorted(way) for way in operation.get("security", [])]
        assert len(security) == len({tuple(way) for way in security}), name
        assert {scheme for way in security for scheme in way} <= set(schemes), name
        described = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert not described & {schemes[scheme].get("name") for way in security for scheme in way}, name

    ways = {name: operation.get("security") for name, operation in operations(document)}
    assert ways["watchJob"] == [{"bearer": []}, {"ticket": []}]
    assert ways["getFile"] == [{"bearer": []}, {"link_expires": [], "link_signature": []}]
    assert ways["issueStreamTicket"] == ways["editImage"] == [{"bearer": []}]
    assert ways["login"] is None
