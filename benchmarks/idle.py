"""What an idle system costs, and how long it takes to start.

The promise: below 400 MB, engines included, and a second start below 5 s. The baselines: the engines alone; and one
Python process that imports the application, of which a start has to do several.
"""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.report import Figure, mb, show, times
from benchmarks.system import System, fresh_home, running_system

SETTLE_SECONDS = 10.0
WATCH_SECONDS = 10.0
PROMISED_BYTES = 400e6
PROMISED_START = 5.0
_ENGINES = ("postgres", "redis")


def measure(place: Path) -> None:
    imported = _seconds_to_import()
    with fresh_home(place) as home:
        with running_system(home) as first:
            first_start = first.seconds_to_start
        with running_system(home) as second:
            time.sleep(SETTLE_SECONDS)
            memory, cpu, counts = _costs(second)
            second_start = second.seconds_to_start
    show("Idle system: each kind of process", _each(memory, cpu, counts))
    show("Idle system", [*_whole(memory, cpu), *_starts(first_start, second_start, imported)])


def _seconds_to_import() -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-P", "-c", "import pixie.entrypoints.asgi"], check=True)
    return time.monotonic() - begun


def _costs(system: System) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By role: bytes, thousandths of a processor, processes."""
    memory: Counter[str] = Counter()
    cpu: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    processes = system.processes()
    before = {process.pid: process.cpu_seconds() for process in processes}
    time.sleep(WATCH_SECONDS)
    for process in processes:
        used = max(process.cpu_seconds() - before[process.pid], 0.0)
        memory[process.role] += process.pss_bytes()
        cpu[process.role] += round(used / WATCH_SECONDS * 1000)
        counts[process.role] += 1
    return memory, cpu, counts


def _each(memory: Counter[str], cpu: Counter[str], counts: Counter[str]) -> list[Figure]:
    total = memory.total()
    return [
        Figure(
            name=f"{role} ({counts[role]})" if counts[role] > 1 else role,
            measured=mb(size),
            baseline=f"{cpu[role] / 10:.1f} % CPU",
            ratio=f"{size / total:.0%} of all",
        )
        for role, size in memory.most_common()
    ]


def _whole(memory: Counter[str], cpu: Counter[str]) -> list[Figure]:
    engines = sum(memory[role] for role in _ENGINES)
    engines_cpu = sum(cpu[role] for role in _ENGINES)
    return [
        Figure(
            name="memory of all (PSS)",
            measured=mb(memory.total()),
            baseline=f"{mb(engines)} engines alone",
            ratio=times(memory.total() / engines),
            promised=f"less than {mb(PROMISED_BYTES)}",
            kept=memory.total() < PROMISED_BYTES,
        ),
        Figure(
            name="CPU of all",
            measured=f"{cpu.total() / 10:.1f} %",
            baseline=f"{engines_cpu / 10:.1f} % engines alone",
        ),
    ]


def _starts(first: float, second: float, imported: float) -> list[Figure]:
    base = f"{imported:.1f} s importing"
    return [
        Figure(name="first start", measured=f"{first:.1f} s", baseline=base, ratio=times(first / imported)),
        Figure(
            name="second start",
            measured=f"{second:.1f} s",
            baseline=base,
            ratio=times(second / imported),
            promised=f"less than {PROMISED_START:.0f} s",
            kept=second < PROMISED_START,
        ),
    ]
