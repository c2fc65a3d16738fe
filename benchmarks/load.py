"""The closed loop: so many requests in flight, the next one as soon as one is answered; in a process of its own."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count, cycle
from multiprocessing import get_context

import uvloop

from benchmarks.wire import Wire

MARKER = b"<number>"
"""Stands in a request where each one that is sent has a number of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    port: int
    requests: Sequence[bytes]
    """Sent in turn."""
    in_flight: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    seconds: float
    latencies: Sequence[float]
    """Seconds, sorted."""
    statuses: dict[int, int]
    own_cpu_seconds: float

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


def load_process() -> ProcessPoolExecutor:
    """A process that shares nothing with this one, to run `run_load` in."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def run_load(load: Load) -> Measured:
    return uvloop.run(_run(load))


def quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def _run(load: Load) -> Measured:
    wires = [await Wire.open(load.port) for _ in range(load.in_flight)]
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    requests = _numbered(load.requests)
    cpu, begun = time.process_time(), time.perf_counter()
    deadline = begun + load.seconds
    await asyncio.gather(*(_repeat(wire, requests, deadline, latencies, statuses) for wire in wires))
    seconds = time.perf_counter() - begun
    cpu = time.process_time() - cpu
    for wire in wires:
        wire.close()
    return Measured(seconds=seconds, latencies=sorted(latencies), statuses=dict(statuses), own_cpu_seconds=cpu)


async def _repeat(
    wire: Wire, requests: Iterator[bytes], deadline: float, latencies: list[float], statuses: Counter[int]
) -> None:
    begun = time.perf_counter()
    while begun < deadline:
        answer = await wire.ask(next(requests))
        ended = time.perf_counter()
        latencies.append(ended - begun)
        statuses[answer.status] += 1
        begun = ended


def _numbered(requests: Sequence[bytes]) -> Iterator[bytes]:
    if MARKER not in requests[0]:
        yield from cycle(requests)
    start = time.time_ns()  # two loads of one run must not repeat each other's numbers
    for number, request in zip(count(start), cycle(requests), strict=False):
        yield request.replace(MARKER, b"%019d" % number)
