"""What the embedded engines have in common: being started, found ready, restarted and stopped."""

import errno
import os
import signal
import time
from abc import ABC, abstractmethod
from enum import Enum, auto
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Self

from pixie.adapters.kernel.embedded.accounts import Account
from pixie.adapters.kernel.embedded.launcher import Errand, Launcher, Pause, Program
from pixie.adapters.kernel.embedded.ports import free_port
from pixie.adapters.kernel.embedded.processes import end_stranger, program_of, works_in

_ATTEMPTS = 12
_HURRY = 2.0
_PATIENCE = 600.0
"""Seconds to become ready. Recovery after a crash of a large database takes its time; a failure shows at once."""

ADDRESS_TAKEN = os.strerror(errno.EADDRINUSE)
"""How a server says so, whatever else it says around it."""

StopStep = tuple[signal.Signals, float]


class EngineFailed(Exception):
    """An engine did not start; says what it wrote last."""


class Obstacle(Enum):
    """Why an engine ended before it was ready, where another attempt may succeed."""

    PORT_TAKEN = auto()
    PREDECESSOR = auto()
    BAD_DATA = auto()


class EmbeddedEngine(ABC):
    """A server on the loopback address, with a password, that keeps its data in `folder` and dies with this process.

    A port is chosen with the first start and kept for every later one. The log is appended to.
    """

    name: ClassVar[str]
    program_name: ClassVar[str]
    stop_steps: ClassVar[tuple[StopStep, ...]]

    def __init__(
        self,
        folder: Path,
        *,
        password: str,
        log: Path,
        launcher: Launcher,
        port: int | None = None,
        durable: bool = True,
    ) -> None:
        self.folder = folder
        self.password = password
        self.log = log
        self.durable = durable
        self._launcher = launcher
        self._port = port
        self._program: Program | None = None

    @property
    def port(self) -> int:
        if self._port is None:
            raise EngineFailed(f"{self.name} has not been started.")
        return self._port

    @property
    def pid(self) -> int:
        if self._program is None:
            raise EngineFailed(f"{self.name} has not been started.")
        return self._program.pid

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients find it, password included."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it answers."""

    @abstractmethod
    def _create(self, account: Account, pause: Pause) -> None:
        """Make the data folder, all of it or nothing."""

    @abstractmethod
    def _errand(self, account: Account, output: IO[bytes]) -> Errand:
        """How to run the server."""

    @abstractmethod
    def _recorded_pid(self) -> int | None:
        """The process that the engine itself wrote down as its own."""

    @abstractmethod
    def _obstacle(self, words: str) -> Obstacle | None:
        """What kept it from starting, by its last words. What can be cleared away, is; None when nothing helps."""

    def start(self, pause: Pause = time.sleep) -> None:
        """Start and wait until it is ready. Whatever runs on this folder from before is stopped first."""
        self._stop_predecessor(pause)
        account = Account.keeper_of(self.folder)
        self._create(account, pause)
        keeps_port = self._port is not None
        for _ in range(_ATTEMPTS):
            if not keeps_port:
                self._port = free_port()
            said_before = self.log.stat().st_size if self.log.exists() else 0
            if self._launch(account, pause):
                return
            words = _read_from(self.log, said_before)
            if self._obstacle(words) is None:
                raise EngineFailed(f"{self.name} did not start. It said, in {self.log}:\n{words.strip()}")
            pause(0.3)
        raise EngineFailed(f"{self.name} did not start in {_ATTEMPTS} attempts; see {self.log}.")

    def exit_code(self) -> int | None:
        """None while it runs, and before it was started."""
        return None if self._program is None else self._program.exit_code()

    def stop(self, pause: Pause = time.sleep) -> None:
        if self._program is not None:
            self._program.stop(*self.stop_steps, pause=pause)

    def hurry(self) -> None:
        """Stop without putting things in order; the next start does."""
        if self._program is not None:
            number, _ = self.stop_steps[-1]
            self._program.stop((number, _HURRY))

    def kill(self) -> None:
        if self._program is not None:
            self._program.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self, account: Account, pause: Pause) -> bool:
        with self.log.open("ab") as output:
            self._program = self._launcher.start(self._errand(account, output))
        deadline = time.monotonic() + _PATIENCE
        while self._program.exit_code() is None:
            if self.is_ready():
                return True
            if time.monotonic() > deadline:
                self.kill()
            pause(0.01)
        return False

    def _stop_predecessor(self, pause: Pause) -> None:
        """End a server that a killed process left behind on this folder; only one that is truly ours."""
        pid = self._recorded_pid()
        if pid is not None and program_of(pid) == self.program_name and works_in(pid, self.folder):
            end_stranger(pid, *self.stop_steps, pause=pause)


def _read_from(log: Path, position: int) -> str:
    with log.open("rb") as file:
        file.seek(position)
        return file.read().decode(errors="replace")
