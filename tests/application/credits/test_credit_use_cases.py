from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from pixie.application.credits.adjust_credits import AdjustCredits, AdjustCreditsCommand
from pixie.application.credits.expire_credits import ExpireCredits
from pixie.application.credits.grant_credits import GrantCredits, GrantCreditsCommand
from pixie.application.credits.ports import LedgerAudit
from pixie.application.credits.show_credits import ShowCredits
from pixie.application.credits.verify_ledger import VerifyLedger
from pixie.application.credits.views import BalanceView, DriftView
from pixie.application.kernel.caller import Actor, Caller, Operator, Role
from pixie.application.kernel.errors import AlreadyAnswered, NotAllowed
from pixie.application.kernel.ports import IdempotencyKey
from pixie.domain.credits.errors import InsufficientCredits
from pixie.domain.kernel.ids import SessionId, UserId
from tests.support.builders.credits import ANNA, BORIS, NOW, a_grant, hold_id
from tests.support.fakes.credits import FakeCredits
from tests.support.fakes.kernel import FakeClock, FakeIdempotencyLog, FakeUnitOfWork

OPERATOR = Operator(name="root")


def a_caller(user_id: UserId = ANNA, role: Role = Role.USER) -> Caller:
    return Caller(user_id=user_id, session_id=SessionId(uuid4()), role=role)


def granting(books: FakeCredits, uow: FakeUnitOfWork) -> GrantCredits:
    return GrantCredits(grants=books.grants, uow=uow)


async def test_granted_credits_can_be_spent_at_once(books: FakeCredits) -> None:
    uow = FakeUnitOfWork()

    view = await granting(books, uow)(GrantCreditsCommand(actor=OPERATOR, user_id=ANNA, grant=a_grant(40)))

    assert (view.granted, view.balance) == (True, BalanceView(available=40, held=0))
    assert uow.commits == 1


async def test_one_cause_grants_once(books: FakeCredits) -> None:
    grant = granting(books, FakeUnitOfWork())
    command = GrantCreditsCommand(actor=OPERATOR, user_id=ANNA, grant=a_grant(40, cause="invoice 7"))

    await grant(command)
    again = await grant(command)

    assert (again.granted, again.balance) == (False, BalanceView(available=40, held=0))


async def test_the_same_cause_may_grant_to_others(books: FakeCredits) -> None:
    grant = granting(books, FakeUnitOfWork())

    for user_id in (ANNA, BORIS):
        view = await grant(GrantCreditsCommand(actor=OPERATOR, user_id=user_id, grant=a_grant(40, cause="easter")))
        assert view.granted


@pytest.mark.parametrize("actor", [a_caller(), a_caller(role=Role.PREMIUM)])
async def test_only_admins_verify_the_ledger(actor: Actor) -> None:
    class NothingIsRead(LedgerAudit):
        def drifts(self) -> AsyncIterator[DriftView]:
            raise AssertionError("somebody who is no admin may not look")

    with pytest.raises(NotAllowed):
        VerifyLedger(audit=NothingIsRead())(actor)


@pytest.mark.parametrize("actor", [a_caller(), a_caller(role=Role.PREMIUM)])
async def test_only_admins_grant_and_adjust(books: FakeCredits, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        await granting(books, FakeUnitOfWork())(GrantCreditsCommand(actor=actor, user_id=ANNA, grant=a_grant()))
    with pytest.raises(NotAllowed):
        await adjusting(books, FakeUnitOfWork())(AdjustCreditsCommand(actor=actor, user_id=ANNA, amount=5))

    assert books.ledger.entries == []


def adjusting(books: FakeCredits, uow: FakeUnitOfWork, idempotency: FakeIdempotencyLog | None = None) -> AdjustCredits:
    return AdjustCredits(
        accounts=books.store,
        idempotency=idempotency or FakeIdempotencyLog(),
        clock=books.clock,
        ids=books.ids,
        uow=uow,
    )


async def test_an_adjustment_goes_up_and_down(books: FakeCredits) -> None:
    uow = FakeUnitOfWork()
    adjust = adjusting(books, uow)

    await adjust(AdjustCreditsCommand(actor=a_caller(role=Role.ADMIN), user_id=ANNA, amount=10, note="sorry"))
    view = await adjust(AdjustCreditsCommand(actor=OPERATOR, user_id=ANNA, amount=-4))

    assert view == BalanceView(available=6, held=0)
    assert uow.commits == 2
    assert [entry.note for entry in books.ledger.entries] == ["sorry", ""]


async def test_an_adjustment_below_zero_changes_nothing(books: FakeCredits) -> None:
    await books.fund(ANNA, 3)
    uow = FakeUnitOfWork()

    with pytest.raises(InsufficientCredits):
        await adjusting(books, uow)(AdjustCreditsCommand(actor=OPERATOR, user_id=ANNA, amount=-4))

    assert books.ledger.sums(ANNA) == (3, 0)
    assert uow.commits == 0


async def test_an_adjustment_sent_twice_is_done_once(books: FakeCredits) -> None:
    await books.fund(ANNA, 10)
    adjust = adjusting(books, FakeUnitOfWork(), FakeIdempotencyLog())
    key = IdempotencyKey(scope="operator", key="k", fingerprint=b"f")
    command = AdjustCreditsCommand(actor=OPERATOR, user_id=ANNA, amount=-4, idempotency=key)
    await adjust(command)

    with pytest.raises(AlreadyAnswered):
        await adjust(command)

    assert books.ledger.sums(ANNA) == (6, 0)


async def test_what_has_run_out_is_taken_away(books: FakeCredits) -> None:
    soon = NOW + timedelta(days=1)
    for user_id in (ANNA, BORIS):
        await books.give(user_id, a_grant(10, expires_at=soon))
        await books.give(user_id, a_grant(10))
    await books.holds.place(hold_id(), ANNA, 4)
    uow = FakeUnitOfWork()
    expire = ExpireCredits(accounts=books.store, clock=FakeClock(soon), uow=uow)

    lots = await expire()

    assert lots == 2
    assert books.ledger.sums(ANNA) == (10, 4)
    assert books.ledger.sums(BORIS) == (10, 0)
    assert await expire() == 0


async def test_many_accounts_are_expired_in_several_units_of_work(books: FakeCredits) -> None:
    users = [UserId(uuid4()) for _ in range(250)]
    for user_id in users:
        await books.give(user_id, a_grant(1, expires_at=NOW))
    uow = FakeUnitOfWork()

    lots = await ExpireCredits(accounts=books.store, clock=books.clock, uow=uow)()

    assert lots == 250
    assert uow.commits >= 3


async def test_one_sees_ones_own_credits_and_an_admin_everybodys(books: FakeCredits) -> None:
    await books.fund(ANNA, 3)
    show = ShowCredits(reader=books.reader)

    for actor in (a_caller(ANNA), a_caller(BORIS, Role.ADMIN), OPERATOR):
        view = await show(actor, ANNA)
        assert (view.balance.available, len(view.lots), len(view.entries)) == (3, 1, 1)
    with pytest.raises(NotAllowed):
        await show(a_caller(BORIS), ANNA)
