import asyncio
import threading
import time

import pytest

from pixie.adapters.files.disk_threads import DiskThreads
from pixie.domain.files.errors import FileNotFound, StorageUnavailable


async def test_a_call_runs_in_a_thread_and_answers() -> None:
    threads = DiskThreads(1)

    assert await threads.run(divmod, 7, 3) == (2, 1)
    assert (await threads.run(threading.current_thread)).name.startswith("disk")
    threads.close()


async def test_errors_of_the_disk_are_translated_and_our_own_go_through() -> None:
    threads = DiskThreads(1)

    def fail(error: Exception) -> None:
        raise error

    with pytest.raises(StorageUnavailable):
        await threads.run(fail, OSError(28, "No space left on device"))
    with pytest.raises(FileNotFound):
        await threads.run(fail, FileNotFound())
    with pytest.raises(ZeroDivisionError):
        await threads.run(fail, ZeroDivisionError())


async def test_a_cancelled_caller_goes_on_only_when_the_call_has_ended() -> None:
    threads = DiskThreads(1)
    ended = []

    def slow() -> None:
        time.sleep(0.2)
        ended.append("call")
        raise OSError

    task = asyncio.create_task(threads.run(slow))
    await asyncio.sleep(0.02)
    for _ in range(3):  # impatience changes nothing
        task.cancel()
        await asyncio.sleep(0.02)

    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["call"]


async def test_a_slow_disk_does_not_stop_the_event_loop() -> None:
    threads = DiskThreads(1)
    task = asyncio.create_task(threads.run(time.sleep, 0.2))
    turns = 0
    while not task.done():
        await asyncio.sleep(0.005)
        turns += 1

    assert turns > 10
