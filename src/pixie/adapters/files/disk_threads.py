"""Blocking calls on files, off the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, ParamSpec, TypeVar

from pixie.domain.files.errors import StorageUnavailable

P = ParamSpec("P")
T = TypeVar("T")

CHUNK: Final = 256 * 1024
"""Bytes for one hop to a thread: large enough that the hop (some 50 µs) does not show, small enough to hold many."""


class DiskThreads:
    """Threads of their own: a hanging disk stops nothing else."""

    def __init__(self, threads: int = 8) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="disk")

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call it in a thread; any OSError becomes `StorageUnavailable`.

        When cancelled, it waits for the call to end: otherwise the caller would close a file that is still written to,
        and the bytes could end up in whatever file got its descriptor next.
        """
        future = asyncio.get_running_loop().run_in_executor(self._executor, partial(call, *args, **kwargs))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await _ended(future)
            raise
        except OSError as error:
            raise StorageUnavailable from error

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


async def _ended(future: "asyncio.Future[T]") -> None:
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            continue
    if not future.cancelled():
        future.exception()  # taken note of: nobody else waits for it
