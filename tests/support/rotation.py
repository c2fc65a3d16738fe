"""Refresh tokens under every order of events: a model that says what must come of each, and machines that try it."""

import asyncio
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, permutations
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pixie.application.accounts.refresh import RefreshCommand
from pixie.domain.accounts.errors import InvalidRefreshToken, RefreshTokenReused, SessionEnded
from pixie.domain.accounts.session import SessionPolicy
from pixie.domain.kernel.errors import PixieError
from pixie.domain.kernel.ids import SessionId, UserId
from tests.support.account_worlds import AccountWorld
from tests.support.builders.accounts import a_registration, a_token

Outcome = str | type[PixieError]
"""The refresh token that came back, or how the request was refused."""

POLICY = SessionPolicy(idle=timedelta(days=30), absolute=timedelta(days=90), grace=timedelta(seconds=10))
WAITS = st.sampled_from(
    [
        timedelta(0),
        timedelta(seconds=1),
        POLICY.grace - timedelta(microseconds=1),
        POLICY.grace,
        POLICY.grace + timedelta(microseconds=1),
        timedelta(minutes=15),
        POLICY.idle - timedelta(microseconds=1),
        POLICY.idle,
    ]
)
_numbers = count(1)


@dataclass
class SignedInWorld:
    """One session in a world, and the two things that are done with it."""

    world: AccountWorld
    user_id: UserId
    session_id: SessionId
    first: str

    @classmethod
    async def begin(cls, world: AccountWorld) -> "SignedInWorld":
        async with world.unit() as unit:
            answer = await unit.register(a_registration(f"ada-{next(_numbers)}@example.com"))
            caller = await unit.authenticate(answer.access_token)
        return cls(world, caller.user_id, caller.session_id, answer.refresh_token)

    async def refresh(self, token: str) -> Outcome:
        async with self.world.unit() as unit:
            try:
                return (await unit.refresh(RefreshCommand(refresh_token=token))).refresh_token
            except (InvalidRefreshToken, RefreshTokenReused, SessionEnded) as error:
                return type(error)

    async def refresh_together(self, tokens: list[str]) -> list[Outcome]:
        return list(await asyncio.gather(*(self.refresh(token) for token in tokens)))

    async def is_running(self) -> bool:
        role = await self.world.running.role_of(self.session_id, self.user_id, self.world.clock.now())
        return role is not None


@dataclass
class RotationModel:
    """What api.md promises, said once more and another way: a chain of which one place is current."""

    absolute: datetime
    idle: datetime
    current: int = 0
    rotated_at: datetime | None = None
    ended: bool = False

    def is_running(self, now: datetime) -> bool:
        return not self.ended and now < min(self.idle, self.absolute)

    def refresh(self, place: int, now: datetime) -> int | type[PixieError]:
        """The place in the chain whose token comes back."""
        if not self.is_running(now):
            return SessionEnded
        if place == self.current:
            self.current += 1
            self.rotated_at = now
            self.idle = now + POLICY.idle
            return self.current
        if place == self.current - 1 and self.rotated_at is not None and now <= self.rotated_at + POLICY.grace:
            return self.current
        self.ended = True
        return RefreshTokenReused


@dataclass
class Chain:
    """The tokens of a session in the order in which they were given out."""

    tokens: list[str] = field(default_factory=list)

    def place_of(self, outcome: Outcome) -> int | type[PixieError]:
        if not isinstance(outcome, str):
            return outcome
        if outcome not in self.tokens:
            self.tokens.append(outcome)
        return self.tokens.index(outcome)


class RotationMachine(RuleBasedStateMachine):
    """Presents any token ever given out, at any time, alone or at the same moment as others."""

    world: ClassVar[AccountWorld]
    runner: ClassVar[asyncio.Runner]

    @initialize()
    def sign_in(self) -> None:
        self.house = self.runner.run(SignedInWorld.begin(self.world))
        self.chain = Chain([self.house.first])
        now = self.world.clock.now()
        self.model = RotationModel(absolute=now + POLICY.absolute, idle=now + POLICY.idle)

    @rule(by=WAITS)
    def wait(self, by: timedelta) -> None:
        self.world.clock.time += by

    @rule()
    def refresh_with_the_newest(self) -> None:
        self._present([len(self.chain.tokens) - 1])

    @rule(back=st.integers(1, 3))
    def refresh_with_an_older_one(self, back: int) -> None:
        self._present([max(0, len(self.chain.tokens) - 1 - back)])

    @rule(tabs=st.integers(2, 4))
    def refresh_from_several_tabs_at_once(self, tabs: int) -> None:
        self._present([len(self.chain.tokens) - 1] * tabs)

    @precondition(lambda self: len(self.chain.tokens) > 1)
    @rule(backs=st.lists(st.integers(0, 2), min_size=2, max_size=3))
    def refresh_with_different_ones_at_once(self, backs: list[int]) -> None:
        self._present([max(0, len(self.chain.tokens) - 1 - back) for back in backs])

    @rule()
    def refresh_with_a_token_never_given_out(self) -> None:
        assert self.runner.run(self.house.refresh(a_token().text)) is InvalidRefreshToken

    @invariant()
    def running_is_what_the_model_says(self) -> None:
        if hasattr(self, "house"):
            assert self.runner.run(self.house.is_running()) is self.model.is_running(self.world.clock.now())

    def _present(self, places: list[int]) -> None:
        """What comes of requests at the same moment is what comes of them in some order."""
        tokens = [self.chain.tokens[place] for place in places]
        outcomes = self.runner.run(self.house.refresh_together(tokens))
        found = [self.chain.place_of(outcome) for outcome in outcomes]
        for order in permutations(range(len(places))):
            model = deepcopy(self.model)
            expected = {index: model.refresh(places[index], self.world.clock.now()) for index in order}
            if [expected[index] for index in range(len(places))] == found:
                self.model = model
                return
        raise AssertionError(f"No order of {places} explains {found} from {self.model}.")


async def honest_tabs_refresh(world: AccountWorld, rounds: list[list[bool]]) -> bool:
    """Each round all tabs refresh at once; the answers marked False get lost, and their tabs ask again, still in time.

    Tells whether the session is still running.
    """
    house = await SignedInWorld.begin(world)
    stored = house.first
    for answers in rounds:
        world.clock.pass_time(minutes=15)
        outcomes = await house.refresh_together([stored] * len(answers))
        world.clock.time += POLICY.grace
        again = await house.refresh_together([stored] * answers.count(False))
        heard = {outcome for outcome, arrived in zip(outcomes, answers, strict=True) if arrived} | set(again)
        assert len(heard) == 1, heard
        stored = str(heard.pop())
    return await house.is_running()


async def thief_and_victim_refresh(world: AccountWorld, before: int, moves: list[bool]) -> bool:
    """After some rounds a thief copies the token; then both go on, each move (True: the thief's) beyond the grace.

    Tells whether the session is still running.
    """
    house = await SignedInWorld.begin(world)
    stored = house.first
    for _ in range(before):
        world.clock.pass_time(minutes=15)
        stored = str(await house.refresh(stored))
    holding = {True: stored, False: stored}
    for who in moves:
        world.clock.time += POLICY.grace + timedelta(microseconds=1)
        outcome = await house.refresh(holding[who])
        if isinstance(outcome, str):
            holding[who] = outcome
    return await house.is_running()
