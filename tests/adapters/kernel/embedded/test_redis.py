import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import AuthenticationError, Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from pixie.adapters.kernel.embedded.launcher import Launcher
from pixie.adapters.kernel.embedded.redis import EmbeddedRedis
from tests.support.waiting import eventually

pytestmark = pytest.mark.infra

Make = Callable[[], EmbeddedRedis]


@pytest.fixture
def make(home: Path, launcher: Launcher) -> Make:
    return lambda: EmbeddedRedis(home / "redis", password="p+/='\"\\", log=home / "log", launcher=launcher)


def client_of(engine: EmbeddedRedis) -> "Redis":
    return Redis.from_url(engine.url)


def test_nobody_enters_without_the_password(redis_engine: EmbeddedRedis) -> None:
    with Redis(port=redis_engine.port, retry=Retry(NoBackoff(), 0)) as client, pytest.raises(AuthenticationError):
        client.ping()


def test_it_listens_on_the_loopback_address_and_drops_no_key_by_itself(redis_engine: EmbeddedRedis) -> None:
    with client_of(redis_engine) as client:
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_what_was_written_survives_a_stop_and_a_kill(make: Make) -> None:
    with make() as engine:
        port = engine.port
        with client_of(engine) as client:
            assert client.config_get("append*") | client.config_get("save") == {
                "appendonly": "yes",
                "appendfsync": "everysec",
                "appendfilename": "appendonly.aof",
                "appenddirname": "appendonlydir",
                "save": "",
            }
            client.set("a", "1")
        engine.stop()
        engine.start()
        with client_of(engine) as client:
            assert client.get("a") == b"1"
            client.set("b", "2")
            client.execute_command("WAITAOF", 1, 0, 5000)
            os.kill(engine.pid, signal.SIGKILL)
        assert eventually(lambda: engine.exit_code() is not None)
        engine.start()
        with client_of(engine) as client:
            assert client.mget("a", "b") == [b"1", b"2"]
        assert engine.port == port


def test_the_password_is_in_no_log_and_no_list_of_processes(make: Make, home: Path) -> None:
    with make() as engine:
        shown = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(engine.pid)], capture_output=True, check=True)
        assert engine.password.encode() not in shown.stdout
        assert engine.password not in (home / "log").read_text()


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root lends; looks into /proc")
def test_root_lends_the_engine_to_a_user_without_rights(make: Make) -> None:
    with make() as engine:
        assert Path(f"/proc/{engine.pid}").stat().st_uid != 0


def test_a_server_left_behind_on_the_folder_is_stopped_and_followed(make: Make) -> None:
    with make() as left_behind:
        with client_of(left_behind) as client:
            client.set("a", "1")
        with make() as engine:
            assert left_behind.exit_code() == 0
            with client_of(engine) as client:
                assert client.get("a") == b"1"


def test_a_spoilt_log_of_writes_is_put_aside_for_redis_holds_hints_only(make: Make, home: Path) -> None:
    for turn in (1, 2):
        with make() as engine:
            with client_of(engine) as client:
                client.set("a", "1")
                client.execute_command("WAITAOF", 1, 0, 5000)
            engine.kill()
            writes = next((home / "redis" / "appendonlydir").glob("*.incr.aof"))
            writes.write_bytes(b"this is no log" * 20 + writes.read_bytes())
            engine.start()
            with client_of(engine) as client:
                assert client.get("a") is None
        assert len(list((home / "redis").glob("appendonlydir.spoilt-*"))) == turn


def test_a_write_cut_short_by_a_crash_is_forgotten_and_the_rest_kept(make: Make, home: Path) -> None:
    with make() as engine:
        with client_of(engine) as client:
            client.set("a", "1")
            client.execute_command("WAITAOF", 1, 0, 5000)
        engine.kill()
        writes = next((home / "redis" / "appendonlydir").glob("*.incr.aof"))
        writes.write_bytes(writes.read_bytes() + b"*3\r\n$3\r\nSET\r\n$1\r\nb")
        engine.start()
        with client_of(engine) as client:
            assert client.mget("a", "b") == [b"1", None]
