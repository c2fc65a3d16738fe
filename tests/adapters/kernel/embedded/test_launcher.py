import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixie.adapters.kernel.embedded.accounts import Account
from pixie.adapters.kernel.embedded.launcher import Errand, Launcher, Program
from pixie.adapters.kernel.embedded.warden import is_alive
from tests.support.waiting import eventually

pytestmark = pytest.mark.infra  # no engines, but many processes, and some that take their time to die

PATIENT = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + PATIENT
FAMILY = (
    "import subprocess, sys;"
    "child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True);"
)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


@pytest.fixture
def own_launcher() -> Iterator[Launcher]:
    with Launcher() as launcher:
        yield launcher


def start(launcher: Launcher, code: str, output: Path) -> Program:
    with output.open("wb") as file:
        program = launcher.start(Errand(argv=[sys.executable, "-S", "-c", code], env=os.environ, output=file))
    assert eventually(output.read_bytes)
    return program


def test_a_program_leads_a_session_of_its_own(own_launcher: Launcher, output: Path) -> None:
    program = start(own_launcher, PATIENT, output)
    assert os.getsid(program.pid) == program.pid
    program.kill()


def test_a_program_reads_what_it_is_given(own_launcher: Launcher, output: Path) -> None:
    with output.open("wb") as file:
        errand = Errand(argv=["/bin/cat"], env={}, output=file, input="پیکسی".encode())
        assert own_launcher.run(errand, timeout=10) == 0
    assert output.read_text() == "پیکسی"


def test_the_exit_code_of_a_program_is_known(own_launcher: Launcher) -> None:
    assert own_launcher.run(Errand(argv=["/bin/sh", "-c", "exit 7"], env={}), timeout=10) == 7


def test_a_program_that_takes_too_long_is_killed(own_launcher: Launcher) -> None:
    assert own_launcher.run(Errand(argv=["/bin/sleep", "60"], env={}), timeout=0.1) == -signal.SIGKILL


def test_a_program_ends_when_whoever_waits_for_it_gives_up(own_launcher: Launcher) -> None:
    class GivenUp(Exception):
        pass

    def give_up(_: float) -> None:
        raise GivenUp

    with pytest.raises(GivenUp):
        own_launcher.run(Errand(argv=["/bin/sleep", "60"], env={}), timeout=10, pause=give_up)
    assert not own_launcher._guarded


def test_stopping_is_gentle_first(own_launcher: Launcher, output: Path) -> None:
    program = start(own_launcher, PATIENT, output)
    program.stop((signal.SIGTERM, 10))
    assert program.exit_code() == -signal.SIGTERM


def test_a_program_that_does_not_listen_is_killed(own_launcher: Launcher, output: Path) -> None:
    program = start(own_launcher, DEAF, output)
    program.stop((signal.SIGTERM, 0.2))
    assert program.exit_code() == -signal.SIGKILL


def test_what_a_program_left_in_its_session_ends_with_it(own_launcher: Launcher, output: Path) -> None:
    program = start(own_launcher, FAMILY + "sys.exit(3)", output)
    grandchild = int(output.read_text())
    assert eventually(lambda: program.exit_code() is not None)
    assert program.exit_code() == 3
    assert eventually(lambda: not is_alive(grandchild))


def test_programs_are_started_from_the_main_thread_only(own_launcher: Launcher) -> None:
    errors: list[RuntimeError] = []

    def try_it() -> None:
        try:
            own_launcher.start(Errand(argv=["/bin/true"], env={}))
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert "main thread" in str(errors[0])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run programs as somebody else")
def test_a_program_of_another_account_has_none_of_roots_rights(own_launcher: Launcher, output: Path) -> None:
    with output.open("wb") as file:
        errand = Errand(argv=["/usr/bin/id"], env={}, output=file, account=Account.nobody())
        assert own_launcher.run(errand, timeout=10) == 0
    assert "root" not in output.read_text()


LEAVING = """
import os, sys, time
from pathlib import Path
from pixie.adapters.kernel.embedded.launcher import Errand, Launcher
launcher = Launcher()
with Path(sys.argv[1]).open("wb") as output:
    program = launcher.start(Errand(argv=[sys.executable, "-S", "-c", sys.argv[2]], env=os.environ, output=output))
while not Path(sys.argv[1]).read_bytes():
    time.sleep(0.01)
print(program.pid, launcher._warden.pid, flush=True)
time.sleep(60)
"""


def launch_and_be_killed(
    code: str, output: Path, *, warden: bool = True, before_death: signal.Signals | None = None
) -> int:
    """The program's pid, once its launcher has been killed."""
    argv = [sys.executable, "-c", textwrap.dedent(LEAVING), str(output), code]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        program, its_warden = map(int, parent.stdout.readline().split())
        if not warden:
            os.kill(its_warden, signal.SIGKILL)
        if before_death:
            os.kill(program, before_death)
        parent.kill()
    assert eventually(lambda: not is_alive(its_warden), within=15)
    return program


def test_a_program_does_not_outlive_its_launcher(output: Path) -> None:
    program = launch_and_be_killed(PATIENT, output)
    assert not is_alive(program)


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux has death signals; elsewhere the warden is all there is"
)
def test_a_program_does_not_outlive_its_launcher_even_without_a_warden(output: Path) -> None:
    program = launch_and_be_killed(PATIENT, output, warden=False)
    assert eventually(lambda: not is_alive(program))


def test_a_stopped_program_does_not_outlive_its_launcher(output: Path) -> None:
    program = launch_and_be_killed(PATIENT, output, before_death=signal.SIGSTOP)
    assert not is_alive(program)


def test_a_deaf_program_does_not_outlive_its_launcher_long(output: Path) -> None:
    program = launch_and_be_killed(DEAF, output)
    assert eventually(lambda: not is_alive(program))


def test_what_a_program_started_does_not_outlive_the_launcher_either(output: Path) -> None:
    launch_and_be_killed(FAMILY + PATIENT, output)
    grandchild = int(output.read_text().split()[0])
    assert eventually(lambda: not is_alive(grandchild))


def test_a_warden_that_died_is_replaced_and_told_everything(output: Path) -> None:
    with Launcher() as launcher:
        program = start(launcher, PATIENT, output)
        first = launcher._warden
        assert first
        first.kill()
        first.wait()
        launcher.look_after_warden()
        assert launcher._warden is not first
    assert eventually(lambda: program.exit_code() == -signal.SIGTERM)  # closed while under guard
