import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import asyncpg
import pytest

from pixie.adapters.kernel.embedded import engine as engine_module
from pixie.adapters.kernel.embedded.accounts import is_open_to_all
from pixie.adapters.kernel.embedded.engine import EngineFailed
from pixie.adapters.kernel.embedded.launcher import Launcher
from pixie.adapters.kernel.embedded.ports import free_port
from pixie.adapters.kernel.embedded.postgres import EmbeddedPostgres
from pixie.adapters.kernel.embedded.warden import is_alive
from tests.support.engines import sql
from tests.support.waiting import eventually

pytestmark = pytest.mark.infra
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends engines to others")


class Make(Protocol):
    def __call__(self, *, durable: bool = False) -> EmbeddedPostgres: ...


@pytest.fixture
def make(home: Path, launcher: Launcher) -> Make:
    def make(*, durable: bool = False) -> EmbeddedPostgres:
        log = home / "log"
        return EmbeddedPostgres(home / "postgres", password="p+/='\"", log=log, launcher=launcher, durable=durable)

    return make


@pytest.fixture
def words(postgres_engine: EmbeddedPostgres) -> Callable[[str], str]:
    return lambda statement: sql(postgres_engine, statement)


def test_a_new_engine_has_the_database_pixie(postgres_engine: EmbeddedPostgres) -> None:
    assert sql(postgres_engine, "SELECT current_database(), current_user", "pixie") == "pixie|pixie"


async def test_nobody_enters_without_the_password(postgres_engine: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(host="127.0.0.1", port=postgres_engine.port, user="pixie", password="guess")


def test_it_listens_on_the_loopback_address_and_nowhere_else(words: Callable[[str], str]) -> None:
    assert words("SHOW listen_addresses") == "127.0.0.1"
    assert words("SHOW unix_socket_directories") == ""


def test_texts_of_all_languages_are_sorted_and_folded_the_same_everywhere(words: Callable[[str], str]) -> None:
    assert words("SHOW server_encoding") == "UTF8"
    assert words("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'pixie'") == "b|C.UTF-8"
    assert words("SELECT lower('ÄΣ')") == "äσ"


def test_statements_are_counted(postgres_engine: EmbeddedPostgres) -> None:
    sql(postgres_engine, "CREATE EXTENSION pg_stat_statements")
    assert int(sql(postgres_engine, "SELECT count(*) FROM pg_stat_statements")) > 0


def test_what_was_committed_survives_a_stop_and_a_kill(make: Make) -> None:
    with make(durable=True) as engine:
        assert sql(engine, "SHOW fsync") == sql(engine, "SHOW synchronous_commit") == "on"
        sql(engine, "CREATE TABLE kept AS SELECT 1 AS row")
        port = engine.port
        engine.stop()
        engine.start()
        sql(engine, "INSERT INTO kept VALUES (2)")
        os.kill(engine.pid, signal.SIGKILL)
        assert eventually(lambda: engine.exit_code() is not None)
        engine.start()
        assert sql(engine, "SELECT count(*) FROM kept") == "2"
        assert engine.port == port


def test_the_password_is_in_no_log_and_no_list_of_processes(make: Make, home: Path) -> None:
    with make() as engine:
        shown = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(engine.pid)], capture_output=True, check=True)
        assert engine.password.encode() not in shown.stdout
        assert engine.password not in (home / "log").read_text()


async def test_what_an_error_is_about_is_in_no_log(make: Make, home: Path) -> None:
    with make() as engine:
        connection = await asyncpg.connect(engine.url)
        try:
            await connection.execute("CREATE TABLE people (email text UNIQUE)")
            await connection.execute("INSERT INTO people VALUES ($1)", "ada@example.com")
            with pytest.raises(asyncpg.UniqueViolationError):
                await connection.execute("INSERT INTO people VALUES ($1)", "ada@example.com")
        finally:
            await connection.close()
    log = (home / "log").read_text()
    assert "violates unique constraint" in log
    assert "ada@" not in log


@pytest.mark.parametrize("words", [b"\xc2\xb2\n", b"\xff\n", b"\n"])
def test_a_pid_file_with_nonsense_in_it_names_nobody(make: Make, home: Path, words: bytes) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "postmaster.pid").write_bytes(words)
    assert make()._recorded_pid() is None


@on_linux
@as_root
def test_root_lends_the_engine_to_a_user_without_rights(make: Make, home: Path) -> None:
    with make() as engine:
        assert Path(f"/proc/{engine.pid}").stat().st_uid != 0
        assert (home / "postgres").stat().st_mode & 0o077 == 0


