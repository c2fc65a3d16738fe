"""One process of Pixie under the supervisor."""

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pixie.adapters.kernel.embedded.launcher import Errand, Launcher, Pause, Program

_PROVEN_AFTER = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """What to run. `turn` says when to stop it: those with the lowest first, those with the same together."""

    name: str
    argv: tuple[str, ...]
    turn: int
    patience: float
    """Seconds to end by itself once it was asked to."""
    is_ready: Callable[[], bool] | None = None
    """Whether it does its work. Without that, a process is as good as ready when it has lived for a while."""


class Child:
    """A process that is started again whenever it ends. `proven` once it has been ready."""

    def __init__(self, spec: ChildSpec, *, launcher: Launcher, env: Mapping[str, str], log: Path) -> None:
        self.spec = spec
        self.name = spec.name
        self.log = log
        self.proven = False
        self._launcher = launcher
        self._env = env
        self._program: Program | None = None
        self._started_at = 0.0

    @property
    def pid(self) -> int | None:
        return None if self._program is None else self._program.pid

    def start(self) -> None:
        with self.log.open("ab") as output:
            errand = Errand(argv=self.spec.argv, env=self._env, output=output)
            self._program = self._launcher.start(errand)
        self._started_at = time.monotonic()

    def exit_code(self) -> int | None:
        """None while it runs."""
        return None if self._program is None else self._program.exit_code()

    def look(self) -> None:
        """Notice that it has become ready."""
        if self.proven or self._program is None or self.exit_code() is not None:
            return
        lived = time.monotonic() - self._started_at
        self.proven = lived > _PROVEN_AFTER if self.spec.is_ready is None else self.spec.is_ready()

    def ask_to_end(self) -> None:
        if self._program is not None and self.exit_code() is None:
            self._program.send(signal.SIGTERM)

    def see_end(self, pause: Pause) -> None:
        """Wait until it has ended, and when that takes too long, kill."""
        if self._program is not None and not self._program.wait(self.spec.patience, pause):
            self._program.kill()

    def kill(self) -> None:
        if self._program is not None:
            self._program.kill()
