from pathlib import Path

import pytest

from pixie.entrypoints.supervisor.logs import LogFollower, tail


@pytest.fixture
def log(tmp_path: Path) -> Path:
    log = tmp_path / "api.log"
    log.touch()
    return log


def test_the_tail_of_a_log_is_its_last_thirty_lines(log: Path) -> None:
    log.write_text("\n".join(f"line {number}" for number in range(100)))
    assert tail(log).splitlines() == [f"line {number}" for number in range(70, 100)]


def test_the_tail_of_an_endless_line_is_its_end(log: Path) -> None:
    log.write_bytes(b"x" * 1_000_000 + "پیکسی".encode())
    assert tail(log).endswith("پیکسی")
    assert len(tail(log)) < 20_000


def test_only_what_is_added_is_told_and_only_whole_lines(log: Path) -> None:
    log.write_text("old\n")
    told: list[str] = []
    follower = LogFollower([log], told.append)
    with log.open("a") as file:
        print("one\ntwo\nhal", end="", file=file, flush=True)
        follower.follow()
        assert [line.split("│ ")[1] for line in told] == ["one", "two"]
        print("f", file=file, flush=True)
        follower.follow()
    assert told[-1].strip() == "api │ half"
