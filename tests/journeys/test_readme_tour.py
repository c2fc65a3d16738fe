"""The README's tour, pasted as a whole into bash, against a running system."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.support.journey import RunningPixie
from tests.support.readme import ROOT, blocks, tour

pytestmark = pytest.mark.journey

DEFAULT = "http://127.0.0.1:8000"


def test_the_tour_works_word_for_word(pixie: RunningPixie, tmp_path: Path) -> None:
    assert tour().count(DEFAULT) == 1
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "python3").symlink_to(sys.executable)

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", tour().replace(DEFAULT, pixie.url)],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    first, second, *stream, last = done.stdout.strip().splitlines()
    assert first == second == "completed"
    assert "event: completed" in stream
    assert json.loads(last.replace("'", '"')) == {"available": 96, "held": 0}
    with Image.open(tmp_path / "edited.jpg") as edited, Image.open(tmp_path / "sketch.png") as sketch:
        edited.load()
        sketch.load()
        assert (edited.format, edited.size) == ("JPEG", (1200, 675))
        assert sketch.format == "PNG"
    with Image.open(tmp_path / "vanished.jpg") as vanished:
        assert vanished.width == 2048
        assert vanished.width > 2.5 * vanished.height


def test_the_shells_commands_work_word_for_word(pixie: RunningPixie, tmp_path: Path) -> None:
    (commands,) = blocks("From the shell", "bash")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIXIE_")}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    environment["PIXIE_DATA_DIR"] = str(pixie.system.folder.path)

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("lighthouse.png\nvintage.png\n")
    assert "2 for each picture, in credits" in done.stdout
    with Image.open(tmp_path / "lighthouse.png") as plain, Image.open(tmp_path / "vintage.png") as vintage:
        assert plain.size == vintage.size == (600, 400)
        assert plain.tobytes() != vintage.tobytes()
