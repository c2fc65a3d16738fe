"""The audit finds every kind of drift, where there is one, and nothing where there is none."""

from datetime import timedelta

import pytest

from pixie.adapters.credits.pg_ledger_audit import PgLedgerAudit
from pixie.application.credits.views import DriftView
from tests.support.builders.credits import ANNA, BORIS, NOW, a_grant, hold_id, user_id
from tests.support.credit_worlds import PgCreditWorld, fund

pytestmark = pytest.mark.infra

HELD = hold_id()


@pytest.fixture
async def busy_world(world: PgCreditWorld) -> PgCreditWorld:
    """Two people with open, captured, released and empty holds, and something expired."""
    await fund(world, ANNA, a_grant(100), a_grant(10, expires_at=NOW + timedelta(days=1)))
    await fund(world, BORIS, a_grant(50))
    captured, released, empty = hold_id(), hold_id(), hold_id()
    async with world.unit() as unit:
        await unit.holds.place(HELD, ANNA, 15)
        await unit.holds.place(captured, ANNA, 20)
        await unit.holds.place(released, BORIS, 5)
        await unit.holds.place(empty, BORIS, 0)
        await unit.holds.capture(captured, 12)
        await unit.holds.release(released)
        await unit.holds.capture(empty, 0)
        await unit.commit()
    async with world.unit() as unit:
        await unit.adjust_by(ANNA, -3)
    async with world.unit() as unit:
        await unit.adjust_by(ANNA, 4)
    world.clock.pass_time(days=2)
    async with world.unit() as unit:
        await unit.expire()
    return world


async def drifts(world: PgCreditWorld, stretch: int = 100) -> list[DriftView]:
    return [drift async for drift in PgLedgerAudit(world.database, stretch=stretch).drifts()]


async def test_a_ledger_that_adds_up_has_no_drift(busy_world: PgCreditWorld) -> None:
    assert await drifts(busy_world) == []


UNGUARDED = """
    ALTER TABLE credit_entries DISABLE TRIGGER append_only;
    ALTER TABLE credit_accounts DROP CONSTRAINT IF EXISTS ck_credit_accounts_available_not_negative;
    ALTER TABLE credit_lots DROP CONSTRAINT IF EXISTS ck_credit_lots_amounts;
    ALTER TABLE credit_holds DROP CONSTRAINT IF EXISTS ck_credit_holds_amounts;
"""
PLANTED = {
    "a balance changed by hand": (
        "UPDATE credit_accounts SET available = available + 5 WHERE id = $1",
        {"balance_is_the_sum_of_its_entries", "balance_is_the_sum_of_its_lots"},
    ),
    "a negative balance": (
        "UPDATE credit_accounts SET available = -1 WHERE id = $1",
        {"nothing_is_negative", "balance_is_the_sum_of_its_entries", "balance_is_the_sum_of_its_lots"},
    ),
    "held credits that nothing holds": (
        "UPDATE credit_accounts SET held = held + 1 WHERE id = $1",
        {
            "balance_is_the_sum_of_its_entries",
            "balance_is_the_sum_of_its_lots",
            "held_is_the_sum_of_open_holds",
        },
    ),
    "a lot changed by hand": (
        "UPDATE credit_lots SET available = available + 1 WHERE account_id = $1 AND granted = 100",
        {"lot_is_the_sum_of_its_entries", "balance_is_the_sum_of_its_lots"},
    ),
    "a lot that says it was larger": (
        "UPDATE credit_lots SET granted = granted + 1 WHERE account_id = $1 AND granted = 100",
        {"lot_is_the_sum_of_its_entries"},
    ),
    "a lot below zero": (
        "UPDATE credit_lots SET available = -1 WHERE account_id = $1 AND granted = 100",
        {"nothing_is_negative", "lot_is_the_sum_of_its_entries", "balance_is_the_sum_of_its_lots"},
    ),
    "an entry that vanished": (
        "DELETE FROM credit_entries WHERE account_id = $1 AND kind = 'capture' AND held_delta = -12",
        {
            "balance_is_the_sum_of_its_entries",
            "lot_is_the_sum_of_its_entries",
            "hold_is_settled_by_its_entries",
        },
    ),
    "a grant that vanished": (
        "DELETE FROM credit_entries WHERE account_id = $1 AND kind = 'grant' AND available_delta = 100",
        {"balance_is_the_sum_of_its_entries", "lot_is_the_sum_of_its_entries"},
    ),
    "a lot granted twice": (
        """
        INSERT INTO credit_entries (account_id, lot_id, kind, available_delta, held_delta)
        SELECT account_id, id, 'grant', 7, 0 FROM credit_lots WHERE account_id = $1 AND granted = 100
        """,
        {"balance_is_the_sum_of_its_entries", "lot_is_the_sum_of_its_entries"},
    ),
    "a hold that lost its end": (
        """
        UPDATE credit_holds SET status = 'held', captured = 0, settled_at = NULL
        WHERE account_id = $1 AND status = 'captured'
        """,
        {"held_is_the_sum_of_open_holds", "hold_is_settled_by_its_entries"},
    ),
    "a hold ended without a movement": (
        "UPDATE credit_holds SET status = 'released', settled_at = now() WHERE account_id = $1 AND status = 'held'",
        {"held_is_the_sum_of_open_holds", "hold_is_settled_by_its_entries"},
    ),
    "a capture of another amount": (
        "UPDATE credit_holds SET captured = captured + 1 WHERE account_id = $1 AND status = 'captured'",
        {"hold_is_settled_by_its_entries"},
    ),
    "a released hold that was captured": (
        "UPDATE credit_holds SET status = 'released' WHERE account_id = $1 AND status = 'captured'",
        {"hold_is_settled_by_its_entries"},
    ),
    "an entry without its hold": (
        "UPDATE credit_entries SET hold_id = NULL WHERE account_id = $1 AND kind = 'capture'",
        {"hold_is_settled_by_its_entries", "entry_is_well_formed"},
    ),
    "an entry in somebody else's lot": (
        """
        UPDATE credit_entries SET lot_id = (SELECT id FROM credit_lots WHERE account_id <> $1 LIMIT 1)
        WHERE account_id = $1 AND kind = 'capture'
        """,
        {"lot_is_the_sum_of_its_entries", "entry_is_well_formed"},
    ),
    "an entry of the wrong sign": (
        "UPDATE credit_entries SET kind = 'hold' WHERE account_id = $1 AND kind = 'release'",
        {"hold_is_settled_by_its_entries", "entry_is_well_formed"},
    ),
}


