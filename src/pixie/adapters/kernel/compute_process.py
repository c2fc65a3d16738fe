"""One compute child as its parent sees it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

from pixie.adapters.kernel.compute_errors import ComputeCrashed, ComputeExhausted, ComputeFailed
from pixie.adapters.kernel.compute_frames import (
    LENGTH_BYTES,
    MAX_ANSWER_BYTES,
    Answer,
    Failed,
    OutOfMemory,
    Progress,
    Raised,
    Returned,
    Work,
    pack,
    unpack,
)
from pixie.domain.kernel.errors import PixieError

_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from pixie.adapters.kernel.compute_child import run; run(int(sys.argv[2]), int(sys.argv[3]))"
)
# No secret of ours is in a child's environment. The last two let the tests see what runs there.
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
# Threads of native libraries sleep while they wait for each other: spinning, they tripled the processor time of a
# neural network on a busy machine. There are as many children as processors, and each thread of NumPy's takes memory
# that counts.
_CALM_THREADS: Final = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"}
_NATIVE_FAULTS: Final = {signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV}
_SECONDS_TO_LEAVE: Final = 1.0
_MAX_RESIDENT_MB: Final = 160

Report = Callable[[int], Awaitable[None]]


class ComputeProcess:
    """Start it in the thread of the event loop: on Linux the child dies with the thread that started it."""

    def __init__(
        self, process: subprocess.Popen[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._at_work = False
        self._resident_mb = 0

    @classmethod
    async def start(cls) -> "ComputeProcess":
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = _spawn(theirs.fileno())
            except OSError as error:
                ours.close()
                raise ComputeCrashed(f"it could not start ({error})") from error
        try:
            reader, writer = await asyncio.open_unix_connection(sock=ours)
        except BaseException:
            ours.close()
            process.kill()
            process.wait()
            raise
        return cls(process, reader, writer)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def reusable(self) -> bool:
        """Whether it lives, has answered everything, and did not keep much memory."""
        idle = not self._at_work and self._resident_mb <= _MAX_RESIDENT_MB
        return idle and self._process.poll() is None and not self._reader.at_eof()

    async def do(self, work: Work, report: Report | None) -> Returned:
        """Raises what the work raised, `ComputeExhausted`, `ComputeCrashed`, or what `report` raised."""
        self._at_work = True
        with suppress(ConnectionError):  # the answer, or its absence, tells more
            self._writer.write(pack(work))
            await self._writer.drain()
        while True:
            frame = unpack(await self._body())
            if not isinstance(frame, Progress):
                return self._result(frame)
            if report is not None:
                await report(frame.percent)

    def _result(self, answer: Answer) -> Returned:
        match answer:
            case Returned():
                self._resident_mb = answer.resident_mb
                self._at_work = False
                return answer
            case Raised():
                self._at_work = False
                raise _put_together(answer)
            case Failed():
                raise ComputeFailed(answer.traceback)
            case OutOfMemory():
                raise ComputeExhausted("memory")

    async def _body(self) -> bytes:
        try:
            length = int.from_bytes(await self._reader.readexactly(LENGTH_BYTES), "big")
            if length > MAX_ANSWER_BYTES:
                raise ComputeFailed(f"A compute child wants to answer with {length} bytes.")
            return await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise await self._cause_of_death() from error

    async def _cause_of_death(self) -> PixieError:
        self.kill()
        code = await asyncio.get_running_loop().run_in_executor(None, self._process.wait)
        if code == -signal.SIGXCPU:
            return ComputeExhausted("processor time")
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return ComputeCrashed(how, by_itself=-code in _NATIVE_FAULTS)

    def kill(self) -> None:
        """Stop it at once, whatever it does. `gone` must follow."""
        self._process.kill()

    async def gone(self) -> None:
        """Wait for the end of a child that was killed, or that leaves because nobody needs it any more."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(None, self._process.wait, _SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await loop.run_in_executor(None, self._process.wait)


def _spawn(descriptor: int) -> subprocess.Popen[bytes]:
    """Not one of asyncio's own subprocesses: those need a child watcher, which differs between loops and threads."""
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _BOOT, json.dumps(sys.path), str(descriptor), str(os.getpid())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[descriptor],
        env={**_CALM_THREADS, **{name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}},
    )


def _put_together(raised: Raised) -> PixieError:
    """The error as its class would have made it; its constructor takes facts that are not known here."""
    found: object = sys.modules.get(raised.module)
    for name in raised.name.split("."):
        found = getattr(found, name, None)
    if not (isinstance(found, type) and issubclass(found, PixieError)):
        raise ComputeFailed(f"A compute child raised {raised.module}.{raised.name}, unknown here: {raised.detail}")
    error = found.__new__(found)
    retry_after = None if raised.retry_after is None else timedelta(seconds=raised.retry_after)
    PixieError.__init__(error, raised.detail, retry_after=retry_after, **raised.facts)
    return error
