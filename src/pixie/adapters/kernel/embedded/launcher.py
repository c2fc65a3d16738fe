"""Starting programs so that none of them can outlive this process."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pixie.adapters.kernel.embedded.accounts import Account

Pause = Callable[[float], None]
"""Waits so many seconds; may raise to give up whatever waits."""

_GRACE = 6.0
_MARGIN = 4.0
_SCRIPT = (sys.executable, "-I", "-S")
_LEASH = str(Path(__file__).with_name("leash.py"))
_WARDEN = str(Path(__file__).with_name("warden.py"))
_NOT_OURS_ANY_MORE = (ProcessLookupError, PermissionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What to run and how."""

    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path | None = None
    account: Account | None = None
    """Who runs it; None for ourselves."""
    output: IO[bytes] | int = subprocess.DEVNULL
    """Where both its streams go."""
    input: bytes = b""
    """What it reads from its standard input."""
    death_signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    """What asks it to end when this process dies, the gentlest first; a kill follows."""


class Program:
    """A running program, leader of its own session, so that a terminal's Ctrl-C does not reach it."""

    def __init__(self, process: "subprocess.Popen[bytes]", on_end: Callable[[int], None]) -> None:
        self._process = process
        self._on_end = on_end

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs; negative for the signal that ended it. Whatever it left in its group ends with it."""
        if self._process.returncode is None and self._process.poll() is not None:
            self._sweep()
        return self._process.returncode

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self, timeout: float, pause: Pause = time.sleep) -> bool:
        """Whether it ended in time."""
        deadline = time.monotonic() + timeout
        step = 0.002
        while self.exit_code() is None:
            if time.monotonic() >= deadline:
                return False
            pause(step)
            step = min(step * 1.5, 0.1)
        return True

    def stop(self, *steps: tuple[signal.Signals, float], pause: Pause = time.sleep) -> None:
        """Send each signal and wait so long for its effect; at last kill."""
        for number, timeout in steps:
            if self.exit_code() is not None:
                return
            self.send(number)
            if self.wait(timeout, pause):
                return
        self.kill()

    def kill(self) -> None:
        if self.exit_code() is None:
            with contextlib.suppress(*_NOT_OURS_ANY_MORE):
                os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
            self._sweep()

    def _sweep(self) -> None:
        with contextlib.suppress(*_NOT_OURS_ANY_MORE):
            os.killpg(self.pid, signal.SIGKILL)
        self._on_end(self.pid)


@dataclass(slots=True)
class Launcher:
    """Starts programs under a leash and a warden; see `leash.py` and `warden.py`.

    `held_open` are descriptors that the warden keeps open until everything has ended: a lock on them is let go only
    then. Programs must be started from the main thread, for the kernel ties them to the thread that starts them.
    """

    held_open: tuple[int, ...] = ()
    _guarded: dict[int, str] = field(default_factory=dict)
    _warden: "subprocess.Popen[bytes] | None" = None

    def start(self, errand: Errand) -> Program:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("Programs are started from the main thread: they would die with any other one.")
        self.look_after_warden()
        account = errand.account or Account.current()
        leash = (_LEASH, str(os.getpid()), str(int(errand.death_signals[0])), str(account.uid), str(account.gid))
        process = subprocess.Popen(
            [*_SCRIPT, *leash, *errand.argv],
            env=dict(errand.env),
            cwd=errand.cwd,
            stdin=subprocess.PIPE if errand.input else subprocess.DEVNULL,
            stdout=errand.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._guard(process.pid, errand.death_signals)
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
                stdin.write(errand.input)
        return Program(process, self._release)

    def run(self, errand: Errand, *, timeout: float, pause: Pause = time.sleep) -> int:
        """Run to the end; its exit code. It is killed when the time is up, or when `pause` gives up."""
        program = self.start(errand)
        try:
            program.wait(timeout, pause)
        finally:
            program.kill()
        return program.exit_code() or 0

    def look_after_warden(self) -> None:
        """Start the warden if it does not run, and tell it whom to guard."""
        if self._warden is not None and self._warden.poll() is None:
            return
        self._dismiss(0)
        self._warden = subprocess.Popen(
            [*_SCRIPT, _WARDEN, str(_GRACE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self.held_open,
            cwd="/",
        )
        self._tell(self._guarded.values())

    def close(self) -> None:
        """Let the warden go. What is still guarded, it ends."""
        self._dismiss(_GRACE + _MARGIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _guard(self, pid: int, signals: tuple[signal.Signals, ...]) -> None:
        self._guarded[pid] = f"guard {pid} {' '.join(str(int(number)) for number in signals)}\n"
        self._tell([self._guarded[pid]])

    def _release(self, pid: int) -> None:
        if self._guarded.pop(pid, None):
            self._tell([f"release {pid}\n"])

    def _tell(self, orders: Iterable[str]) -> None:
        if self._warden is None or self._warden.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError, ValueError):  # it died: its successor hears everything
            self._warden.stdin.write("".join(orders).encode())
            self._warden.stdin.flush()

    def _dismiss(self, patience: float) -> None:
        if self._warden is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._warden.communicate(timeout=patience)  # closes its ear
        self._warden.kill()
        self._warden.wait()
        self._warden = None
