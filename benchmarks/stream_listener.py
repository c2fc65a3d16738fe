"""Many streams of events, read in a process of its own."""

import asyncio
import time
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Self

import uvloop

from benchmarks.people import Submitted
from benchmarks.wire import EventWire, event_field, get

_AT_ONCE = 32
_OPEN_SECONDS = 120.0

Seen = dict[tuple[str, int], float]
"""When each version of each job came in, by the machine's monotonic clock."""


class NotOpen(Exception):
    """Not all streams were opened in time."""


class Listener:
    """The process, from outside."""

    def __init__(self, port: int, jobs: Sequence[Submitted]) -> None:
        spawn = get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=listen, args=(port, jobs, theirs), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        if not self._pipe.poll(_OPEN_SECONDS):
            raise NotOpen
        self._pipe.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()

    def result(self) -> Seen:
        self._pipe.send("enough")
        seen: Seen = self._pipe.recv()
        return seen


def listen(port: int, jobs: Sequence[Submitted], pipe: Connection) -> None:
    uvloop.run(_listen(port, jobs, pipe))


async def _listen(port: int, jobs: Sequence[Submitted], pipe: Connection) -> None:
    seen: Seen = {}
    gate = asyncio.Semaphore(_AT_ONCE)
    wires = await asyncio.gather(*(_open(port, job, seen, gate) for job in jobs))
    pipe.send("open")
    await asyncio.to_thread(pipe.recv)
    pipe.send(seen)
    for wire in wires:
        wire.close()


async def _open(port: int, job: Submitted, seen: Seen, gate: asyncio.Semaphore) -> EventWire:
    """Open with its first event, which is the job's state."""
    opened = asyncio.Event()

    def on_event(event: bytes) -> None:
        if version := event_field(event, b"id"):
            seen[job.job_id, int(version)] = time.monotonic()
            opened.set()

    async with gate:
        wire = await EventWire.open(port, on_event)
        wire.send(get(f"/api/ai/jobs/{job.job_id}/events", job.owner.token))
        await opened.wait()
        return wire
