"""Ends what a launcher leaves behind, however the launcher ended.

As a script it reads `guard PID SIGNAL...` and `release PID` from its standard input. When that closes, the launcher is
gone, and the warden ends every process still under guard: it sends the signals one after the other, and at last kills
the whole process group. The death signal of `leash.py` is quicker; this one also reaches processes that are stopped,
that do not listen, or that were started by a guarded process. On macOS it is the only one.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

Guarded = dict[int, list[int]]


def read_orders(lines: Iterable[str]) -> Guarded:
    """Follow the orders until they end; what is still guarded then."""
    guarded: Guarded = {}
    for line in lines:
        verb, pid, *signals = line.split()
        if verb == "guard":
            guarded[int(pid)] = [int(number) for number in signals]
        else:
            guarded.pop(int(pid), None)
    return guarded


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def leads_its_group(pid: int) -> bool:
    """Whether this is one of ours: all are started as leaders of a session, a reused number hardly ever is."""
    with contextlib.suppress(ProcessLookupError):
        return is_alive(pid) and os.getpgid(pid) == pid
    return False


def end(guarded: Guarded, *, grace: float) -> None:
    rounds = max((len(signals) for signals in guarded.values()), default=0)
    for turn in range(rounds):
        for pid, signals in guarded.items():
            if turn < len(signals) and leads_its_group(pid):
                _send(pid, signals[turn])
        _wait_for_end(guarded, time.monotonic() + grace / rounds)
    for pid in guarded:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
        os.kill(pid, signal.SIGCONT)


def _wait_for_end(pids: Iterable[int], deadline: float) -> None:
    while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end(read_orders(sys.stdin), grace=float(sys.argv[1]))


if __name__ == "__main__":
    main()
