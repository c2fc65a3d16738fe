"""`pixie up` as a user runs it, over all that belongs to it."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.support.supervised import Supervised, pixie_up, supervised
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes by /proc"),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervised]:
    """One system for all tests that leave it running."""
    with supervised(tmp_path_factory.mktemp("system"), pixie_up()) as system:
        system.wait_ready(within=120)
        yield system


def somebody() -> dict[str, str]:
    return {"email": f"{uuid4()}@example.com", "password": "correct horse battery", "name": "Mina"}


def register(system: Supervised, person: dict[str, str]) -> int:
    with api(system) as client:
        return client.post("/api/auth/register", json=person).status_code


def api(system: Supervised) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{system.port}", timeout=30)


def is_ready(system: Supervised) -> bool:
    try:
        with api(system) as client:
            return client.get("/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def pids_of(system: Supervised, *words: str) -> list[int]:
    """Processes of the system with these words in their command line, the oldest first."""
    return sorted(pid for pid in system.left_over() if all(word in command_line(pid) for word in words))


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""  # it has just ended


def pss_of(pid: int) -> int:
    """What the process costs in bytes, shared pages divided among those who share them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


def test_one_command_starts_a_system_that_serves_and_stops_without_a_trace(tmp_path: Path) -> None:
    home = tmp_path / "private" / "a home for پیکسی"
    home.mkdir(parents=True)
    home.parent.chmod(0o700)
    with supervised(home, pixie_up()) as system:
        system.wait_ready(within=120)
        with api(system) as client:
            assert client.get("/health/ready").status_code == 200
            assert client.get("/docs").status_code == 200
            assert client.get("/openapi.json").json()["openapi"].startswith("3.1")
        assert register(system, somebody()) == 201
        credentials = system.folder.admin_credentials
        assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
        assert eventually(lambda: list(system.folder.mail.glob("*.eml")))
        system.send(signal.SIGINT)
        assert system.exit_code() == 0
        assert system.left_over() == []
        assert system.stdout.count("\n") == 1


def test_a_command_finds_the_system_by_its_data_folder(running: Supervised) -> None:
    doctor = [sys.executable, "-m", "pixie", "doctor", "--data-dir", str(running.folder.path)]
    examined = subprocess.run(doctor, capture_output=True, text=True, check=False, timeout=60)
    assert examined.returncode == 0, examined.stdout + examined.stderr


def test_a_killed_system_leaves_no_process_and_keeps_what_it_was_told(tmp_path: Path) -> None:
    person = somebody()
    with supervised(tmp_path, pixie_up()) as system:
        system.wait_ready(within=120)
        assert register(system, person) == 201
        system.send(signal.SIGKILL)
        assert eventually(lambda: not system.left_over(), within=20)
    with supervised(tmp_path, pixie_up()) as following:
        following.wait_ready(within=60)
        with api(following) as client:
            signed_in = client.post("/api/auth/login", json={key: person[key] for key in ("email", "password")})
            assert signed_in.status_code == 200


@pytest.mark.parametrize("victim", ["pixie api", "pixie worker", "pixie scheduler", "valkey-server", "bin/postgres"])
def test_whatever_is_killed_comes_back_and_everything_works_again(running: Supervised, victim: str) -> None:
    assert eventually(lambda: pids_of(running, victim), within=30)
    killed = pids_of(running, victim)
    os.kill(killed[0], signal.SIGKILL)
    assert eventually(lambda: set(pids_of(running, victim)) - set(killed), within=30)
    assert eventually(lambda: is_ready(running), within=60)
    assert register(running, somebody()) == 201


def test_a_start_may_be_interrupted_at_any_time(tmp_path: Path) -> None:
    with supervised(tmp_path, pixie_up()) as system:
        assert eventually((system.folder.postgres / "PG_VERSION").exists, within=60)
        system.send(signal.SIGINT)
        assert system.exit_code() == 0
        assert system.left_over() == []
        assert system.stdout == ""
    with supervised(tmp_path, pixie_up()) as following:
        following.wait_ready(within=120)


def test_outside_servers_are_used_when_they_are_named(tmp_path: Path, database_url: str, redis_url: str) -> None:
    servers = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    with supervised(tmp_path, pixie_up(), env=servers) as system:
        system.wait_ready(within=120)
        assert not system.folder.postgres.exists()
        assert pids_of(system, "bin/postgres") == []


def test_an_idle_system_stays_small(running: Supervised, record_property: Callable[[str, object], None]) -> None:
    assert eventually(lambda: pids_of(running, "pixie scheduler"))
    with pytest.raises(subprocess.TimeoutExpired):
        running.exit_code(within=10)  # it settles
    costs = {pid: pss_of(pid) for pid in running.left_over()}
    record_property("pss", json.dumps(costs))
    assert sum(costs.values()) < 400_000_000
