"""Things for compute children to do; they import this module by its name."""

import os
import signal
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pixie.adapters.kernel.compute_child import report_progress
from pixie.domain.kernel.errors import ErrorKind, PixieError


@dataclass(frozen=True)
class Shape:
    name: str
    corners: tuple[int, ...]


class OutOfPaint(PixieError):
    kind = ErrorKind.THROTTLED
    code = "out_of_paint"
    title = "Out of paint"

    def __init__(self, *, litres: int) -> None:
        super().__init__(f"{litres} l are missing.", retry_after=timedelta(seconds=3), litres=litres)


def own_pid() -> int:
    return os.getpid()


def shape(name: str, corners: int) -> Shape:
    return Shape(name, tuple(range(corners)))


def environment() -> dict[str, str]:
    return dict(os.environ)


def want_paint(litres: int) -> int:
    raise OutOfPaint(litres=litres)


def stumble() -> int:
    return 1 // int("0")


def lie() -> int:
    return "a string"  # type: ignore[return-value]  # a function that breaks its word, on purpose


def fill_memory(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def spin(seconds: float) -> int:
    """Hold a processor, and the interpreter's lock, in one long native call after the other."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        sum(range(3_000_000))
    return os.getpid()


def spin_and_tell(note: str) -> int:
    Path(note).write_text(str(os.getpid()), encoding="ascii")
    return spin(60)


def die(signal_number: int) -> int:
    os.kill(os.getpid(), signal_number)
    time.sleep(30)
    return 0


def leave(code: int) -> int:
    os._exit(code)


def mark_time(folder: str) -> tuple[float, float]:
    """When this ran, for looking at what overlapped."""
    began = time.monotonic()
    time.sleep(0.1)
    Path(folder, str(os.getpid())).touch()
    return began, time.monotonic()


def count_up(steps: int) -> int:
    for step in range(steps):
        report_progress(100 * step // steps)
        time.sleep(0.02)
    report_progress(100)
    return steps


def loaded_modules() -> list[str]:
    return sorted(sys.modules)


def interrupt_self() -> int:
    os.kill(os.getpid(), signal.SIGINT)
    return os.getpid()
