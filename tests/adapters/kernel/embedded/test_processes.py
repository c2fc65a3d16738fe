import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixie.adapters.kernel.embedded.processes import end_stranger, program_of, works_in
from pixie.adapters.kernel.embedded.warden import is_alive

DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
NOBODYS = 2**22 + 1
"""More than any process has."""


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-S", "-c", DEAF], stdout=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout
        process.stdout.readline()
        yield process
        process.kill()


def test_where_a_process_works_and_what_it_runs_is_known(deaf: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    assert works_in(deaf.pid, tmp_path)
    assert not works_in(deaf.pid, tmp_path.parent)
    assert program_of(deaf.pid) == Path(os.path.realpath(sys.executable)).name


def test_of_a_process_that_does_not_exist_nothing_is_known(tmp_path: Path) -> None:
    assert not works_in(NOBODYS, tmp_path)
    assert program_of(NOBODYS) == ""
    end_stranger(NOBODYS, (signal.SIGTERM, 1.0))


def test_a_stranger_that_does_not_listen_is_killed(deaf: "subprocess.Popen[bytes]") -> None:
    end_stranger(deaf.pid, (signal.SIGTERM, 0.1))
    assert not is_alive(deaf.pid)
    assert deaf.wait(5) == -signal.SIGKILL
