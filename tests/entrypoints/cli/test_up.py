from collections.abc import Mapping
from pathlib import Path

import pytest
import rich_click as click
from click.testing import CliRunner

from pixie.entrypoints.cli.up import planned, refuse_bad_settings, up
from pixie.entrypoints.supervisor.plan import Address, Plan
from tests.support.commands import pixie

SERVERS = {"DATABASE_URL": "postgresql://p@db/p", "REDIS_URL": "redis://r"}


def plan(environ: Mapping[str, str] | None = None, dotenv: Path = Path("/nonexistent/.env"), **options: str) -> Plan:
    return planned(options, environ or {}, dotenv)


def test_with_nothing_set_everything_is_here_and_for_development() -> None:
    made = plan()
    assert made.address == Address("127.0.0.1", 8000)
    assert made.folder.path == Path.cwd() / ".pixie"
    assert made.embedded
    assert made.env["PIXIE_ENV"] == "development"


def test_options_are_stronger_than_the_environment_and_that_than_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"PIXIE_HTTP_HOST=::1\nPIXIE_HTTP_PORT=1\nPIXIE_DATA_DIR={tmp_path}/file\n")
    environ = {"PIXIE_HTTP_PORT": "2", "PIXIE_DATA_DIR": f"{tmp_path}/environment"}
    made = plan(environ, dotenv, PIXIE_DATA_DIR=f"{tmp_path}/option")
    assert made.address == Address("::1", 2)
    assert made.folder.path == tmp_path / "option"


def test_with_servers_of_ones_own_none_are_started() -> None:
    assert not plan(SERVERS).embedded


@pytest.mark.parametrize("name", SERVERS)
def test_half_a_pair_of_servers_is_refused(name: str) -> None:
    with pytest.raises(click.UsageError, match="both DATABASE_URL and REDIS_URL"):
        plan({name: SERVERS[name]})


@pytest.mark.parametrize("port", ["80a", "²"])
def test_a_port_that_is_no_number_is_refused(port: str) -> None:
    with pytest.raises(click.UsageError, match=f"must be a number, not '{port}'"):
        plan({"PIXIE_HTTP_PORT": port})


def test_production_is_left_as_it_was_asked_for() -> None:
    assert "PIXIE_ENV" not in plan({"PIXIE_ENV": "production"}).env


def test_port_0_is_any_free_port() -> None:
    assert plan(PIXIE_HTTP_PORT="0").address.port > 0


@pytest.mark.parametrize("port", ["-1", "65536", "many"])
def test_a_port_that_cannot_be_is_a_usage_error(port: str) -> None:
    assert CliRunner().invoke(up, ["--port", port]).exit_code == 2


def test_a_folder_with_other_things_in_it_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "thesis.txt").touch()
    done = pixie(tmp_path, "up", "--port", "0")
    assert done.returncode == 2
    assert "no data folder of Pixie" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("settings", "dotenv", "said"),
    [
        ({"PIXIE_FOO": "1"}, "", "PIXIE_FOO"),
        ({"PIXIE_HTTP_PORT": "99999"}, "", "PIXIE_HTTP_PORT must be 65535 or less"),
        ({"PIXIE_HTTP_PORT": "²"}, "", "PIXIE_HTTP_PORT must be a whole number"),
        ({"PIXIE_ENV": "production"}, "", "PIXIE_KEYS_TOKEN is not set"),
        ({}, "= nothing", "line 1: this is not NAME=value"),
    ],
)
def test_settings_are_refused_before_anything_is_made(
    settings: dict[str, str], dotenv: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(dotenv)
    done = pixie(tmp_path, "up", **settings)
    assert done.returncode == 78, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["0", "8400"])
def test_good_settings_are_not_refused(port: str, tmp_path: Path) -> None:
    refuse_bad_settings({}, {"PIXIE_HTTP_PORT": port}, tmp_path / ".env")
