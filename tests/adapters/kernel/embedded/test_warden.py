import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from pixie.adapters.kernel.embedded.warden import end, is_alive, read_orders

SLEEP = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEP


@pytest.fixture
def started() -> Iterator[list["subprocess.Popen[bytes]"]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def start(
    started: list["subprocess.Popen[bytes]"], code: str, *, own_session: bool = True
) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", code], stdout=subprocess.PIPE, start_new_session=own_session
    )
    started.append(process)
    assert process.stdout
    process.stdout.readline()
    return process


def test_what_was_released_is_not_guarded() -> None:
    assert read_orders(["guard 5 2 3\n", "guard 6 15\n", "release 5\n", "release 7\n"]) == {6: [15]}


def test_signals_are_sent_one_after_the_other_and_then_comes_the_kill(started: list["subprocess.Popen[bytes]"]) -> None:
    polite, deaf = start(started, SLEEP), start(started, DEAF)
    end({polite.pid: [signal.SIGTERM], deaf.pid: [signal.SIGTERM, signal.SIGTERM]}, grace=0.4)
    assert polite.wait(5) == -signal.SIGTERM
    assert deaf.wait(5) == -signal.SIGKILL


def test_a_process_that_leads_no_group_is_some_other_that_got_the_number(
    started: list["subprocess.Popen[bytes]"],
) -> None:
    stranger = start(started, SLEEP, own_session=False)
    end({stranger.pid: [signal.SIGTERM]}, grace=0.1)
    assert stranger.poll() is None


def test_a_process_that_waits_to_be_collected_is_not_alive() -> None:
    process = subprocess.Popen(["/bin/true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(process.pid)
    process.wait()
    assert not is_alive(process.pid)
    assert is_alive(os.getpid())
