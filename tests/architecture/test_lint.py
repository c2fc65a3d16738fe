"""What the house forbids through ruff is seen to fail with the project's own configuration."""

import subprocess
import sys

import pytest

from tests.architecture.source import ROOT


def complaints(code: str, path: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise", "--stdin-filename", path, "-"],
        input=code,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    return [line.split(" ")[1] for line in done.stdout.splitlines() if line.startswith(path)]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("TID251", "from typing import TYPE_CHECKING\n\nprinted = TYPE_CHECKING\n"),
        ("TID251", "from unittest.mock import Mock\n\nmade = Mock()\n"),
        ("TID252", "from .job import Job\n\nmade = Job()\n"),
        ("DTZ005", "from datetime import datetime\n\nnow = datetime.now()\n"),
        ("BLE001", "try:\n    made = 1\nexcept Exception:\n    made = 2\n"),
        ("T201", "print(1)\n"),
        ("FBT001", "def run(on: bool) -> bool:\n    return on\n"),
        ("PGH003", "made = 1  # type: " + "ignore\n"),
    ],
)
def test_a_forbidden_line_is_refused(rule: str, code: str) -> None:
    assert rule in complaints(code, "src/pixie/domain/jobs/planted.py")


def test_a_sound_file_is_not_refused() -> None:
    assert complaints('"""Sound."""\n\nMADE = 1\n', "src/pixie/domain/jobs/planted.py") == []
