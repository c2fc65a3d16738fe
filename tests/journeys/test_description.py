"""The running API held to its own description, by requests made from it: valid ones, and ones with every kind of flaw."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import journey_fuzz
from tests.support.journey import RunningPixie
from tests.support.journey_books import faults_in_the_books
from tests.support.journey_person import expect

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]


def fuzzed(pixie: RunningPixie, email: str, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "schemathesis.cli",
                "--config-file",
                str(Path(__file__).with_name("schemathesis.toml")),
            ),
            *("run", f"{pixie.url}/openapi.json", "--checks", "all", *options),
        ],
        cwd=ROOT,
        env={**os.environ, "SCHEMATHESIS_HOOKS": journey_fuzz.__name__, journey_fuzz.EMAIL: email},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--phases", "examples,coverage,fuzzing", "-n", "10", "--seed", "1"), id="a little"),
        pytest.param(("-n", "1000"), id="a lot", marks=[pytest.mark.soak, pytest.mark.timeout(0)]),
    ],
)
def test_the_api_does_what_its_description_says(pixie: RunningPixie, options: tuple[str, ...]) -> None:
    with pixie.somebody() as mina:
        done = fuzzed(pixie, mina.email, *options)
        for job in expect(mina.get("/api/ai/jobs", limit=100), 200)["items"]:
            mina.cancel(job["id"])
    assert done.returncode == 0, done.stdout
    assert "unexpected_error" not in pixie.log("api")
    assert faults_in_the_books(pixie) == []
