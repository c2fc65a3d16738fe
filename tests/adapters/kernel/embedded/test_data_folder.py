import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pixie.adapters.kernel.embedded.data_folder import DataFolder, DataFolderInUse, Engines, NoDataFolder

ENGINES = Engines(
    database_url="postgresql://pixie:p@127.0.0.1:1/pixie",
    redis_url="redis://:p@127.0.0.1:2/0",
    postgres_pid=3,
    redis_pid=4,
    http_host="127.0.0.1",
    http_port=5,
)
HOLDER = """
import sys
from pathlib import Path
from pixie.adapters.kernel.embedded.data_folder import DataFolder
with DataFolder(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    return folder


@contextmanager
def held_by_another_process(folder: DataFolder) -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        yield holder.pid


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_can_look_into_the_folder(folder: DataFolder) -> None:
    assert {mode(path) for path in (folder.path, folder.files, folder.mail, folder.logs, folder.tmp, folder.run)} == {
        0o700
    }


def test_creating_the_folder_again_keeps_what_is_in_it(folder: DataFolder) -> None:
    (folder.files / "picture").write_bytes(b"x")
    folder.create()
    assert (folder.files / "picture").read_bytes() == b"x"


def test_the_folder_keeps_itself_out_of_a_repository(folder: DataFolder) -> None:
    assert (folder.path / ".gitignore").read_text() == "*\n"


def test_parents_are_made_and_names_may_be_of_any_language(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "a b" / "پیکسی ünï")
    folder.create()
    assert folder.run.is_dir()


def test_an_empty_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    DataFolder(tmp_path).create()
    assert mode(tmp_path) == 0o700


def test_a_folder_with_other_things_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(NoDataFolder, match=r"not empty: thesis\.txt"):
        DataFolder(tmp_path).create()
    assert mode(tmp_path) == 0o755
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_root_of_a_fresh_volume_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()
    DataFolder(tmp_path).create()


def test_a_file_in_the_folders_place_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(NoDataFolder, match="cannot be used as a data folder"):
        DataFolder(tmp_path / "data").create()


def test_a_second_holder_is_refused_and_told_who_the_first_is(folder: DataFolder) -> None:
    with (
        held_by_another_process(folder) as pid,
        pytest.raises(DataFolderInUse, match=f"in use by process {pid}") as refused,
        folder.lock(),
    ):
        pass
    assert refused.value.pid == pid


def test_the_lock_is_free_again_after_its_holder(folder: DataFolder) -> None:
    with folder.lock():
        assert folder.is_held()
    assert not folder.is_held()
    with folder.lock():
        pass


def test_what_a_dead_holder_left_behind_is_waited_for(folder: DataFolder) -> None:
    """The warden of a killed `pixie up` keeps the lock until it has ended everything."""
    with folder.lock() as descriptor:
        os.pwrite(descriptor, b"999999999\n", 0)
        warden = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1)"], pass_fds=[descriptor])
        duplicate = os.dup(descriptor)
    os.close(duplicate)
    assert folder.is_held()
    with folder.lock():
        assert warden.wait(1) == 0


def test_commands_find_the_engines_while_they_run(folder: DataFolder) -> None:
    with held_by_another_process(folder):
        assert folder.engines() is None
        folder.publish(ENGINES)
        assert folder.engines() == ENGINES
        assert mode(folder.run / "engines.json") == 0o600
        folder.withdraw()
        assert folder.engines() is None


def test_commands_find_the_api_while_it_runs(folder: DataFolder) -> None:
    with held_by_another_process(folder):
        assert folder.address() is None
        folder.announce("http://127.0.0.1:8001")
        assert folder.address() == "http://127.0.0.1:8001"
        folder.withdraw()
        assert folder.address() is None
    folder.announce("http://127.0.0.1:8001")
    assert folder.address() is None


def test_engines_of_a_killed_system_are_not_found(folder: DataFolder) -> None:
    folder.publish(ENGINES)
    assert folder.engines() is None


def test_a_folder_that_never_ran_has_no_engines(tmp_path: Path) -> None:
    assert DataFolder(tmp_path / "nothing").engines() is None


def test_a_database_without_its_secrets_gets_no_new_ones(folder: DataFolder) -> None:
    folder.postgres.mkdir()
    (folder.postgres / "PG_VERSION").touch()
    with pytest.raises(NoDataFolder, match=r"secrets\.json is gone"):
        folder.secrets()


def test_half_done_work_of_dead_processes_is_removed(folder: DataFolder) -> None:
    (folder.tmp / "upload").touch()
    (folder.tmp / "folder" / "deep").mkdir(parents=True)
    (folder.tmp / "link").symlink_to(folder.files)
    folder.clear_tmp()
    assert list(folder.tmp.iterdir()) == []
    assert folder.files.is_dir()


def test_a_large_log_is_put_aside_and_only_the_last_three_are_kept(folder: DataFolder) -> None:
    for number in range(6):
        with folder.log("api").open("a") as log:
            log.write(f"run {number}")
            log.truncate(10_000_001)
    kept = {path.name: path.read_text()[:5] for path in folder.logs.iterdir()}
    assert kept == {"api.log": "run 5", "api.log.1": "run 4", "api.log.2": "run 3", "api.log.3": "run 2"}


def test_a_small_log_goes_on(folder: DataFolder) -> None:
    folder.log("api").write_text("words")
    assert folder.log("api").read_text() == "words"
    assert mode(folder.log("api")) == 0o600


@pytest.mark.parametrize("words", [b"\xc2\xb2\n", b"\xff\xfe", b"many\n", b""])
def test_a_lock_with_nonsense_in_it_is_held_by_somebody_unknown(folder: DataFolder, words: bytes) -> None:
    with held_by_another_process(folder):
        (folder.run / "lock").write_bytes(words)
        with pytest.raises(DataFolderInUse) as refused, folder.lock():
            pass
    assert refused.value.pid is None


@pytest.mark.parametrize("written", ["{", "[1]", '{"database_url": "postgresql://"}'])
def test_engines_of_another_version_are_told_of(folder: DataFolder, written: str) -> None:
    with folder.lock():
        (folder.run / "engines.json").write_text(written)
        with pytest.raises(NoDataFolder, match="another version of Pixie runs"):
            folder.engines()
