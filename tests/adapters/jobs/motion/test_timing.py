"""How a movement begins and ends, and which picture shows when: numbers only."""

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.adapters.jobs.motion.easing import Easing, eased, there_and_back
from pixie.adapters.jobs.motion.timeline import Showing, Timeline

EASINGS: list[Easing] = list(get_args(Easing))
timelines = st.builds(
    Timeline,
    pictures=st.integers(1, 16),
    frames=st.integers(16, 900),
    overlap=st.floats(0, 200),
    loops=st.booleans(),
)


@pytest.mark.parametrize("easing", EASINGS)
def test_a_movement_goes_all_the_way_and_never_back(easing: Easing) -> None:
    places = [eased(step / 200, easing) for step in range(201)]

    assert places[0] == 0
    assert places[-1] == pytest.approx(1)
    assert all(before <= after for before, after in pairwise(places))


def test_a_soft_movement_starts_and_stops_at_rest() -> None:
    first, last = eased(0.01, "ease_in_out"), 1 - eased(0.99, "ease_in_out")

    assert first == pytest.approx(last)
    assert first < 0.0001


@pytest.mark.parametrize("easing", EASINGS)
def test_there_and_back_turns_at_half_time(easing: Easing) -> None:
    places = [there_and_back(step / 100, easing) for step in range(101)]

    assert places[0] == places[100] == 0
    assert places[50] == pytest.approx(1)
    assert places == pytest.approx(places[::-1])


def test_one_picture_shows_its_end_in_the_last_frame() -> None:
    line = Timeline(pictures=1, frames=90)

    assert line.at(0).now == Showing(0, 0)
    assert line.at(89).now == Showing(0, 1)


def test_a_loop_ends_one_step_before_its_beginning() -> None:
    line = Timeline(pictures=1, frames=90, loops=True)

    assert line.at(89).now.time == pytest.approx(89 / 90)


def test_pictures_follow_each_other_and_overlap() -> None:
    line = Timeline(pictures=3, frames=100, overlap=10)

    shown = [line.at(frame) for frame in range(100)]

    assert [moment.now.picture for moment in shown if moment.next is None] == [0] * 30 + [1] * 20 + [2] * 30
    assert [(moment.now.picture, moment.next.picture) for moment in shown if moment.next] == [(0, 1)] * 10 + [
        (1, 2)
    ] * 10
    shares = [moment.share for moment in shown[30:40]]
    assert shares == pytest.approx([step / 10 for step in range(10)])


def test_a_slide_show_that_loops_ends_with_the_first_picture_coming() -> None:
    line = Timeline(pictures=3, frames=90, overlap=10, loops=True)

    first, last = line.at(0), line.at(89)

    assert (first.now.picture, first.next) == (0, None)
    assert last.now.picture == 2
    assert last.next is not None
    assert last.next.picture == 0
    assert last.share == pytest.approx(0.9)
    assert first.now.time > last.next.time  # what has begun to come goes on from there


@given(line=timelines)
def test_every_frame_shows_something_and_a_picture_never_goes_back(line: Timeline) -> None:
    times: dict[int, float] = {}
    for frame in range(line.frames):
        moment = line.at(frame)
        assert 0 <= moment.share <= 1
        for showing in filter(None, (moment.now, moment.next)):
            assert 0 <= showing.picture < line.pictures
            assert 0 <= showing.time <= 1
            came_anew = line.loops and showing.picture == 0 and moment.now.picture != 0
            if not came_anew:
                assert showing.time >= times.get(showing.picture, 0) - 1e-9
                times[showing.picture] = showing.time


@given(line=timelines)
def test_however_long_transitions_are_each_picture_has_time_of_its_own(line: Timeline) -> None:
    alone = {line.at(frame).now.picture for frame in range(line.frames) if line.at(frame).next is None}

    assert line.frames < 4 * line.pictures or alone == set(range(line.pictures))
