"""The real supervisor over small processes; see tests/support/fake_system.py."""

import os
import signal
import socket
import stat
import sys
from pathlib import Path

import pytest

from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.adapters.kernel.embedded.warden import is_alive
from tests.support.supervised import Supervised, fake_system, supervised
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.infra,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes by /proc"),
]


EVERYTHING = 7  # the supervisor, its warden, four processes, and one that the API has started


def everything_runs(system: Supervised) -> bool:
    return eventually(lambda: len(system.left_over()) == EVERYTHING)


def everything_is_gone(system: Supervised) -> bool:
    return eventually(lambda: not system.left_over(), within=15)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_says_ready_once_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with supervised(tmp_path, fake_system()) as system:
        system.wait_ready()
        assert everything_runs(system)
        system.send(number)
        assert system.exit_code() == 0
        assert system.left_over() == []
        assert system.stdout.count("\n") == 1


def test_it_stops_what_makes_work_first_and_the_api_last(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system()) as system:
        system.wait_ready()
        assert eventually(lambda: len(list((tmp_path / "born").iterdir())) == 4)
        system.send(signal.SIGTERM)
        assert system.exit_code() == 0
        first, *workers, last = system.stopped()
        assert (first, set(workers), last) == ("scheduler", {"worker", "compute"}, "api")


def test_commands_find_it_from_the_moment_it_is_ready_until_it_stops(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system("never-ready")) as system:
        assert everything_runs(system)
        assert system.folder.address() is None
    with supervised(tmp_path / "other", fake_system()) as system:
        system.wait_ready()
        assert system.folder.address() == f"http://127.0.0.1:{system.port}"
        system.send(signal.SIGTERM)
        assert system.exit_code() == 0
        assert not (system.folder.run / "address").exists()


def test_people_are_told_where_everything_lies(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system()) as system:
        system.wait_ready()
        assert eventually(lambda: "Ctrl-C" in system.stderr)
        told = system.stderr.replace("\n", "").replace("│", "").replace(" ", "")
        for place in (f"http://127.0.0.1:{system.port}/docs", system.folder.admin_credentials, system.folder.logs):
            assert str(place).replace(" ", "") in told


def test_processes_log_into_files_and_not_to_the_terminal(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system()) as system:
        system.wait_ready()
        assert (system.folder.logs / "api.log").read_text() == "api says hello\n"
        assert stat.S_IMODE((system.folder.logs / "api.log").stat().st_mode) == 0o600
        assert "says hello" not in system.stderr


def test_verbose_shows_the_logs_too(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system("verbose")) as system:
        system.wait_ready()
        assert eventually(lambda: "compute │ compute says hello" in system.stderr)


def test_a_killed_process_comes_back_with_what_it_had_started_gone(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system()) as system:
        system.wait_ready()
        assert everything_runs(system)
        first = system.born("api")[0]
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: len(system.born("api")) == 2)
        assert everything_runs(system)
        assert "api has ended (by SIGKILL); it is started again at once." in system.stderr
        assert len(system.born("worker")) == 1


def test_a_process_that_ends_again_and_again_is_shown_and_given_up(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system("worker-crashes")) as system:
        assert system.exit_code() == 1
        assert "worker ends again and again." in system.stderr
        assert "out of luck" in system.stderr
        assert len(system.born("worker")) == 5
        assert system.left_over() == []


def test_a_database_that_cannot_be_prepared_is_told_and_nothing_is_started_on_it(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system("unprepared")) as system:
        assert system.exit_code() == 4
        assert "could not be prepared (exit code 4)" in system.stderr
        assert "no such schema" in system.stderr
        assert not (tmp_path / "born").exists()


def test_a_taken_port_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with supervised(tmp_path, fake_system("engines"), port=port) as system:
            assert system.exit_code() == 2
            assert f"port {port}: Address already in use" in system.stderr
            assert not system.folder.path.exists()
            assert system.stdout == ""


