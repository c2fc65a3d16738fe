# ruff: noqa: ASYNC110, ASYNC220, ASYNC240 - a test may look again and again, and block its loop for a moment
"""Work in child processes: bounded, killable, and gone with its parent."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import uvloop

from pixie.adapters.kernel.compute_errors import (
    ComputeBusy,
    ComputeCrashed,
    ComputeExhausted,
    ComputeFailed,
    ComputeTimedOut,
)
from pixie.adapters.kernel.compute_pool import ComputePool
from tests.support import compute_work as work

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce this limit")


@pytest.fixture
async def pool() -> AsyncIterator[ComputePool]:
    async with ComputePool(size=2) as pool:
        yield pool


def lives(pid: int) -> bool:
    """Also false for one that is dead and not yet buried."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def children_of(pid: int) -> list[str]:
    listed = subprocess.run(["ps", "-o", "args=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [line for line in listed.stdout.splitlines() if "compute_child" in line]


async def until_dead(pid: int, within: float = 1.0) -> None:
    async with asyncio.timeout(within):
        while await asyncio.to_thread(lives, pid):
            await asyncio.sleep(0.01)


async def told_pid(note: Path) -> int:
    async with asyncio.timeout(10):
        while not (note.exists() and note.read_text()):
            await asyncio.sleep(0.01)
    return int(note.read_text())


async def test_work_happens_in_another_process_and_comes_back_typed(pool: ComputePool) -> None:
    assert await pool.run(work.own_pid, timeout=10) != os.getpid()
    assert await pool.run(work.shape, "triangle", 3, timeout=10) == work.Shape("triangle", (0, 1, 2))


async def test_an_idle_child_is_used_again(pool: ComputePool) -> None:
    first = await pool.run(work.own_pid, timeout=10)

    assert await pool.run(work.own_pid, timeout=10) == first


async def test_an_idle_child_leaves_after_a_while() -> None:
    async with ComputePool(size=1, idle_seconds=0.05) as pool:
        child = await pool.run(work.own_pid, timeout=10)

        await until_dead(child, within=10)

        assert await pool.run(work.own_pid, timeout=10) != child


async def test_a_child_that_died_idle_is_replaced(pool: ComputePool) -> None:
    child = await pool.run(work.own_pid, timeout=10)
    os.kill(child, signal.SIGKILL)
    await until_dead(child)

    assert await pool.run(work.own_pid, timeout=10) != child


async def test_an_expected_error_comes_out_as_it_was_raised(pool: ComputePool) -> None:
    with pytest.raises(work.OutOfPaint) as caught:
        await pool.run(work.want_paint, 4, timeout=10)

    assert caught.value.detail == "4 l are missing."
    assert caught.value.retry_after == timedelta(seconds=3)
    assert caught.value.facts == {"litres": 4}


async def test_a_bug_comes_out_with_its_traceback(pool: ComputePool) -> None:
    with pytest.raises(ComputeFailed, match=r"(?s)in stumble.*ZeroDivisionError"):
        await pool.run(work.stumble, timeout=10)


async def test_a_result_of_another_type_than_announced_is_a_bug(pool: ComputePool) -> None:
    with pytest.raises(ComputeFailed, match="lie returned something else"):
        await pool.run(work.lie, timeout=10)


async def test_work_that_takes_too_long_is_killed(pool: ComputePool, tmp_path: Path) -> None:
    with pytest.raises(ComputeTimedOut):
        await pool.run(work.spin_and_tell, str(tmp_path / "pid"), timeout=1.5)

    await until_dead(await told_pid(tmp_path / "pid"))
    assert await pool.run(work.own_pid, timeout=10)


async def test_cancelling_kills_the_child_within_a_second(pool: ComputePool, tmp_path: Path) -> None:
    running = asyncio.create_task(pool.run(work.spin_and_tell, str(tmp_path / "pid"), timeout=60))
    child = await told_pid(tmp_path / "pid")

    running.cancel()

    await until_dead(child)
    with pytest.raises(asyncio.CancelledError):
        await running


@linux_only
async def test_work_that_wants_too_much_memory_gets_a_clear_error(pool: ComputePool) -> None:
    with pytest.raises(ComputeExhausted, match="memory"):
        await pool.run(work.fill_memory, 200, timeout=10, memory_mb=100)

    assert await pool.run(work.fill_memory, 50, timeout=10, memory_mb=100) == 50 * 1024 * 1024


@linux_only
async def test_a_limit_ends_with_the_work_it_was_for(pool: ComputePool) -> None:
    first = await pool.run(work.own_pid, timeout=10, memory_mb=10, cpu_seconds=1)

    await pool.run(work.spin, 1.3, timeout=30)
    assert await pool.run(work.fill_memory, 100, timeout=10, memory_mb=200)

    assert await pool.run(work.own_pid, timeout=10) == first


async def test_work_that_wants_too_much_processor_time_gets_a_clear_error(pool: ComputePool) -> None:
    with pytest.raises(ComputeExhausted, match="processor time"):
        await pool.run(work.spin, 60.0, timeout=60, cpu_seconds=1)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
async def test_a_crash_breaks_only_its_own_work(pool: ComputePool, number: signal.Signals, tmp_path: Path) -> None:
    other = asyncio.create_task(pool.run(work.count_up, 20, timeout=10))

    with pytest.raises(ComputeCrashed, match=number.name) as caught:
        await pool.run(work.die, int(number), timeout=10)

    assert caught.value.by_itself is (number is not signal.SIGKILL)
    assert await other == 20


async def test_a_child_that_leaves_in_the_middle_is_a_crash(pool: ComputePool) -> None:
    with pytest.raises(ComputeCrashed, match="exit code 7"):
        await pool.run(work.leave, 7, timeout=10)


async def test_children_that_come_and_go_leave_nothing_behind(pool: ComputePool, tmp_path: Path) -> None:
    """Cancelled at any moment: while starting, working, or done."""
    chance = random.Random(7)
    running = [asyncio.create_task(pool.run(work.mark_time, str(tmp_path), timeout=10)) for _ in range(40)]
    while pending := [task for task in running if not task.done()]:
        await asyncio.sleep(chance.random() * 0.05)
        chance.choice(pending).cancel()
    await asyncio.gather(*running, return_exceptions=True)

    await pool.aclose()

    assert not await asyncio.to_thread(children_of, os.getpid())


async def test_no_more_children_work_than_the_pool_has_places(pool: ComputePool, tmp_path: Path) -> None:
    spans = await asyncio.gather(*(pool.run(work.mark_time, str(tmp_path), timeout=10) for _ in range(6)))

    at_work = [sum(begun <= moment < ended for begun, ended in spans) for moment, _ in spans]
    assert max(at_work) <= 2
    assert len(list(tmp_path.iterdir())) <= 2


async def test_waiting_for_a_place_can_be_bounded() -> None:
    async with ComputePool(size=1) as pool:
        running = asyncio.create_task(pool.run(work.count_up, 100, timeout=10))
        await asyncio.sleep(0)

        with pytest.raises(ComputeBusy):
            await pool.run(work.own_pid, timeout=10, queue_timeout=0.05)

        running.cancel()
        assert await pool.run(work.own_pid, timeout=10, queue_timeout=5)


async def test_progress_arrives_while_the_work_goes_on(pool: ComputePool) -> None:
    told: list[int] = []

    async def report(percent: int) -> None:
        told.append(percent)

    await pool.run(work.count_up, 20, timeout=10, report=report)

    assert told == sorted(set(told))
    assert len(told) > 2


async def test_an_error_while_reporting_stops_the_work(pool: ComputePool) -> None:
    child = await pool.run(work.own_pid, timeout=10)

    async def report(percent: int) -> None:
        raise work.OutOfPaint(litres=percent)

    with pytest.raises(work.OutOfPaint):
        await pool.run(work.count_up, 1000, timeout=30, report=report)

    await until_dead(child)


async def test_a_time_limit_of_the_reporter_is_not_mistaken_for_ours(pool: ComputePool) -> None:
    async def report(percent: int) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await pool.run(work.count_up, 1000, timeout=30, report=report)


async def test_closing_ends_the_children_at_work(tmp_path: Path) -> None:
    pool = ComputePool(size=1)
    running = asyncio.create_task(pool.run(work.spin_and_tell, str(tmp_path / "pid"), timeout=60))
    child = await told_pid(tmp_path / "pid")

    await pool.aclose()

    assert not lives(child)
    with pytest.raises(ComputeCrashed):
        await running


async def test_children_see_no_secret_of_the_environment(pool: ComputePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXIE_SECRET", "hush")

    assert "PIXIE_SECRET" not in await pool.run(work.environment, timeout=10)


async def test_ctrl_c_is_left_to_the_parent(pool: ComputePool) -> None:
    assert await pool.run(work.interrupt_self, timeout=10)


async def test_a_child_starts_without_the_frameworks(pool: ComputePool) -> None:
    loaded = await pool.run(work.loaded_modules, timeout=10)

    assert not {"asyncio", "litestar", "sqlalchemy", "PIL"} & set(loaded)


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_a_pool_works_on_any_loop_in_any_thread(new_loop: object, tmp_path: Path) -> None:
    seen: list[object] = []

    async def use() -> None:
        async with ComputePool(size=2) as pool:
            running = asyncio.create_task(pool.run(work.spin_and_tell, str(tmp_path / "pid"), timeout=60))
            seen.append(await pool.run(work.shape, "line", 2, timeout=10))
            child = await told_pid(tmp_path / "pid")
            running.cancel()
            await until_dead(child)

    def thread() -> None:
        with asyncio.Runner(loop_factory=new_loop) as runner:  # type: ignore[arg-type]  # either factory
            runner.run(use())

    other = threading.Thread(target=thread)
    other.start()
    other.join(30)

    assert seen == [work.Shape("line", (0, 1))]


PARENT = """
import asyncio, sys
from pixie.adapters.kernel.compute_pool import ComputePool
from tests.support import compute_work as work
async def main():
    async with ComputePool(size=1) as pool:
        await pool.run(work.spin_and_tell, sys.argv[1], timeout=60)
asyncio.run(main())
"""


async def test_children_die_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(note)], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ) as parent:
        child = await told_pid(note)
        parent.kill()

    began = time.monotonic()
    await until_dead(child)
    assert time.monotonic() - began < 1
