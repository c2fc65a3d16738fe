import pytest

from pixie.adapters.kernel.embedded.engine import EngineFailed
from pixie.entrypoints.supervisor.keeper import Keeper, described


class Thing:
    """Something that runs, until a test lets it end."""

    def __init__(self) -> None:
        self.code: int | None = None
        self.starts = 0
        self.fails = False
        self.told: list[str] = []
        self.now = 0.0
        self.keeper = Keeper(
            "thing",
            start=self.start,
            exit_code=lambda: self.code,
            tell=self.told.append,
            clock=lambda: self.now,
        )

    def start(self) -> None:
        self.starts += 1
        if self.fails:
            raise EngineFailed("no room on the disk")
        self.code = None

    def end(self, code: int = -9) -> None:
        self.code = code
        self.keeper.tend()

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.keeper.tend()


@pytest.fixture
def thing() -> Thing:
    return Thing()


def test_what_runs_is_left_alone(thing: Thing) -> None:
    thing.pass_time(1000)
    assert thing.starts == 0
    assert thing.told == []


def test_what_ended_is_started_again_at_once_and_somebody_is_told(thing: Thing) -> None:
    thing.end()
    assert thing.starts == 1
    assert thing.told == ["thing has ended (by SIGKILL); it is started again at once.", "thing runs again."]


def test_what_ends_again_soon_has_to_wait(thing: Thing) -> None:
    thing.end()
    thing.end()
    thing.pass_time(0.4)
    assert thing.starts == 1
    thing.pass_time(0.2)
    assert thing.starts == 2
    assert thing.keeper.ends == 2


def test_an_end_is_told_once_however_long_it_waits(thing: Thing) -> None:
    thing.end()
    thing.end()
    told = len(thing.told)
    thing.pass_time(0.1)
    thing.pass_time(0.1)
    assert len(thing.told) == told


def test_a_start_that_fails_is_tried_again_later(thing: Thing) -> None:
    thing.fails = True
    thing.end()
    assert "no room on the disk" in thing.told[-1]
    thing.pass_time(0.1)
    assert thing.starts == 1
    thing.fails = False
    thing.pass_time(5)
    assert thing.starts == 2
    assert thing.code is None


@pytest.mark.parametrize(
    ("code", "words"), [(0, "exit code 0"), (3, "exit code 3"), (-15, "by SIGTERM"), (-99, "by signal 99")]
)
def test_exit_codes_are_told_in_words(code: int, words: str) -> None:
    assert described(code) == words
