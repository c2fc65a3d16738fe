"""What the database itself sees to, whoever writes."""

import asyncpg
import pytest

from pixie.adapters.credits import ddl
from tests.support.builders.credits import ANNA, a_grant, hold_id
from tests.support.credit_worlds import PgCreditWorld, fund

pytestmark = pytest.mark.infra


@pytest.mark.parametrize(
    "rewriting",
    [
        "UPDATE credit_entries SET available_delta = available_delta + 1",
        "UPDATE credit_entries SET note = 'never happened' WHERE false",
        "DELETE FROM credit_entries",
        "TRUNCATE credit_entries",
        "TRUNCATE credit_accounts CASCADE",
    ],
)
async def test_the_ledger_cannot_be_rewritten(world: PgCreditWorld, rewriting: str) -> None:
    await fund(world, ANNA, a_grant(10))

    with pytest.raises(asyncpg.RestrictViolationError, match="the ledger is append-only"):
        await world.database.execute(rewriting)

    assert await world.database.fetchval("SELECT sum(available_delta) FROM credit_entries") == 10


@pytest.mark.parametrize("thing", ["credit_accounts", "credit_lots", "credit_holds"])
async def test_nothing_that_the_ledger_speaks_of_can_be_deleted(world: PgCreditWorld, thing: str) -> None:
    await fund(world, ANNA, a_grant(10))
    async with world.unit() as unit:
        await unit.holds.place(hold_id(), ANNA, 3)
        await unit.commit()

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await world.database.execute(f"DELETE FROM {thing}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credit_accounts SET available = -1",
        "UPDATE credit_accounts SET held = -1",
        "UPDATE credit_lots SET available = available + 1",
        "UPDATE credit_lots SET available = -1, held = 11",
        "UPDATE credit_holds SET captured = amount + 1",
        "UPDATE credit_holds SET status = 'captured'",
    ],
)
async def test_impossible_balances_are_refused(world: PgCreditWorld, statement: str) -> None:
    await fund(world, ANNA, a_grant(10))
    async with world.unit() as unit:
        await unit.holds.place(hold_id(), ANNA, 3)
        await unit.commit()

    with pytest.raises(asyncpg.CheckViolationError):
        await world.database.execute(statement)


async def test_a_migrated_database_guards_the_ledger_as_the_tables_declare(world: PgCreditWorld) -> None:
    body = await world.database.fetchval("SELECT prosrc FROM pg_proc WHERE proname = 'refuse_to_rewrite_ledger'")
    trigger = await world.database.fetchval(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'append_only'"
    )

    assert body in ddl.APPEND_ONLY_FUNCTION
    assert "BEFORE DELETE OR UPDATE OR TRUNCATE ON public.credit_entries FOR EACH STATEMENT" in trigger
