"""What commands and processes do when a server is away, behind, or does not let them in."""

import json
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from redis import Redis

from pixie.adapters.kernel.embedded.ports import free_port
from pixie.adapters.kernel.embedded.postgres import EmbeddedPostgres
from tests.support.commands import KEYS, pixie, running
from tests.support.engines import cloned_database, sql
from tests.support.waiting import eventually

pytestmark = pytest.mark.infra

NO_SERVICE = 69
DEAD_DATABASE = "postgresql://pixie:x@127.0.0.1:1/pixie"
DEAD_REDIS = "redis://127.0.0.1:1/0"
ALL = pytest.mark.parametrize("process", ["api", "worker", "scheduler"])

Environment = Callable[..., dict[str, str]]


@pytest.fixture
def given(database_url: str, redis_url: str) -> Environment:
    """Good settings, with what is different."""

    def given(**others: str) -> dict[str, str]:
        servers = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        return {"PIXIE_ENV": "development", "PIXIE_HTTP_PORT": str(free_port()), **servers, **KEYS, **others}

    return given


@pytest.fixture
def empty_database_url(postgres_engine: EmbeddedPostgres) -> Iterator[str]:
    with cloned_database(postgres_engine, "template0") as url:
        yield url


def assert_refused(done: "subprocess.CompletedProcess[str]", *words: str, code: int = NO_SERVICE) -> None:
    """With one line, and not with the story of a whole stack."""
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("Error: ")
    for word in words:
        assert word in done.stderr


def database_named(url: str) -> str:
    return url.rpartition("/")[2]


@ALL
def test_nothing_starts_on_a_database_with_another_password(process: str, tmp_path: Path, given: Environment) -> None:
    url = given()["DATABASE_URL"].replace("for%20tests", "guessed")
    assert_refused(
        pixie(tmp_path, process, **given(DATABASE_URL=url)), "password authentication failed", "DATABASE_URL"
    )


@ALL
def test_nothing_starts_on_a_database_that_is_behind(
    process: str, tmp_path: Path, given: Environment, empty_database_url: str
) -> None:
    assert_refused(pixie(tmp_path, process, **given(DATABASE_URL=empty_database_url)), "Run `pixie migrate`.")


@pytest.mark.parametrize("process", ["api", "worker"])
def test_nothing_starts_on_a_redis_that_may_drop_messages(process: str, tmp_path: Path, given: Environment) -> None:
    with Redis.from_url(given()["REDIS_URL"]) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            done = pixie(tmp_path, process, **given())
        finally:
            client.config_set("maxmemory-policy", "noeviction")
    assert_refused(done, "maxmemory-policy is allkeys-lru", "noeviction")


def test_nothing_starts_on_a_redis_with_another_password(tmp_path: Path, given: Environment) -> None:
    url = given()["REDIS_URL"].replace("for%20tests", "guessed")
    assert_refused(pixie(tmp_path, "scheduler", **given(REDIS_URL=url)), "Redis does not let Pixie in", "REDIS_URL")


@pytest.mark.parametrize(
    ("process", "dead"), [("worker", {"DATABASE_URL": DEAD_DATABASE}), ("scheduler", {"REDIS_URL": DEAD_REDIS})]
)
def test_who_can_do_nothing_without_its_servers_waits_a_little_and_leaves(
    process: str, dead: dict[str, str], tmp_path: Path, given: Environment
) -> None:
    assert_refused(pixie(tmp_path, process, **given(**dead)), "does not answer right now")


@pytest.mark.parametrize("process", ["worker", "scheduler"])
def test_without_an_address_of_redis_none_starts(process: str, tmp_path: Path, given: Environment) -> None:
    assert_refused(pixie(tmp_path, process, **given(REDIS_URL="")), "There is no Redis", "REDIS_URL")


