"""Any history of one ledger, with crashes, beside the slow reckoning of what it must come to."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from pixie.application.credits.views import BalanceView, DriftView
from pixie.domain.credits.errors import HoldAlreadySettled, HoldNotFound, InsufficientCredits
from pixie.domain.credits.lot import LotId
from pixie.domain.kernel.ids import HoldId, UserId
from tests.support.builders.credits import a_grant, hold_id, new_id, user_id
from tests.support.credit_worlds import CreditUnit, CreditWorld
from tests.support.ledger_oracle import LedgerOracle

T = TypeVar("T")
Work = Callable[[CreditUnit], Awaitable[None]]


class Crash(Enum):
    """How a unit of work comes to its end."""

    NONE = auto()
    ROLLED_BACK = auto()
    KILLED_BEFORE_WRITING = auto()
    KILLED_BEFORE_COMMIT = auto()
    KILLED_IN_COMMIT = auto()


class CrashingLedger(Protocol):
    """A ledger that can be made to crash."""

    @property
    def world(self) -> CreditWorld: ...

    async def attempt(self, work: Work, crash: Crash) -> bool:
        """Do the work in a unit of work that ends like this; whether anything of it was kept."""

    async def drifts(self) -> list[DriftView]: ...


@dataclass
class Held:
    """A hold that was tried for, and what became of it: not placed, or a captured amount, or released."""

    id: HoldId
    user: UserId
    amount: int
    placed: bool = False
    settled: bool = False
    captured: int | None = None


@dataclass
class Person:
    id: UserId = field(default_factory=user_id)
    oracle: LedgerOracle = field(default_factory=LedgerOracle)


crashes = st.sampled_from([Crash.NONE] * len(Crash) + list(Crash))
hours = st.integers(0, 5).map(lambda count: timedelta(hours=count))
shares = st.none() | st.sampled_from([0.0, 0.4, 1.0])


def machine_on(ledger: CrashingLedger, runner: asyncio.Runner) -> type["LedgerMachine"]:
    """A machine in the form that Hypothesis runs."""

    class Machine(LedgerMachine):
        def __init__(self) -> None:
            super().__init__(ledger, runner)

    return Machine


class LedgerMachine(RuleBasedStateMachine):
    holds = Bundle("holds")

    def __init__(self, ledger: CrashingLedger, runner: asyncio.Runner) -> None:
        super().__init__()
        self.ledger = ledger
        self.runner = runner
        self.people = [Person(), Person()]

    @rule(who=st.integers(0, 1), amount=st.integers(1, 9), expires_in=st.none() | hours, crash=crashes)
    def grant(self, who: int, amount: int, expires_in: timedelta | None, crash: Crash) -> None:
        person = self.people[who]
        expires_at = None if expires_in is None else self.now + expires_in
        grant = a_grant(amount, expires_at=expires_at)

        async def work(unit: CreditUnit) -> None:
            await unit.grants.give(person.id, grant)

        self.move(person, work, crash, lambda oracle: oracle.grant(amount, expires_at, self.now))

    @rule(target=holds, who=st.integers(0, 1), amount=st.integers(0, 12), crash=crashes)
    def place(self, who: int, amount: int, crash: Crash) -> Held:
        person = self.people[who]
        held = Held(id=hold_id(), user=person.id, amount=amount)
        can = deepcopy(person.oracle).hold(held.id, amount, self.now)

        async def work(unit: CreditUnit) -> None:
            await unit.holds.place(held.id, person.id, amount)

        try:
            held.placed = self.move(person, work, crash, lambda oracle: oracle.hold(held.id, amount, self.now))
        except InsufficientCredits:
            assert not can
        else:
            assert can
        return held  # in any case: what is drawn next must not depend on how a race ends

    @rule(held=holds, share=shares, crash=crashes)
    def settle(self, held: Held, share: float | None, crash: Crash) -> None:
        captured = None if share is None else int(share * held.amount)
        person = next(person for person in self.people if person.id == held.user)

        async def work(unit: CreditUnit) -> None:
            if captured is None:
                await unit.holds.release(held.id)
            else:
                await unit.holds.capture(held.id, captured)

        try:
            kept = self.move(person, work, crash, lambda oracle: self.settled(oracle, held, captured))
        except HoldNotFound:
            assert not held.placed
            return
        except HoldAlreadySettled:
            assert held.settled
            assert held.captured != captured
            return
        assert held.placed
        assert not held.settled or held.captured == captured
        if kept:
            held.settled, held.captured = True, captured

    @rule(who=st.integers(0, 1), amount=st.integers(1, 9), crash=crashes)
    def take_away(self, who: int, amount: int, crash: Crash) -> None:
        person = self.people[who]
        can = deepcopy(person.oracle).take_away(amount, self.now)

        async def work(unit: CreditUnit) -> None:
            account = await unit.store.lock(person.id)
            _, entries = account.adjust(-amount, note="", lot_id=LotId(new_id()), now=self.now)
            await unit.store.save(entries)

        try:
            self.move(person, work, crash, lambda oracle: oracle.take_away(amount, self.now))
        except InsufficientCredits:
            assert not can
        else:
            assert can

    @rule(by=hours)
    def pass_time(self, by: timedelta) -> None:
        self.ledger.world.clock.time += by

    @rule()
    def expire(self) -> None:
        async def run() -> None:
            async with self.ledger.world.unit() as unit:
                await unit.expire()

        self.run(run())
        for person in self.people:
            person.oracle.expire(self.now)

    @invariant()
    def balances_are_what_they_must_be(self) -> None:
        for person in self.people:
            oracle = person.oracle
            assert self.balance(person) == BalanceView(available=oracle.spendable(self.now), held=oracle.held)

    def teardown(self) -> None:
        """A drift does not go away by itself, so it is enough to look at the end."""
        assert self.run(self.ledger.drifts()) == []

    @property
    def now(self) -> datetime:
        return self.ledger.world.clock.now()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def balance(self, person: Person) -> BalanceView:
        async def read() -> BalanceView:
            return await self.ledger.world.reader.balance(person.id)

        return self.run(read())

    def move(self, person: Person, work: Work, crash: Crash, reckon: Callable[[LedgerOracle], object]) -> bool:
        """Do the work, with its crash, and the reckoning if it was kept."""
        kept = self.run(self._attempt(work, crash))
        if kept:
            reckon(person.oracle)
        return kept

    async def _attempt(self, work: Work, crash: Crash) -> bool:
        return await self.ledger.attempt(work, crash)

    def settled(self, oracle: LedgerOracle, held: Held, captured: int | None) -> None:
        if not held.settled:
            oracle.settle(held.id, captured or 0, self.now)
