"""The running API held to its own description, by requests made from it, valid ones and flawed ones."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import journey_fuzz
from tests.support.journey import RunningPixie
from tests.support.journey_books import faults_in_the_books
from tests.support.journey_person import Person, expect
from tests.support.pictures import picture

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
CONFIG = Path(__file__).with_name("schemathesis.toml")

A_LITTLE = ("--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--seed", "1")
A_LOT = ("--max-examples", "1000")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(A_LITTLE, id="a little"),
        pytest.param(A_LOT, id="a lot", marks=[pytest.mark.soak, pytest.mark.timeout(0)]),
    ],
)
def test_the_api_does_what_its_description_says(pixie: RunningPixie, tmp_path: Path, options: tuple[str, ...]) -> None:
    with pixie.somebody() as mina:
        config = tmp_path / "schemathesis.toml"
        config.write_text(CONFIG.read_text() + dictionaries(things_of(mina)))
        done = fuzzed(pixie, mina.email, config, options)
        mina.sign_in_again()  # signing out everywhere is one of the things that were tried
        for job in expect(mina.get("/api/ai/jobs", limit=100), 200)["items"]:
            mina.cancel(job["id"])
    assert done.returncode == 0, done.stdout
    assert "unexpected_error" not in pixie.log("api")
    assert faults_in_the_books(pixie) == []


def test_every_example_of_a_request_is_accepted_by_the_running_api(pixie: RunningPixie) -> None:
    document = httpx.get(f"{pixie.url}/openapi.json").json()
    jobs = []
    with pixie.somebody() as mina:
        photo = expect(mina.upload(picture("PNG", 640, 480)), 201)
        for kind in ("image/generate", "image/edit", "image/upscale", "video/generate"):
            for body in bodies_of(document, f"/api/ai/{kind}"):
                whole = body | ({"image_file_id": photo["id"]} if "image_file_id" in body else {})
                assert expect(mina.post("/api/ai/estimate", whole), 200)["affordable"]
                answer = mina.post(f"/api/ai/{kind}", whole)
                jobs.append(expect(answer, 202))
                assert answer.headers["location"] == jobs[-1]["links"]["status"]
                mina.cancel(jobs[-1]["id"])
        assert {job["model"] for job in jobs} >= {"local/edit", "local/sketch", "scripted/upscale", "scripted/video"}
        assert len(bodies_of(document, "/api/ai/estimate")) == len(jobs)
        for body in bodies_of(document, "/api/auth/logout"):
            assert mina.post("/api/auth/logout", body).status_code == 204
            mina.sign_in_again()
    (ada,) = bodies_of(document, "/api/auth/register")
    registered = httpx.post(f"{pixie.url}/api/auth/register", json=ada)
    assert registered.status_code == 201 or registered.json()["code"] == "email_taken"  # by the other test
    (again,) = bodies_of(document, "/api/auth/login")
    expect(httpx.post(f"{pixie.url}/api/auth/login", json=again), 200)


def bodies_of(document: dict[str, Any], path: str) -> list[dict[str, Any]]:
    examples = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]
    return [example["value"] for example in examples.values()]


def things_of(person: Person) -> dict[str, list[str]]:
    """What is there to be asked for, under the names that the configuration knows it by."""
    photos = [expect(person.upload(picture("PNG", 20 + number, 10)), 201)["id"] for number in range(6)]
    jobs = [person.script()["id"] for _ in range(3)] + [person.script(delay_ms=3_000)["id"] for _ in range(3)]
    local = ["local/edit", "local/sketch", "local/motion"]
    models = [*local, "scripted/image", "scripted/edit", "scripted/upscale", "scripted/video"]
    return {"files": photos, "jobs": jobs, "users": [person.id], "models": models}


def dictionaries(things: Mapping[str, Sequence[str]]) -> str:
    return "".join(f"\n[dictionaries.{name}]\nvalues = {list(values)!r}\n" for name, values in things.items())


def fuzzed(pixie: RunningPixie, email: str, config: Path, options: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """In a process of its own: schemathesis changes what is global."""
    cli = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)]
    return subprocess.run(
        [*cli, "run", f"{pixie.url}/openapi.json", "--checks", "all", *options],
        cwd=ROOT,
        env={**os.environ, "SCHEMATHESIS_HOOKS": journey_fuzz.__name__, journey_fuzz.EMAIL: email},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
