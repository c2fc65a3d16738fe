"""API and workers know what can be asked for; what does it is loaded by compute children."""

import subprocess
import sys

import pytest

PROGRAM = "import sys, {module}; print(sorted({{'cv2', 'numpy'}} & set(sys.modules)))"


def loaded_by(module: str) -> str:
    program = PROGRAM.format(module=module)
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("module", ["pixie.adapters.jobs.providers.local", "pixie.entrypoints.wiring.container"])
def test_opencv_and_numpy_stay_outside(module: str) -> None:
    assert loaded_by(module) == "[]"


def test_inside_of_a_child_they_are_loaded() -> None:
    assert loaded_by("pixie.adapters.jobs.imaging.pixels.matte") == "['cv2', 'numpy']"