def test_damaged_secrets_are_told_before_anything_is_started(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    (folder.path / "secrets.json").write_text("{")
    with supervised(tmp_path, fake_system("engines")) as system:
        assert system.exit_code() == 78
        assert "secrets.json is damaged" in system.stderr
        assert not system.folder.postgres.exists()


def test_a_second_one_on_the_same_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system()) as first:
        first.wait_ready()
        born = first.born("api")
        second_home = tmp_path / "second"
        second_home.mkdir()
        (second_home / "data").symlink_to(first.folder.path)
        with supervised(second_home, fake_system()) as second:
            assert second.exit_code() == 2
            assert f"in use by process {first.process.pid}" in second.stderr
        assert first.process.poll() is None
        assert first.born("api") == born
        assert is_alive(born[0])


def test_a_wish_to_stop_while_starting_is_granted(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system("never-ready")) as system:
        assert eventually((tmp_path / "born").exists)
        system.send(signal.SIGINT)
        assert system.exit_code() == 0
        assert system.left_over() == []
        assert system.stdout == ""


def test_a_second_wish_to_stop_hurries(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system("deaf")) as system:
        system.wait_ready()
        assert eventually(lambda: len(system.born("scheduler")) == 1)
        system.send(signal.SIGINT)
        assert eventually((tmp_path / "stopped").exists)
        system.send(signal.SIGINT)
        assert system.exit_code(within=20) == 0
        assert system.left_over() == []


def test_after_a_kill_nothing_is_left_and_the_next_start_succeeds(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system()) as system:
        system.wait_ready()
        system.send(signal.SIGKILL)
        system.exit_code()
        with supervised(tmp_path, fake_system(), port=system.port) as following:
            following.wait_ready()  # though the end of the first may not be over: that is waited for
            assert system.left_over() == following.left_over() or everything_is_gone(system)


def test_after_a_kill_even_stopped_and_deaf_processes_go(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system("deaf")) as system:
        system.wait_ready()
        os.kill(system.born("api")[0], signal.SIGSTOP)
        system.send(signal.SIGKILL)
        assert everything_is_gone(system)


def test_a_killed_warden_is_replaced(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system("deaf")) as system:
        system.wait_ready()
        assert everything_runs(system)
        warden = next(pid for pid in system.left_over() if b"warden.py" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(warden, signal.SIGKILL)
        assert everything_runs(system)
        system.send(signal.SIGKILL)
        assert everything_is_gone(system)


def test_engines_run_for_commands_to_find_and_come_back_with_port_and_data(tmp_path: Path) -> None:
    home = tmp_path / "a home for پیکسی"
    with supervised(home, fake_system("engines")) as system:
        system.wait_ready()
        first = system.folder.engines()
        assert first
        os.kill(first.postgres_pid, signal.SIGKILL)
        os.kill(first.redis_pid, signal.SIGKILL)

        def came_back() -> bool:
            now = system.folder.engines()
            return bool(now and now.postgres_pid != first.postgres_pid and now.redis_pid != first.redis_pid)

        assert eventually(came_back, within=30)
        now = system.folder.engines()
        assert now
        assert (now.database_url, now.redis_url) == (first.database_url, first.redis_url)
        assert (now.http_host, now.http_port) == ("127.0.0.1", system.port)
        assert len(system.born("api")) == len(system.born("worker")) == 1
        system.send(signal.SIGTERM)
        assert system.exit_code() == 0
        assert system.left_over() == []
        assert system.folder.engines() is None
        assert "database system is shut down" in (system.folder.logs / "postgres.log").read_text().splitlines()[-1]


def test_engines_do_not_survive_a_kill_and_recover_with_the_next_start(tmp_path: Path) -> None:
    with supervised(tmp_path, fake_system("engines")) as system:
        system.wait_ready()
        system.send(signal.SIGKILL)
        assert everything_is_gone(system)
    with supervised(tmp_path, fake_system("engines")) as following:
        following.wait_ready()
        following.send(signal.SIGTERM)
        assert following.exit_code() == 0


def test_two_on_different_folders_run_side_by_side(tmp_path: Path) -> None:
    with (
        supervised(tmp_path / "one", fake_system("engines")) as one,
        supervised(tmp_path / "two", fake_system("engines")) as two,
    ):
        one.wait_ready()
        two.wait_ready()
        one.send(signal.SIGTERM)
        assert one.exit_code() == 0
        assert two.process.poll() is None
        assert two.folder.engines()
