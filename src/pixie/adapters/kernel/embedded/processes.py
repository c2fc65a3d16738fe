"""Looking at processes that this one did not start."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from pixie.adapters.kernel.embedded.launcher import Pause
from pixie.adapters.kernel.embedded.warden import is_alive

ON_LINUX: bool = sys.platform == "linux"
"""Elsewhere there is no /proc."""


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process runs with `folder` as its working directory."""
    try:
        return is_alive(pid) and _working_folder(pid).samefile(folder)
    except OSError:
        return False


def program_of(pid: int) -> str:
    """The name of the program that the process runs; empty when that cannot be told."""
    try:
        if ON_LINUX:
            return Path(f"/proc/{pid}/exe").readlink().name.removesuffix(" (deleted)")
        return Path(_ask("ps", "-o", "comm=", "-p", str(pid))).name
    except OSError:
        return ""


def end_stranger(pid: int, *steps: tuple[signal.Signals, float], pause: Pause = time.sleep) -> None:
    """End a process that is no child of ours: each signal with the time to wait for its effect; at last kill."""
    for number, timeout in (*steps, (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
            os.kill(pid, signal.SIGCONT)
        deadline = time.monotonic() + timeout
        while is_alive(pid) and time.monotonic() < deadline:
            pause(0.02)
        if not is_alive(pid):
            return


def _working_folder(pid: int) -> Path:
    if ON_LINUX:
        return Path(f"/proc/{pid}/cwd")
    found = _ask("lsof", "-a", "-p", str(pid), "-d", "cwd", "-Fn")
    return Path(next((line[1:] for line in found.splitlines() if line.startswith("n")), os.devnull))


def _ask(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
