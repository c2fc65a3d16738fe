"""A supervisor run as a user runs it, and what of it is still there."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.adapters.kernel.embedded.ports import free_port
from tests.support.waiting import eventually

_FAKE_SYSTEM = Path(__file__).with_name("fake_system.py")

Command = Callable[[DataFolder, int], list[str]]
"""What to run, on which folder and port."""


@dataclass(slots=True)
class Supervised:
    """A running supervisor on `folder`; its processes are known by a mark in their environment, or by where they
    work.
    """

    folder: DataFolder
    port: int
    mark: str
    process: "subprocess.Popen[str]"
    home: Path

    @property
    def stdout(self) -> str:
        return (self.home / "stdout").read_text()

    @property
    def stderr(self) -> str:
        return (self.home / "stderr").read_text()

    def wait_ready(self, *, within: float = 60.0) -> None:
        assert eventually(lambda: self.stdout or self.process.poll() is not None, within=within)
        assert self.stdout == f"ready http://127.0.0.1:{self.port}\n", self.stderr

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def exit_code(self, *, within: float = 60.0) -> int:
        return self.process.wait(within)

    def left_over(self) -> list[int]:
        """The pids of its processes that still run. Linux only."""
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and self._owns(entry)]

    def _owns(self, process: Path) -> bool:
        try:
            marked = self.mark.encode() in (process / "environ").read_bytes()
            return marked or (process / "cwd").resolve().is_relative_to(self.folder.path)
        except OSError:
            return False

    def born(self, name: str) -> list[int]:
        """The pids that the fake process of this name has had."""
        return [int(path.name.partition("-")[2]) for path in (self.home / "born").glob(f"{name}-*")]

    def stopped(self) -> list[str]:
        """The fake processes in the order in which they were asked to end."""
        return (self.home / "stopped").read_text().split()


def fake_system(*words: str) -> Command:
    return lambda folder, port: [sys.executable, str(_FAKE_SYSTEM), str(folder.path), str(port), *words]


def pixie_up(*options: str) -> Command:
    up = (sys.executable, "-P", "-m", "pixie", "up")
    return lambda folder, port: [*up, "--data-dir", str(folder.path), "--port", str(port), *options]


@contextmanager
def supervised(
    home: Path, command: Command, *, port: int | None = None, env: Mapping[str, str] | None = None
) -> Iterator[Supervised]:
    """Run it in the background; whatever is left of it in the end is killed."""
    home.mkdir(parents=True, exist_ok=True)
    folder, port, mark = DataFolder(home / "data"), port or free_port(), f"MARK={uuid4()}"
    with (home / "stdout").open("w") as stdout, (home / "stderr").open("w") as stderr:
        process = subprocess.Popen(
            command(folder, port),
            stdout=stdout,
            stderr=stderr,
            text=True,
            env={**os.environ, **(env or {}), "SYSTEM_MARK": mark},
            cwd=home,
            start_new_session=True,
        )
        system = Supervised(folder, port, mark, process, home)
        try:
            yield system
        finally:
            process.kill()
            process.wait()
            for pid in system.left_over():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
