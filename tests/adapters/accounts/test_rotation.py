"""Refresh tokens on PostgreSQL: requests of the same moment really meet."""

import asyncio
from collections.abc import Iterator
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from pixie.adapters.kernel.database import Database, open_database
from pixie.application.accounts.refresh import RefreshCommand
from pixie.domain.accounts.errors import RefreshTokenReused, SessionEnded
from pixie.domain.accounts.session import EndReason
from tests.support.account_worlds import AccountWorld, PgAccountWorld
from tests.support.rotation import (
    POLICY,
    RotationMachine,
    SignedInWorld,
    honest_tabs_refresh,
    thief_and_victim_refresh,
)

pytestmark = pytest.mark.infra

SHORT = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LONG = settings(SHORT, max_examples=10_000, suppress_health_check=list(HealthCheck))


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


@pytest.fixture
def world(database_url: str, runner: asyncio.Runner) -> Iterator[PgAccountWorld]:
    database: Database = runner.run(open_database(database_url, pool_size=8))
    yield PgAccountWorld(database, POLICY)
    runner.run(database.close())


def interleave(world_: PgAccountWorld, runner_: asyncio.Runner, size: settings) -> None:
    class Machine(RotationMachine):
        world: ClassVar[AccountWorld] = world_
        runner = runner_

    run_state_machine_as_test(Machine, settings=size)


def test_whatever_is_presented_in_whatever_order_the_model_explains_the_answers(
    world: PgAccountWorld, runner: asyncio.Runner
) -> None:
    interleave(world, runner, SHORT)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_ten_thousand_interleavings_are_explained(world: PgAccountWorld, runner: asyncio.Runner) -> None:
    interleave(world, runner, LONG)


@SHORT
@given(rounds=st.lists(st.lists(st.booleans(), min_size=1, max_size=4), min_size=1, max_size=5))
def test_honest_tabs_are_never_signed_out(
    world: PgAccountWorld, runner: asyncio.Runner, rounds: list[list[bool]]
) -> None:
    assert runner.run(honest_tabs_refresh(world, rounds))


@SHORT
@given(before=st.integers(0, 3), moves=st.lists(st.booleans(), min_size=1, max_size=6))
def test_a_theft_shows_as_soon_as_both_have_refreshed(
    world: PgAccountWorld, runner: asyncio.Runner, before: int, moves: list[bool]
) -> None:
    assert runner.run(thief_and_victim_refresh(world, before, moves)) is (len(set(moves)) == 1)


def test_eight_tabs_at_the_same_moment_get_one_successor(world: PgAccountWorld, runner: asyncio.Runner) -> None:
    async def refresh_eightfold() -> None:
        house = await SignedInWorld.begin(world)
        token = house.first
        for _ in range(10):
            (token,) = {str(outcome) for outcome in await house.refresh_together([token] * 8)}
            world.clock.pass_time(minutes=15)
        assert await house.is_running()

    runner.run(refresh_eightfold())


def test_the_end_of_a_session_is_kept_though_the_request_fails(world: PgAccountWorld, runner: asyncio.Runner) -> None:
    async def steal() -> str | None:
        house = await SignedInWorld.begin(world)
        successor = str(await house.refresh(house.first))
        world.clock.pass_time(seconds=11)
        assert await house.refresh(house.first) is RefreshTokenReused
        assert await house.refresh(successor) is SessionEnded
        reason: str = await world.database.fetchval(
            "SELECT end_reason FROM user_sessions WHERE id = $1", house.session_id
        )
        return reason

    assert runner.run(steal()) == EndReason.REUSED


def test_tokens_lie_in_the_database_as_digests_only(world: PgAccountWorld, runner: asyncio.Runner) -> None:
    async def everything_kept() -> str:
        house = await SignedInWorld.begin(world)
        successor = str(await house.refresh(house.first))
        rows = await world.database.fetch(
            "SELECT s::text AS line FROM user_sessions s UNION ALL SELECT t::text FROM refresh_tokens t"
        )
        kept = "\n".join(row["line"] for row in rows)
        assert all(token.removeprefix("pxr_") not in kept for token in (house.first, successor))
        return kept

    assert runner.run(everything_kept())


def test_a_rotation_that_was_not_committed_never_happened(world: PgAccountWorld, runner: asyncio.Runner) -> None:
    async def crash_before_commit() -> None:
        house = await SignedInWorld.begin(world)
        async with world.unit() as unit:
            token = unit.refresh_tokens.new()
            session = await unit.sessions.find(house.session_id)
            assert session is not None
            old, session.current = session.current, token.digest
            await unit.sessions.save_rotated(session, spent=old)
        async with world.unit() as unit:
            await unit.refresh(RefreshCommand(refresh_token=house.first))
        assert await house.is_running()

    runner.run(crash_before_commit())
