"""`pixie credits`, on a real database."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pixie.adapters.kernel.embedded.postgres import EmbeddedPostgres
from pixie.entrypoints.cli.credits import credits as commands
from tests.support.builders.credits import ANNA, BORIS
from tests.support.engines import sql

pytestmark = pytest.mark.infra

KEYS = ("PASSWORD", "TOKEN", "REFRESH", "LINK", "SEAL")
Run = Callable[..., Result]
SQL = Callable[[str], str]


@pytest.fixture
def on_database(postgres_engine: EmbeddedPostgres, database_url: str) -> SQL:
    name = database_url.rpartition("/")[2]
    return lambda statement: sql(postgres_engine, statement, name)


@pytest.fixture
def pixie(on_database: SQL, database_url: str, tmp_path: Path) -> Run:
    """Run a command beside a database in which Anna has an account."""
    on_database(
        f"""
        INSERT INTO users (id, email, email_key, name)
        VALUES ('{ANNA}', 'Anna@pixie.test', 'anna@pixie.test', 'Anna')
        """
    )
    environment = {
        "PIXIE_ENV": "development",
        "PIXIE_DATABASE_URL": database_url,
        "PIXIE_DATA_DIR": str(tmp_path),
        **{f"PIXIE_KEYS_{name}": f"{name}, a key for tests and nothing else" for name in KEYS},
    }
    return lambda *arguments: CliRunner().invoke(commands, arguments, env=environment)


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_credits_are_granted_by_address_or_id(pixie: Run) -> None:
    by_address = pixie("grant", "anna@PIXIE.test", "50", "--note", "thanks")
    by_id = answer(pixie("grant", str(ANNA), "7", "--json"))

    assert by_address.exit_code == 0
    assert "50 credits granted" in by_address.stdout
    assert by_id == {"user_id": str(ANNA), "granted": True, "balance": {"available": 57, "held": 0}}


def test_a_grant_with_a_key_is_made_once(pixie: Run) -> None:
    pixie("grant", "anna@pixie.test", "50", "--idempotency-key", "ticket 7")

    result = pixie("grant", "anna@pixie.test", "50", "--idempotency-key", "ticket 7")

    assert result.exit_code == 0
    assert "Granted before; nothing was changed. Available now: 50." in result.stdout


def test_an_adjustment_goes_down_as_well(pixie: Run) -> None:
    pixie("grant", "anna@pixie.test", "50")

    result = pixie("adjust", "anna@pixie.test", "-20", "--note", "charged back")

    assert result.exit_code == 0, result.output
    assert "Adjusted by -20. Available now: 30." in result.stdout


def test_an_adjustment_with_a_key_is_made_once(pixie: Run) -> None:
    pixie("grant", "anna@pixie.test", "50")

    first = answer(pixie("adjust", "anna@pixie.test", "-20", "--idempotency-key", "k", "--json"))
    again = answer(pixie("adjust", "anna@pixie.test", "-20", "--idempotency-key", "k", "--json"))
    other = pixie("adjust", "anna@pixie.test", "-21", "--idempotency-key", "k")

    assert first == again == {"available": 30, "held": 0}
    assert other.exit_code == 1


def test_an_adjustment_below_zero_is_refused(pixie: Run) -> None:
    result = pixie("adjust", "anna@pixie.test", "-1")

    assert result.exit_code == 1
    assert "need 1 more" in result.stderr


def test_who_is_not_there_is_given_nothing(pixie: Run) -> None:
    assert pixie("grant", "nobody@pixie.test", "50").exit_code == 1
    assert pixie("grant", str(BORIS), "50").exit_code == 1
    assert pixie("grant", "anna@pixie.test", "0").exit_code == 2


def test_an_account_is_shown_with_lots_and_entries(pixie: Run) -> None:
    pixie("grant", "anna@pixie.test", "50", "--expires-in-days", "30")
    pixie("adjust", "anna@pixie.test", "-20")

    account = answer(pixie("show", "anna@pixie.test", "--json"))
    table = pixie("show", "anna@pixie.test")

    assert account["balance"] == {"available": 30, "held": 0}
    assert [(lot["granted"], lot["available"], bool(lot["expires_at"])) for lot in account["lots"]] == [(50, 30, True)]
    assert [entry["available_delta"] for entry in account["entries"]] == [-20, 50]
    assert "adjust\t-20\t+0" in table.stdout


def test_the_account_of_someone_who_left_can_be_looked_at(pixie: Run, on_database: SQL) -> None:
    pixie("grant", "anna@pixie.test", "50")
    on_database("DELETE FROM users")

    assert answer(pixie("show", str(ANNA), "--json"))["balance"]["available"] == 50


def test_a_ledger_that_adds_up_is_verified(pixie: Run) -> None:
    pixie("grant", "anna@pixie.test", "50")

    assert pixie("verify").stdout == "The ledger adds up.\n"
    assert answer(pixie("verify", "--json")) == []


def test_a_ledger_with_drift_fails_verification_and_says_where(pixie: Run, on_database: SQL) -> None:
    pixie("grant", "anna@pixie.test", "50")
    on_database("UPDATE credit_accounts SET available = 51")

    result = pixie("verify")
    as_json = pixie("verify", "--json")

    assert result.exit_code == as_json.exit_code == 1
    assert f"{ANNA} balance_is_the_sum_of_its_entries" in result.stdout
    assert {drift["rule"] for drift in json.loads(as_json.stdout)} == {
        "balance_is_the_sum_of_its_entries",
        "balance_is_the_sum_of_its_lots",
    }
