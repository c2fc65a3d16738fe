"""The inside of a compute child: takes work from its socket, one piece after the other, and dies with its parent."""

import ctypes
import math
import os
import pickle
import queue
import resource
import signal
import socket
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Final

from pixie.adapters.kernel.compute_frames import (
    LENGTH_BYTES,
    Answer,
    Failed,
    OutOfMemory,
    Progress,
    Raised,
    Returned,
    Work,
    pack,
    pack_value,
    unpack_work,
)
from pixie.domain.kernel.errors import PixieError

_PR_SET_PDEATHSIG: Final = 1
_NICENESS: Final = 5  # pictures can wait a moment, requests cannot
_OOM_SCORE: Final = 500  # the kernel's first choice when memory runs out, rather than the API or the database
_SECONDS_BETWEEN_REPORTS: Final = 0.05
_MEGABYTE: Final = 1024 * 1024


class _Reporter:
    """Sends percents upwards: only rising ones, and only so often."""

    def __init__(self) -> None:
        self._channel: socket.socket | None = None
        self._percent = -1
        self._next_at = 0.0

    def begin(self, channel: socket.socket) -> None:
        self._channel, self._percent, self._next_at = channel, -1, 0.0

    def __call__(self, percent: int) -> None:
        now = time.monotonic()
        if self._channel is None or percent <= self._percent or now < self._next_at:
            return
        self._percent, self._next_at = percent, now + _SECONDS_BETWEEN_REPORTS
        self._channel.sendall(pack(Progress(min(percent, 100))))


report_progress = _Reporter()
"""Tell whoever awaits this computation how far it is, in percent. Outside of a compute child it does nothing."""


def main(channel: socket.socket, parent: int) -> None:
    _die_with(parent)
    _give_way()
    inbox = _Inbox(channel)
    while (body := inbox.next()) is not None:
        answer = _answer(unpack_work(body), channel)
        inbox.done()
        channel.sendall(pack(answer))


class _Inbox:
    """Reads the socket in a thread, for the socket's end to be noticed in the middle of work: then nobody wants it."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._bodies: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._working = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> bytes | None:
        return self._bodies.get()

    def done(self) -> None:
        self._working.clear()

    def _read(self) -> None:
        with suppress(OSError), self._channel.makefile("rb") as stream:
            while length := stream.read(LENGTH_BYTES):
                body = stream.read(int.from_bytes(length, "big"))
                self._working.set()
                self._bodies.put(body)
        if self._working.is_set():
            os._exit(1)
        self._bodies.put(None)


def _answer(work: Work, channel: socket.socket) -> Answer:
    report_progress.begin(channel)
    try:
        func, args = pickle.loads(work.pickled)  # noqa: S301 - from our own parent
        _bound(work)
        try:
            value = func(*args)
        finally:
            _unbound()
        return Returned(pack_value(value), _resident_mb())
    except PixieError as error:
        return _taken_apart(error)
    except MemoryError:
        return OutOfMemory()
    except Exception:  # noqa: BLE001 - the process's edge: all else is a bug, and the parent tells of it
        return Failed(traceback.format_exc())


def _taken_apart(error: PixieError) -> Raised:
    retry_after = None if error.retry_after is None else error.retry_after.total_seconds()
    return Raised(type(error).__module__, type(error).__qualname__, error.detail, retry_after, error.facts)


def _bound(work: Work) -> None:
    """Limits count from what the process holds now, so that a used child gives no less than a fresh one."""
    with suppress(FileNotFoundError):  # no /proc, no limit: macOS does not enforce RLIMIT_DATA anyhow
        held = _status_kilobytes("VmData") * 1024
        _set_soft(resource.RLIMIT_DATA, held + work.memory_mb * _MEGABYTE)
    if work.cpu_seconds is not None:
        _set_soft(resource.RLIMIT_CPU, math.ceil(time.process_time()) + work.cpu_seconds)


def _unbound() -> None:
    _set_soft(resource.RLIMIT_DATA, resource.getrlimit(resource.RLIMIT_DATA)[1])
    _set_soft(resource.RLIMIT_CPU, resource.getrlimit(resource.RLIMIT_CPU)[1])


def _set_soft(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    resource.setrlimit(which, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _status_kilobytes(field: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition(f"{field}:")[2].split(maxsplit=1)[0])


def _resident_mb() -> int:
    try:
        return _status_kilobytes("VmRSS") // 1024
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MEGABYTE  # macOS counts bytes


def _die_with(parent: int) -> None:
    """At once on Linux, even in the middle of native code; elsewhere with the end of the socket."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _give_way() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the socket
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICENESS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE), encoding="ascii")


def run(descriptor: int, parent: int) -> None:
    with socket.socket(fileno=descriptor) as channel, suppress(BrokenPipeError, ConnectionResetError):
        main(channel, parent)
