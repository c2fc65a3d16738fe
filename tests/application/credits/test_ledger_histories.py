"""Any history of the ledger in memory, with crashes before it writes."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.crashing_ledgers import FakeCrashingLedger
from tests.support.ledger_machine import machine_on


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def test_any_history_comes_to_what_the_slow_reckoning_says(runner: asyncio.Runner) -> None:
    run_state_machine_as_test(
        machine_on(FakeCrashingLedger(), runner),
        settings=settings(max_examples=15, stateful_step_count=25, deadline=None),
    )
