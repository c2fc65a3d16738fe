"""Documents that tell the truth, as far as a program can see it."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from dishka.integrations.litestar import DishkaRouter
from litestar import Litestar

from pixie.adapters.jobs.providers.local_cards import EDIT, SKETCH, UPSCALE
from pixie.entrypoints.http.app import CONTROLLERS
from pixie.entrypoints.http.kernel.docs import openapi_config
from tests.architecture.markdown import (
    broken_links,
    documents,
    unknown_commands,
    unknown_files,
    unknown_settings,
    unknown_targets,
)
from tests.architecture.source import ROOT
from tests.support.readme import blocks, tour

CARDS = {card.name: card for card in (EDIT, SKETCH, UPSCALE)}
DOCUMENTS = pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
Call = dict[str, Any]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@cache
def api() -> dict[str, Any]:
    app = Litestar(
        route_handlers=[DishkaRouter("", route_handlers=list(CONTROLLERS))], openapi_config=openapi_config("0")
    )
    return app.openapi_schema.to_schema()


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """What the tour asks, pasted as a whole into bash beside a checkout."""
    here = tmp_path_factory.mktemp("tour")
    (here / "docs").symlink_to(ROOT / "docs")
    tools, log = here / "tools", here / "log"
    tools.mkdir()
    (tools / "curl").symlink_to(ROOT / "tests" / "support" / "fake_curl.py")
    (tools / "python3").symlink_to(sys.executable)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", tour()],
        cwd=here,
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "CURL_LOG": str(log)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (here / "edited.jpg").is_file()
    assert (here / "vanished.jpg").is_file()
    assert (here / "sketch.png").is_file()
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def operation_of(call: Call) -> dict[str, Any]:
    """The route that answers; a route without parameters goes before one with."""
    path = urlsplit(call["url"]).path
    for template in sorted(api()["paths"], key=lambda template: template.count("{")):
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path):
            operation: dict[str, Any] = api()["paths"][template][call["method"].lower()]
            return operation
    raise AssertionError(f"no route answers {path}")


def test_the_tour_has_five_lines_after_the_one_that_gives_names() -> None:
    first, *_ = blocks("A tour in five lines", "bash")

    names, *lines = [line for line in first.splitlines() if line]
    assert "curl" not in names
    assert len(lines) == 5
    assert all("curl" in line for line in lines)


def test_the_tour_asks_what_it_says(calls: list[Call]) -> None:
    assert [operation_of(call)["operationId"] for call in calls] == [
        "register",
        "uploadFile",
        "editImage",
        "getJob",
        "getJobResult",
        "getFile",
        "editImage",
        "getJob",
        "getJobResult",
        "getFile",
        "generateImage",
        "watchJob",
        "getJobResult",
        "getFile",
        "getMe",
    ]


def test_the_tour_signs_in_where_it_must(calls: list[Call]) -> None:
    open_to_all = {"register", "getFile"}

    anonymous = [
        operation_of(call)["operationId"] for call in calls if "Authorization: Bearer a.b.c" not in call["headers"]
    ]
    assert set(anonymous) <= open_to_all


def test_bodies_of_the_tour_are_what_the_routes_take(calls: list[Call]) -> None:
    for call in calls:
        if call["data"]:
            schema = operation_of(call)["requestBody"]["content"]["application/json"]["schema"]
            whole = {**schema, "components": api()["components"]}
            jsonschema.validate(json.loads(call["data"]), whole)


def test_models_of_the_tour_take_what_it_gives_them(calls: list[Call]) -> None:
    bodies = [json.loads(call["data"]) for call in calls if call["data"]]
    jobs = [body for body in bodies if "model" in body]

    assert [job["model"] for job in jobs] == ["local/edit", "local/edit", "local/sketch"]
    for job in jobs:
        jsonschema.validate(job.get("parameters", {}), CARDS[job["model"]].parameters)


def test_the_photo_is_small_and_a_picture() -> None:
    photo = (ROOT / "docs" / "assets" / "photo.jpg").read_bytes()

    assert photo.startswith(b"\xff\xd8\xff")
    assert len(photo) <= 60_000


@DOCUMENTS
def test_links_lead_somewhere(path: Path) -> None:
    assert broken_links(path.read_text(encoding="utf-8"), path) == []


@DOCUMENTS
def test_files_that_are_named_exist(path: Path) -> None:
    assert unknown_files(path.read_text(encoding="utf-8")) == []


@DOCUMENTS
def test_settings_that_are_named_exist(path: Path) -> None:
    assert unknown_settings(path.read_text(encoding="utf-8")) == []


@DOCUMENTS
def test_commands_that_are_named_exist(path: Path) -> None:
    assert unknown_commands(path.read_text(encoding="utf-8")) == []


@DOCUMENTS
def test_make_targets_that_are_named_exist(path: Path) -> None:
    assert unknown_targets(path.read_text(encoding="utf-8"), make_targets()) == []


def test_what_is_wrong_in_a_document_is_found() -> None:
    here = ROOT / "docs" / "architecture.md"

    assert broken_links("[a](gone.md) [b](#gone) [c](../README.md#gone) [d](../README.md#licence)", here) == [
        "gone.md",
        "#gone",
        "../README.md#gone",
    ]
    assert unknown_files("`gone.py`, `job.py`, `jobs/job.py`, `files/job.py`, `tests/gone`, `<a>/b.py`") == [
        "gone.py",
        "files/job.py",
        "tests/gone",
    ]
    assert unknown_settings("`PIXIE_LOG_LEVEL`, `PIXIE_LOG_*`, `PIXIE_LOGLEVEL`, `PIXIE_GONE_*`") == [
        "PIXIE_LOGLEVEL",
        "PIXIE_GONE_*",
    ]
    assert unknown_commands("`pixie up --port 1`, `pixie up --gone`, `pixie gone`, `pixie jobs gone`") == [
        "pixie up --gone",
        "pixie gone",
        "pixie jobs gone",
    ]
    assert unknown_targets("`make up`, `make gone`", {"up"}) == ["gone"]