def test_a_wrong_setting_of_a_provider_is_told_when_a_worker_starts(tmp_path: Path, given: Environment) -> None:
    done = pixie(tmp_path, "worker", **given(PIXIE_SCRIPTED_NONSENSE="1"))
    assert done.returncode == 78
    assert "PIXIE_SCRIPTED_NONSENSE" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_the_api_comes_up_without_a_database_and_says_so(tmp_path: Path, given: Environment) -> None:
    settings = given(DATABASE_URL=DEAD_DATABASE)
    url = f"http://127.0.0.1:{settings['PIXIE_HTTP_PORT']}"

    def status(path: str) -> int:
        try:
            return httpx.get(f"{url}{path}", timeout=10).status_code
        except httpx.TransportError:
            return 0

    with running(tmp_path, "api", **settings) as process:
        assert eventually(lambda: status("/health/live") == 200, within=30)
        assert status("/health/ready") == 503
        assert status("/api/ai/models") in {401, 503}
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.parametrize("process", ["worker", "scheduler"])
def test_a_database_that_is_ahead_is_worked_on_until_somebody_asks_to_stop(
    process: str, tmp_path: Path, given: Environment, postgres_engine: EmbeddedPostgres
) -> None:
    sql(postgres_engine, "UPDATE alembic_version SET version_num = '9999'", database_named(given()["DATABASE_URL"]))
    stops_when_asked(tmp_path, process, given())


def stops_when_asked(home: Path, process: str, settings: dict[str, str]) -> None:
    with running(home, process, **settings) as started:
        assert eventually(lambda: works(home, process), within=30), (home / "said").read_text()
        started.send_signal(signal.SIGTERM)
        assert started.wait(30) == 0


def works(home: Path, process: str) -> bool:
    return ("leading" if process == "scheduler" else "Event loop is running") in (home / "said").read_text()


def test_a_scheduler_whose_work_ends_says_why_and_ends(
    tmp_path: Path, given: Environment, postgres_engine: EmbeddedPostgres
) -> None:
    with running(tmp_path, "scheduler", **given()) as scheduler:
        assert eventually(lambda: works(tmp_path, "scheduler"), within=30)
        sql(postgres_engine, "ALTER TABLE ai_jobs DROP COLUMN due_at", database_named(given()["DATABASE_URL"]))
        assert scheduler.wait(30) == 1
    assert "work_ended" in (tmp_path / "said").read_text()
    assert "due_at" in (tmp_path / "said").read_text()


def test_a_scheduler_waits_an_outage_out(tmp_path: Path, given: Environment, postgres_engine: EmbeddedPostgres) -> None:
    name = database_named(given()["DATABASE_URL"])
    others = f"FROM pg_stat_activity WHERE datname = '{name}'"
    with running(tmp_path, "scheduler", **given()) as scheduler:
        assert eventually(lambda: works(tmp_path, "scheduler"), within=30)
        sql(postgres_engine, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        sql(postgres_engine, f"SELECT pg_terminate_backend(pid) {others}")
        assert eventually(lambda: "dispatch_interrupted" in (tmp_path / "said").read_text())
        sql(postgres_engine, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert eventually(lambda: int(sql(postgres_engine, f"SELECT count(*) {others}")) >= 2, within=30)
        assert scheduler.poll() is None
        scheduler.send_signal(signal.SIGTERM)
        assert scheduler.wait(30) == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"for%20tests": "guessed"}, "password authentication failed"),
        ({"pixie:": "nobody:"}, "password authentication failed"),
        ({"/test_": "/missing_"}, "does not exist"),
    ],
)
def test_a_command_says_in_a_line_that_the_database_does_not_let_it_in(
    change: dict[str, str], said: str, tmp_path: Path, given: Environment
) -> None:
    url = given()["DATABASE_URL"]
    for old, new in change.items():
        assert old in url
        url = url.replace(old, new)
    for words in (("users", "list"), ("migrate",), ("migrate", "--check")):
        assert_refused(pixie(tmp_path, *words, **given(DATABASE_URL=url)), said, "Check DATABASE_URL.")


def test_a_command_on_a_database_without_tables_asks_to_migrate(
    tmp_path: Path, given: Environment, empty_database_url: str
) -> None:
    done = pixie(tmp_path, "users", "list", **given(DATABASE_URL=empty_database_url))
    assert_refused(done, "Run `pixie migrate`.")