@pytest.mark.parametrize("plant", PLANTED)
async def test_every_kind_of_drift_is_found(busy_world: PgCreditWorld, plant: str) -> None:
    statement, rules = PLANTED[plant]
    async with busy_world.database.connection() as connection:
        await connection.execute(UNGUARDED)
    await busy_world.database.execute(statement, ANNA)

    found = await drifts(busy_world)

    assert {drift.rule for drift in found} == rules
    assert {drift.account_id for drift in found} <= {ANNA, BORIS}
    assert all(drift.says != drift.should_be for drift in found)


A_JOB = """
WITH somebody AS (
    INSERT INTO users (id, email, email_key, name) VALUES ($1, 'a@pixie.test', 'a@pixie.test', 'Anna')
)
INSERT INTO ai_jobs (id, user_id, job_type, status, provider, model_name, queue, input_data, credits_reserved,
    credits_used, completed_at)
VALUES ($2, $1, 'image_edit', $3::varchar, 'local', 'local/edit', 'compute', '{}', $4, $5,
    CASE WHEN $3 IN ('pending', 'processing') THEN NULL ELSE now() END)
"""


async def test_a_running_job_with_an_open_hold_is_no_drift(busy_world: PgCreditWorld) -> None:
    await busy_world.database.execute(A_JOB, ANNA, HELD, "processing", 15, 0)

    assert await drifts(busy_world) == []


@pytest.mark.parametrize(
    ("status", "reserved", "used"),
    [("failed", 15, 0), ("completed", 15, 15), ("processing", 14, 0)],
)
async def test_a_job_and_a_hold_that_disagree_are_found(
    busy_world: PgCreditWorld, status: str, reserved: int, used: int
) -> None:
    await busy_world.database.execute(A_JOB, ANNA, HELD, status, reserved, used)

    assert [drift.rule for drift in await drifts(busy_world)] == ["job_and_hold_agree"]


async def test_a_job_that_holds_nothing_at_all_is_found(busy_world: PgCreditWorld) -> None:
    await busy_world.database.execute(A_JOB, ANNA, hold_id(), "completed", 5, 5)

    assert [(drift.rule, drift.should_be) for drift in await drifts(busy_world)] == [("job_and_hold_agree", "no hold")]


async def test_drift_is_found_in_whatever_stretch_of_accounts_it_lies(world: PgCreditWorld) -> None:
    users = [user_id() for _ in range(7)]
    for user in users:
        await fund(world, user, a_grant(1))
    await world.database.execute("UPDATE credit_accounts SET available = 2")

    found = await drifts(world, stretch=3)

    assert sorted({drift.account_id for drift in found}) == users
