"""What the money path costs: round trips, and rows that are read."""

import json
from typing import Any

import pytest

from pixie.adapters.credits import pg_credit_reader, statements
from pixie.adapters.credits.constraints import CREDIT_CONSTRAINTS
from pixie.adapters.credits.pg_credit_account_store import PgCreditAccountStore
from pixie.adapters.kernel.bell import SilentBell
from pixie.adapters.kernel.database import Database, Row
from pixie.adapters.kernel.embedded.postgres import EmbeddedPostgres
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.credits.api import CreditHolds
from tests.support.builders.credits import ANNA, NOW, a_grant, hold_id
from tests.support.credit_worlds import PgCreditWorld, fund
from tests.support.engines import sql

pytestmark = pytest.mark.infra


class CountingUnitOfWork(PgUnitOfWork):
    """Counts its statements, each of which is one round trip."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, SilentBell(), CREDIT_CONSTRAINTS)
        self.statements = 0

    async def fetch(self, sql: str, *args: object) -> list[Row]:
        self.statements += 1
        return await super().fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: object) -> Row | None:
        self.statements += 1
        return await super().fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: object) -> Any:
        self.statements += 1
        return await super().fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> str:
        self.statements += 1
        return await super().execute(sql, *args)


@pytest.mark.parametrize("amount", [0, 1, 25])
async def test_placing_and_settling_a_hold_take_two_round_trips_each(world: PgCreditWorld, amount: int) -> None:
    await fund(world, ANNA, a_grant(10, expires_at=NOW.replace(year=2027)), a_grant(10), a_grant(10))
    counting = CountingUnitOfWork(world.database)
    store = PgCreditAccountStore(counting, world.ids)
    holds = CreditHolds(accounts=store, reader=world.reader, clock=world.clock)
    held_under = hold_id()

    await holds.place(held_under, ANNA, amount)
    to_place = counting.statements
    await holds.capture(held_under, amount // 2)
    to_capture = counting.statements - to_place
    await counting.commit()

    assert (to_place, to_capture) == (2, 2)


MANY = """
INSERT INTO credit_accounts (id, available, held) SELECT account(n), 20, 10 FROM generate_series(1, 5000) AS n;
INSERT INTO credit_lots (account_id, source, cause, granted, available, held, expires_at)
    SELECT account(n), 'purchase', 'spent ' || lot, 10, 0, 0, NULL
    FROM generate_series(1, 5000) AS n, generate_series(1, 3) AS lot;
INSERT INTO credit_lots (id, account_id, source, cause, granted, available, held, expires_at)
    SELECT account(n), account(n), 'plan', 'open', 30, 20, 10, now() + n * interval '1 minute'
    FROM generate_series(1, 5000) AS n;
INSERT INTO credit_holds (id, account_id, amount) SELECT account(n), account(n), 10 FROM generate_series(1, 5000) AS n;
INSERT INTO credit_entries (account_id, lot_id, hold_id, kind, available_delta, held_delta)
    SELECT account(n), account(n), account(n), 'hold', -10, 10 FROM generate_series(1, 5000) AS n;
ANALYZE;
"""

ACCOUNT = """
CREATE FUNCTION account(n int) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$ SELECT md5(n::text)::uuid $$;
"""


def test_every_statement_of_the_money_path_finds_its_rows_by_an_index(
    postgres_engine: EmbeddedPostgres, database_url: str
) -> None:
    name = database_url.rpartition("/")[2]
    sql(postgres_engine, ACCOUNT, name)
    sql(postgres_engine, MANY, name)
    hot = [
        statements.LOCK_ACCOUNT,
        statements.LOCK_HOLD,
        statements.KNOWS_CAUSE,
        statements.SAVE,
        pg_credit_reader.BALANCE,
        pg_credit_reader.OPEN_LOTS,
        pg_credit_reader.LATEST_ENTRIES,
    ]

    for statement in hot:
        assert _scanned_whole(postgres_engine, name, statement) == [], statement
    # Expiry takes a hundred accounts at once, so only the lots, of which there may be millions, are looked at here.
    assert "credit_lots" not in _scanned_whole(postgres_engine, name, statements.LOCK_EXPIRED.replace("$2", "100"))


def _scanned_whole(engine: EmbeddedPostgres, database: str, statement: str) -> list[str]:
    """The tables that the statement's generic plan reads from end to end."""
    plan = json.loads(sql(engine, f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {statement}", database))
    return [node["Relation Name"] for node in _nodes(plan[0]["Plan"]) if node["Node Type"] == "Seq Scan"]


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in _nodes(child))]