def test_a_role_that_may_not_make_tables_is_told_of(
    tmp_path: Path, given: Environment, empty_database_url: str, postgres_engine: EmbeddedPostgres
) -> None:
    sql(postgres_engine, "CREATE ROLE guest LOGIN PASSWORD 'guest'")
    try:
        url = empty_database_url.replace("pixie:for%20tests", "guest:guest")
        assert_refused(pixie(tmp_path, "migrate", **given(DATABASE_URL=url)), "permission denied")
    finally:
        sql(postgres_engine, "DROP ROLE guest")


@pytest.mark.parametrize("content", ["{", "[]", '{"link_key": 5}'])
def test_damaged_secrets_are_told_in_a_line(content: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secrets.json").write_text(content)
    for words in (("users", "list"), ("scheduler",), ("settings",)):
        assert_refused(pixie(tmp_path, *words), "secrets.json is damaged", code=78)


def test_a_database_that_grants_too_few_connections_is_told_of_in_a_line(tmp_path: Path, given: Environment) -> None:
    done = pixie(tmp_path, "migrate", **given(PIXIE_DATABASE_POOL_SIZE="200"))
    assert_refused(done, "may need", code=78)


# The doctor


def findings(home: Path, **settings: str) -> tuple[int, dict[str, dict[str, object]]]:
    done = pixie(home, "doctor", "--json", **settings)
    assert "Traceback" not in done.stderr
    return done.returncode, {finding["subject"]: finding for finding in json.loads(done.stdout)}


def test_the_doctor_names_the_server_and_gives_advice_only_where_it_is_needed(
    tmp_path: Path, given: Environment
) -> None:
    (tmp_path / "data").mkdir()
    code, found = findings(tmp_path, **given(PIXIE_DATABASE_POOL_SIZE="200"))
    assert code == 1
    assert [name for name, finding in found.items() if not finding["good"]] == ["connections"]
    assert str(found["redis"]["text"]).startswith("Valkey ")
    assert str(found["postgres"]["text"]).startswith("PostgreSQL ")
    assert not [name for name, finding in found.items() if finding["good"] and finding["advice"]]


@pytest.mark.parametrize(("word", "said"), [("guessed", "password authentication failed"), ("", "password")])
def test_the_doctor_looks_on_where_the_database_does_not_let_it_in(
    word: str, said: str, tmp_path: Path, given: Environment
) -> None:
    (tmp_path / "data").mkdir()
    url = given()["DATABASE_URL"].replace(":for%20tests", f":{word}" if word else "")
    code, found = findings(tmp_path, **given(DATABASE_URL=url))
    assert code == 1
    assert said in str(found["postgres"]["text"])
    assert found["redis"]["good"]
    assert found["storage"]["good"]
    assert "models" not in found


def test_the_doctor_looks_on_where_nothing_answers(tmp_path: Path, given: Environment) -> None:
    code, found = findings(tmp_path, **given(DATABASE_URL=DEAD_DATABASE, REDIS_URL=DEAD_REDIS))
    assert code == 1
    assert {"postgres", "redis"} <= {name for name, finding in found.items() if not finding["good"]}
    assert found["storage"]["good"]


def test_the_doctor_finds_a_database_that_is_behind(
    tmp_path: Path, given: Environment, empty_database_url: str
) -> None:
    code, found = findings(tmp_path, **given(DATABASE_URL=empty_database_url))
    assert code == 1
    assert "pixie migrate" in str(found["schema"]["text"])
    assert found["models"]["good"]


def test_the_doctor_finds_what_is_wrong_with_settings(tmp_path: Path, given: Environment) -> None:
    code, found = findings(tmp_path, **given(PIXIE_FOO="1"))
    assert code == 1
    assert "PIXIE_FOO" in str(found["settings"]["text"])
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secrets.json").write_text("{")
    code, found = findings(tmp_path)
    assert code == 1
    assert "is damaged" in str(found["data folder"]["text"])


def test_the_doctor_tells_each_finding_as_it_comes(tmp_path: Path, given: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://pixie:x@127.0.0.1:{silent.getsockname()[1]}/pixie"
        with running(tmp_path, "doctor", **given(DATABASE_URL=url)) as doctor:
            assert eventually(lambda: "settings" in (tmp_path / "said").read_text(), within=30)
            assert doctor.poll() is None
            assert doctor.wait(30) == 1
