import asyncio

import pytest

from pixie.application.kernel.concurrency import all_or_none


async def test_results_come_in_the_order_of_the_work() -> None:
    async def after(seconds: float, name: str) -> str:
        await asyncio.sleep(seconds)
        return name

    assert await all_or_none(after(0.01, "slow"), after(0, "quick")) == ["slow", "quick"]


async def test_the_first_error_stops_the_others_before_it_comes_out() -> None:
    stopped = asyncio.Event()

    async def go_on() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    async def break_down() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await all_or_none(go_on(), break_down())
    assert stopped.is_set()


async def test_cancelling_whoever_waits_stops_the_work() -> None:
    stopped = asyncio.Event()

    async def go_on() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    waiting = asyncio.create_task(all_or_none(go_on(), go_on()))
    await asyncio.sleep(0.01)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert stopped.is_set()
