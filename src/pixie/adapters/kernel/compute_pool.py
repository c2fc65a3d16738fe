"""Heavy work in child processes: bounded in number, memory and time, and killed when nobody awaits it any more."""

import asyncio
import os
import pickle
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self, TypeVar, TypeVarTuple, cast

from pixie.adapters.kernel.compute_errors import ComputeBusy, ComputeTimedOut
from pixie.adapters.kernel.compute_frames import Returned, Work, unpack_value
from pixie.adapters.kernel.compute_process import ComputeProcess, Report

Args = TypeVarTuple("Args")
Result = TypeVar("Result")


class ComputePool:
    """Runs top-level functions in child processes, up to `size` at the same time.

    A pool belongs to one event loop, in any thread. Children start when they are needed, are used again, and leave when
    they had nothing to do for `idle_seconds`. They die with this process, even when it is killed.
    """

    def __init__(self, *, size: int | None = None, idle_seconds: float = 60.0) -> None:
        self.size = size or os.cpu_count() or 1
        self._idle_seconds = idle_seconds
        self._slots = asyncio.Semaphore(self.size)
        self._idle: list[ComputeProcess] = []
        self._busy: set[ComputeProcess] = set()
        self._timers: dict[ComputeProcess, asyncio.TimerHandle] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def run(
        self,
        func: Callable[[*Args], Result],
        *args: *Args,
        timeout: float,
        memory_mb: int = 512,
        cpu_seconds: int | None = None,
        queue_timeout: float | None = None,
        report: Report | None = None,
    ) -> Result:
        """What `func(*args)` returns. Arguments are pickled; results are plain data that msgspec knows, as annotated.

        `PixieError`s of the function come out as they are, any other of its errors as `ComputeFailed`. Raises
        `ComputeBusy` when no child is free within `queue_timeout`, `ComputeTimedOut` after `timeout` seconds of work,
        `ComputeExhausted` beyond `memory_mb` (Linux only) or `cpu_seconds`, and `ComputeCrashed`; none of these touches
        other work. Cancelling the caller kills the child. `report` is awaited with what `func` told
        `report_progress`; when it raises, the work stops and the error comes out.
        """
        work = Work(pickle.dumps((func, args)), memory_mb, cpu_seconds)
        async with self._slot(queue_timeout), self._child() as child:
            returned = await _within(timeout, child.do(work, report))
        # `unpack_value` decodes into the annotated return type, which the type checker cannot connect with `Result`.
        return cast("Result", unpack_value(returned.value, func))

    async def aclose(self) -> None:
        """Stop all children, those at work too, and wait for their end."""
        self._closed = True
        for child in self._busy:
            child.kill()
            self._dismiss(child)
        for child in tuple(self._idle):
            self._dismiss(self._take(child))
        await asyncio.gather(*self._leaving)

    @asynccontextmanager
    async def _slot(self, queue_timeout: float | None) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(queue_timeout):
                await self._slots.acquire()
        except TimeoutError:
            raise ComputeBusy(queue_timeout or 0) from None
        try:
            yield
        finally:
            self._slots.release()

    @asynccontextmanager
    async def _child(self) -> AsyncIterator[ComputeProcess]:
        child = self._waiting_child() or await ComputeProcess.start()
        self._busy.add(child)
        try:
            yield child
        finally:
            self._busy.discard(child)
            if child.reusable and not self._closed:
                self._keep(child)
            elif not self._closed:
                child.kill()
                self._dismiss(child)

    def _waiting_child(self) -> ComputeProcess | None:
        while self._idle:
            child = self._take(self._idle[-1])
            if child.reusable:
                return child
            self._dismiss(child)
        return None

    def _keep(self, child: ComputeProcess) -> None:
        loop = asyncio.get_running_loop()
        self._idle.append(child)
        self._timers[child] = loop.call_later(self._idle_seconds, lambda: self._dismiss(self._take(child)))

    def _take(self, child: ComputeProcess) -> ComputeProcess:
        self._idle.remove(child)
        self._timers.pop(child).cancel()
        return child

    def _dismiss(self, child: ComputeProcess) -> None:
        leaving = asyncio.get_running_loop().create_task(child.gone())
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)


async def _within(timeout: float, doing: Coroutine[None, None, Returned]) -> Returned:
    limit = asyncio.timeout(timeout)
    try:
        async with limit:
            return await doing
    except TimeoutError:
        if limit.expired():
            raise ComputeTimedOut(timeout) from None
        raise
