"""A system of its own for each benchmark: `pixie up` as a user runs it, with durable engines, on a fresh folder."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from benchmarks.processes import Process, cpu_of, family
from pixie.adapters.kernel.embedded.data_folder import DataFolder, Engines
from pixie.adapters.kernel.embedded.ports import free_port

PLENTY = 1_000_000
_ENV = {
    "PIXIE_AUTH_BCRYPT_COST": "4",  # signing people up is no part of what is measured
    "PIXIE_AUTH_ACCESS_LIFETIME": "7200",
    "PIXIE_CREDITS_WELCOME_AMOUNT": str(PLENTY),
}
_READY_SECONDS = 180.0
_STOP_SECONDS = 60.0
AT_WORK = ("worker", "compute", "scheduler")


class NotReady(Exception):
    def __init__(self, said: str) -> None:
        super().__init__(f"pixie up did not become ready. It said:\n{said}")


@dataclass(slots=True, kw_only=True)
class System:
    """A running `pixie up`."""

    folder: DataFolder
    port: int
    mark: str
    process: "subprocess.Popen[str]"
    seconds_to_start: float
    _paused: list[int] = field(default_factory=list)

    @property
    def engines(self) -> Engines:
        engines = self.folder.engines()
        if engines is None:
            raise RuntimeError(f"nothing runs on {self.folder.path}")
        return engines

    def processes(self, *roles: str) -> list[Process]:
        """Its processes; only those of the roles, if any are named."""
        return [each for each in family(self.mark, self.folder.path) if not roles or each.role in roles]

    def cpu_seconds(self, *roles: str) -> float:
        return cpu_of(self.processes(*roles))

    @contextmanager
    def without_workers(self) -> Iterator[None]:
        """Jobs are accepted and nobody works on them: those who would are put to sleep."""
        for process in self.processes(*AT_WORK):
            os.kill(process.pid, signal.SIGSTOP)
            self._paused.append(process.pid)
        try:
            yield
        finally:
            self.wake_all()

    def wake_all(self) -> None:
        while self._paused:
            with suppress(ProcessLookupError):
                os.kill(self._paused.pop(), signal.SIGCONT)

    def stop(self) -> None:
        """Ask it to end; kill what has not ended then."""
        self.wake_all()
        self.process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_STOP_SECONDS)
        self.process.kill()
        self.process.wait()
        for left in self.processes():
            with suppress(ProcessLookupError):
                os.kill(left.pid, signal.SIGKILL)


@contextmanager
def running_system(home: Path, env: Mapping[str, str] | None = None) -> Iterator[System]:
    system = _started(home, env or {})
    try:
        yield system
    finally:
        system.stop()


@contextmanager
def fresh_home(place: Path) -> Iterator[Path]:
    """A folder of one's own, on a real disk: on one in memory fsync would cost nothing."""
    with tempfile.TemporaryDirectory(prefix="pixie-bench-", dir=place, ignore_cleanup_errors=True) as home:
        yield Path(home)


def _started(home: Path, env: Mapping[str, str]) -> System:
    port, mark, begun = free_port(), f"BENCH_MARK={uuid4()}", time.monotonic()
    name, _, value = mark.partition("=")
    with (home / "stderr").open("a+") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pixie", "up", "--port", str(port), "--data-dir", str(home / "data")],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=home,
            env={**_inherited(), **_ENV, **env, name: value},
            start_new_session=True,
        )
    folder = DataFolder(home / "data")
    system = System(folder=folder, port=port, mark=mark, process=process, seconds_to_start=0.0)
    try:
        _await_ready(process, home)
    except BaseException:
        system.stop()
        raise
    system.seconds_to_start = time.monotonic() - begun
    return system


def _inherited() -> dict[str, str]:
    """This environment, without settings that would make it another system."""
    foreign = ("PIXIE_", "DATABASE_URL", "REDIS_URL", "JWT_", "S3_", "AWS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def _await_ready(process: "subprocess.Popen[str]", home: Path) -> None:
    if process.stdout is None:
        raise NotReady("")
    patience = threading.Timer(_READY_SECONDS, process.kill)
    patience.start()
    line = process.stdout.readline()
    patience.cancel()
    if not line.startswith("ready "):
        raise NotReady((home / "stderr").read_text(encoding="utf-8"))
