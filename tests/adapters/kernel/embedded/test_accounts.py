import os
import pwd
from pathlib import Path

import pytest

from pixie.adapters.kernel.embedded.accounts import Account, NoAccount, is_open_to_all

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give things to others")


@as_root
def test_root_lends_a_new_engine_to_nobody(tmp_path: Path) -> None:
    account = Account.keeper_of(tmp_path / "new")
    assert account.uid == pwd.getpwnam("nobody").pw_uid
    assert not account.is_current


@as_root
def test_an_engine_that_a_user_made_runs_as_that_user_under_root_too(tmp_path: Path) -> None:
    os.chown(tmp_path, 1234, 1235)
    assert Account.keeper_of(tmp_path) == Account(1234, 1235)


@as_root
def test_root_is_told_when_there_is_nobody_to_lend_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> pwd.struct_passwd:
        raise KeyError(name)

    monkeypatch.setattr(pwd, "getpwnam", unknown)
    with pytest.raises(NoAccount, match="no user `nobody`"):
        Account.keeper_of(tmp_path / "new")


def test_an_ordinary_user_keeps_engines_himself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    assert Account.keeper_of(tmp_path) == Account(1234, os.getegid())
    assert Account.keeper_of(tmp_path).is_current


@pytest.fixture
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.geteuid() and path.name:
            path.chmod(path.stat().st_mode | 0o055)
    return folder


def test_what_everyone_may_read_is_open(public: Path) -> None:
    program = public / "program"
    program.touch()
    program.chmod(0o755)
    assert is_open_to_all(program)
    assert is_open_to_all(public)


@pytest.mark.parametrize("mode", [0o700, 0o754, 0o751])
def test_a_program_that_not_everyone_may_run_is_not_open(public: Path, mode: int) -> None:
    program = public / "program"
    program.touch()
    program.chmod(mode)
    assert not is_open_to_all(program)


def test_what_lies_below_a_private_folder_is_not_open(public: Path) -> None:
    (public / "private" / "deep").mkdir(parents=True)
    (public / "private").chmod(0o700)
    (public / "private" / "deep").chmod(0o755)
    (public / "link").symlink_to(public / "private" / "deep")
    assert not is_open_to_all(public / "private" / "deep")
    assert not is_open_to_all(public / "link")
