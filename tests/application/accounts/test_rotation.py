"""Refresh tokens in memory: many interleavings, quickly."""

import asyncio
from typing import ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from tests.support.account_worlds import AccountWorld, FakeAccountWorld
from tests.support.rotation import POLICY, RotationMachine, honest_tabs_refresh, thief_and_victim_refresh


def test_whatever_is_presented_in_whatever_order_the_model_explains_the_answers() -> None:
    with asyncio.Runner() as runner:

        class Machine(RotationMachine):
            world: ClassVar[AccountWorld] = FakeAccountWorld(POLICY)

        Machine.runner = runner
        run_state_machine_as_test(Machine, settings=settings(max_examples=30, stateful_step_count=25, deadline=None))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=4), min_size=1, max_size=8))
def test_honest_tabs_are_never_signed_out(rounds: list[list[bool]]) -> None:
    assert asyncio.run(honest_tabs_refresh(FakeAccountWorld(POLICY), rounds))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 5), st.lists(st.booleans(), min_size=1, max_size=10))
def test_a_theft_shows_as_soon_as_both_have_refreshed(before: int, moves: list[bool]) -> None:
    running = asyncio.run(thief_and_victim_refresh(FakeAccountWorld(POLICY), before, moves))

    assert running is (len(set(moves)) == 1)
