"""Any history of the ledger in PostgreSQL, with rollbacks and connections that are cut at every point of their work."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from pixie.adapters.kernel.database import open_database
from tests.support.crashing_ledgers import PgCrashingLedger
from tests.support.credit_worlds import PgCreditWorld
from tests.support.ledger_machine import machine_on

pytestmark = pytest.mark.infra


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def ledger(runner: asyncio.Runner, database_url: str) -> Iterator[PgCrashingLedger]:
    onlooker = runner.run(open_database(database_url, pool_size=3))
    victims = runner.run(open_database(database_url, pool_size=1))
    ledger = PgCrashingLedger(PgCreditWorld(onlooker), victims)
    runner.run(ledger.prepare())
    yield ledger
    runner.run(victims.close())
    runner.run(onlooker.close())


def test_any_history_with_crashes_comes_to_what_the_slow_reckoning_says(
    ledger: PgCrashingLedger, runner: asyncio.Runner
) -> None:
    run_state_machine_as_test(
        machine_on(ledger, runner),
        settings=settings(max_examples=8, stateful_step_count=25, deadline=None),
    )


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_long_histories_with_crashes_come_to_what_the_slow_reckoning_says(
    ledger: PgCrashingLedger, runner: asyncio.Runner
) -> None:
    run_state_machine_as_test(
        machine_on(ledger, runner),
        settings=settings(max_examples=120, stateful_step_count=60, deadline=None),
    )