def test_a_stale_pid_file_with_the_number_of_a_living_process_is_no_obstacle(make: Make, home: Path) -> None:
    with make() as engine:
        engine.kill()
        left = home / "postgres" / "postmaster.pid"
        left.write_text("\n".join([str(os.getpid()), *left.read_text().splitlines()[1:]]) + "\n")
        engine.start()
        assert sql(engine, "SELECT 1") == "1"


def test_a_server_left_behind_on_the_folder_is_stopped_and_followed(make: Make) -> None:
    with make() as left_behind:
        sql(left_behind, "CREATE TABLE kept AS SELECT 1 AS row")
        with make() as engine:
            assert left_behind.exit_code() == 0
            assert sql(engine, "SELECT count(*) FROM kept") == "1"


@on_linux
def test_a_server_on_another_folder_is_left_alone(make: Make, home: Path, launcher: Launcher) -> None:
    with make() as other:
        (home / "second").mkdir()
        log = home / "second" / "log"
        with EmbeddedPostgres(home / "second" / "data", password="p", log=log, launcher=launcher) as engine:
            engine.kill()
            shutil.copy(home / "postgres" / "postmaster.pid", home / "second" / "data")
            engine.start()
            assert other.exit_code() is None


def test_an_interrupted_creation_is_begun_anew(make: Make, home: Path) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(_: float) -> None:
        raise Interrupted

    engine = make()
    with pytest.raises(Interrupted):
        engine.start(interrupt)
    assert not (home / "postgres").exists()
    with engine:
        assert sql(engine, "SELECT 1", "pixie") == "1"
    assert not (home / "postgres.new").exists()


def test_a_port_that_somebody_took_meanwhile_is_replaced(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with make() as first:
        offered = [first.port, free_port()]
        monkeypatch.setattr(engine_module, "free_port", lambda: offered.pop(0))
        second = make()
        second.folder = first.folder.with_name("second")
        with second:
            assert second.port != first.port
            assert not offered


def test_an_engine_that_cannot_start_says_why(make: Make, home: Path) -> None:
    with make() as engine:
        engine.stop()
        (home / "postgres" / "PG_VERSION").write_text("11\n")
        with pytest.raises(EngineFailed, match="initialized by PostgreSQL version 11"):
            engine.start()


def test_a_folder_that_holds_something_else_is_not_overwritten(make: Make, home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "thesis.txt").touch()
    with pytest.raises(EngineFailed, match="not empty"):
        make().start()
    assert (home / "postgres" / "thesis.txt").exists()


def test_an_engine_that_was_not_started_has_no_address(make: Make) -> None:
    with pytest.raises(EngineFailed, match="has not been started"):
        _ = make().url


def has_ended(pid: int) -> bool:
    return not is_alive(pid)


ENGINES = """
import sys, time
from functools import partial
from pathlib import Path
from pixie.adapters.kernel.embedded.launcher import Launcher
from pixie.adapters.kernel.embedded.ports import free_port
from pixie.adapters.kernel.embedded.postgres import EmbeddedPostgres
from pixie.adapters.kernel.embedded.redis import EmbeddedRedis
home = Path(sys.argv[1])
with Launcher() as launcher:
    given = {"password": "p", "launcher": launcher}
    with EmbeddedPostgres(home / "postgres", log=home / "log", **given) as postgres:
        with EmbeddedRedis(home / "redis", log=home / "log", **given) as redis:
            print(postgres.pid, redis.pid, launcher._warden.pid, flush=True)
            if len(sys.argv) > 2:
                time.sleep(60)
"""


def test_engines_do_not_outlive_whoever_started_them(home: Path) -> None:
    for _ in range(2):  # the second time they recover
        with subprocess.Popen([sys.executable, "-c", ENGINES, str(home), "stay"], stdout=subprocess.PIPE) as starter:
            assert starter.stdout
            pids = [int(pid) for pid in starter.stdout.readline().split()]
            starter.kill()
        assert len(pids) == 3
        assert all(eventually(partial(has_ended, pid)) for pid in pids)


@as_root
def test_an_ordinary_user_starts_them_too() -> None:
    python = next((p for p in map(Path, (sys.executable, "/usr/bin/python3")) if is_open_to_all(p)), None)
    paths = [Path(engine_module.__file__).parents[4], Path(asyncpg.__file__).parents[1]]
    if python is None or not all(map(is_open_to_all, paths)):
        pytest.skip("no interpreter, or not the sources, can be read by an ordinary user")
    with tempfile.TemporaryDirectory() as home:  # what pytest gives lies below a folder that only root enters
        os.chown(home, 65534, 65534)
        started = subprocess.run(
            [python, "-c", ENGINES, home],
            env={"PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONDONTWRITEBYTECODE": "1"},
            user=65534,
            group=65534,
            extra_groups=[],
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )
    assert len(started.stdout.split()) == 3, started.stderr
