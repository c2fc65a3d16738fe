"""`pixie users`, on a real database."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pixie.entrypoints.cli.users import users as commands
from tests.support.account_api import account_api
from tests.support.builders.accounts import PASSWORD
from tests.support.builders.settings import STORED_SECRETS

pytestmark = pytest.mark.infra

Run = Callable[..., Result]


@pytest.fixture
def pixie(database_url: str, tmp_path: Path) -> Run:
    environment = {
        "PIXIE_ENV": "development",
        "PIXIE_DATABASE_URL": database_url,
        "PIXIE_DATA_DIR": str(tmp_path),
        "PIXIE_AUTH_BCRYPT_COST": "4",
        **{f"PIXIE_KEYS_{name.removesuffix('_key').upper()}": value for name, value in STORED_SECRETS.items()},
    }
    return lambda *arguments, **more: CliRunner().invoke(commands, arguments, env=environment, **more)


@pytest.fixture
def sign_in(database_url: str, tmp_path: Path) -> Callable[[str, str], int]:
    """The status with which the API answers a sign-in."""

    async def answer(email: str, password: str) -> int:
        async with account_api(database_url, tmp_path) as api:
            return (await api.login(email, password)).status_code

    return lambda email, password: asyncio.run(answer(email, password))


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_created_admin_signs_in_with_the_password_that_is_shown_once(
    pixie: Run, sign_in: Callable[[str, str], int]
) -> None:
    made = answer(pixie("create", "Root@Example.com", "--admin", "--name", "Root", "--json"))

    assert (made["email"], made["name"], made["role"]) == ("Root@example.com", "Root", "admin")
    assert len(made["password"]) == 24
    assert sign_in("root@example.com", made["password"]) == 200


def test_a_password_can_be_given_on_standard_input_and_is_not_shown(
    pixie: Run, sign_in: Callable[[str, str], int]
) -> None:
    result = pixie("create", "ada@example.com", "--password-stdin", input=f"{PASSWORD}\n")

    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert "ada@example.com" in result.stdout
    assert sign_in("ada@example.com", PASSWORD) == 200


@pytest.mark.parametrize("given", ["", "\n", "short\n"])
def test_an_empty_or_short_password_is_refused_and_none_is_made_instead(pixie: Run, given: str) -> None:
    result = pixie("create", "ada@example.com", "--password-stdin", input=given)

    assert result.exit_code == 1
    assert "8 to 256 characters" in result.stderr
    assert answer(pixie("list", "--json")) == []


def test_what_is_taken_or_wrong_or_unknown_is_told_in_a_line(pixie: Run) -> None:
    pixie("create", "ada@example.com")

    taken = pixie("create", "ADA@example.com")
    wrong = pixie("create", "ada")
    unknown = pixie("promote", "nobody@example.com", "--role", "admin")

    assert [result.exit_code for result in (taken, wrong, unknown)] == [1, 1, 1]
    assert "There is an account with this e-mail address already." in taken.stderr
    assert "not an e-mail address" in wrong.stderr
    assert "There is no such user." in unknown.stderr
    assert all(result.stdout == "" for result in (taken, wrong, unknown))


def test_users_are_listed_for_people_and_scripts(pixie: Run) -> None:
    for email in ("ada@example.com", "eve@example.org"):
        pixie("create", email, "--name", "A name")

    lines = pixie("list").stdout.splitlines()
    found = answer(pixie("list", "--json", "--query", "example.COM"))
    page = pixie("list", "--limit", "1")

    assert [line.split("\t")[1] for line in lines] == ["eve@example.org", "ada@example.com"]
    assert [user["email"] for user in found] == ["ada@example.com"]
    assert {"id", "email", "name", "role", "is_active", "created_at", "last_login"} <= set(found[0])
    assert "password" not in json.dumps(found)
    newest = page.stdout.split("\t")[0]
    assert f"--before {newest}" in page.stderr
    assert "ada@example.com" in pixie("list", "--before", newest).stdout


def test_people_are_promoted_and_demoted(pixie: Run) -> None:
    pixie("create", "ada@example.com")

    assert "ada@example.com is now: admin." in pixie("promote", "ada@example.com", "--role", "admin").stdout
    assert answer(pixie("promote", "ada@example.com", "--role", "user", "--json"))["role"] == "user"


def test_a_deactivated_account_is_shut_until_that_is_undone(pixie: Run, sign_in: Callable[[str, str], int]) -> None:
    pixie("create", "ada@example.com", "--password-stdin", input=PASSWORD)

    assert "ada@example.com is closed." in pixie("deactivate", "ada@example.com").stdout
    assert sign_in("ada@example.com", PASSWORD) == 401
    assert "ada@example.com is active." in pixie("deactivate", "ada@example.com", "--undo").stdout
    assert sign_in("ada@example.com", PASSWORD) == 200
