import ctypes
import os
import signal
import sys
from collections.abc import Iterator

import pytest

from pixie.adapters.kernel.embedded.leash import become, die_with_parent, main

PR_GET_PDEATHSIG = 2
PROGRAM = ["/bin/program", "--option"]


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """The programs that this process would have become."""
    programs: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, arguments: programs.append(arguments))
    yield programs
    die_with_parent(0)


def death_signal() -> int:
    number = ctypes.c_int()
    ctypes.CDLL(None).prctl(PR_GET_PDEATHSIG, ctypes.byref(number), 0, 0, 0)
    return number.value


def leashed_to(parent: int) -> list[str]:
    return [str(parent), str(int(signal.SIGURG)), str(os.geteuid()), str(os.getegid()), *PROGRAM]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has death signals")
def test_it_asks_for_the_signal_and_becomes_the_program(became: list[list[str]]) -> None:
    main(leashed_to(os.getppid()))
    assert became == [PROGRAM]
    assert death_signal() == signal.SIGURG


def test_it_does_not_become_the_program_of_a_parent_that_is_dead_already(became: list[list[str]]) -> None:
    with pytest.raises(SystemExit):
        main(leashed_to(os.getppid() + 1))
    assert became == []


def test_rights_are_given_up_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up: list[object] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in ("setgroups", "setgid", "setuid"):
        monkeypatch.setattr(os, name, lambda value, name=name: given_up.append((name, value)))
    become(65534, 65533)
    assert given_up == [("setgroups", [65533]), ("setgid", 65533), ("setuid", 65534)]
