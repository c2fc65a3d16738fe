"""What a camera sees, and where it goes: boxes in a picture, numbers only."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.adapters.jobs.motion.framing import canvas_around, frame_size
from pixie.adapters.jobs.motion.moves import (
    Area,
    FlatMove,
    KenBurns,
    Orbit,
    Pan,
    Parallax,
    Point,
    Still,
    ZoomIn,
    ZoomOut,
)
from pixie.adapters.jobs.motion.view import Size, Stage, View, between

LANDSCAPE = Stage(Size(1600, 900), Size(1280, 720))
TALL = Stage(Size(600, 2400), Size(1280, 720))
sides = st.floats(8, 8000)
stages = st.builds(Stage, st.builds(Size, sides, sides), st.builds(Size, st.floats(16, 1920), st.floats(16, 1920)))
shares = st.floats(0, 1)
moves: st.SearchStrategy[FlatMove] = st.one_of(
    st.builds(ZoomIn, amount=st.floats(0.02, 3), toward=st.builds(Point, x=shares, y=shares)),
    st.builds(ZoomOut, amount=st.floats(0.02, 3)),
    st.builds(Pan, direction=st.sampled_from(["left", "up", "down_right"]), zoom=st.floats(1, 4)),
    st.builds(
        KenBurns,
        start=st.builds(Area, x=shares, y=shares, width=st.floats(0.05, 1), height=st.floats(0.05, 1)),
        end=st.builds(Area, x=shares, y=shares, width=st.floats(0.05, 1), height=st.floats(0.05, 1)),
    ),
    st.just(Still()),
)


@given(stage=stages, move=moves, share=shares)
def test_no_view_ever_leaves_the_picture_or_the_shape_of_the_frame(stage: Stage, move: FlatMove, share: float) -> None:
    view = between(*move.path(stage), share)

    slack = 1e-6 * max(stage.picture.width, stage.picture.height)
    assert view.x >= -slack
    assert view.y >= -slack
    assert view.x + view.width <= stage.picture.width + slack
    assert view.y + view.height <= stage.picture.height + slack
    assert view.width / view.height == pytest.approx(stage.frame.aspect)


def test_zooming_in_closes_in_on_a_place_and_out_draws_back_from_it() -> None:
    eye = Point(x=0.75, y=0.25)
    first, last = ZoomIn(amount=1.0, toward=eye).path(LANDSCAPE)

    assert first == View(0, 0, 1600, 900)
    assert last == View(800, 0, 800, 450)
    assert ZoomOut(amount=1.0, toward=eye).path(LANDSCAPE) == (last, first)


@pytest.mark.parametrize(
    ("direction", "x", "y"),
    [
        ("left", -1, 0),
        ("right", 1, 0),
        ("up", 0, -1),
        ("down", 0, 1),
        ("up_left", -1, -1),
        ("up_right", 1, -1),
        ("down_left", -1, 1),
        ("down_right", 1, 1),
    ],
)
def test_a_pan_goes_where_it_is_told_from_edge_to_edge(direction: str, x: int, y: int) -> None:
    first, last = Pan(direction=direction, zoom=2.0).path(LANDSCAPE)  # type: ignore[arg-type]  # one of eight

    assert last.x - first.x == pytest.approx(800 * x)
    assert last.y - first.y == pytest.approx(450 * y)


def test_a_pan_over_a_tall_picture_passes_all_of_it() -> None:
    first, last = Pan(direction="down", zoom=1.0).path(TALL)

    assert (first.y, last.y + last.height) == (0, 2400)
    assert first.width == last.width == 600


def test_from_one_part_to_another_shows_both_wholly() -> None:
    path = KenBurns(start=Area(x=0, y=0, width=0.25, height=0.5), end=Area(x=0.5, y=0.5, width=0.5, height=0.1))
    first, last = path.path(LANDSCAPE)

    assert first == View(0, 0, 800, 450)
    assert (last.x, last.width) == (800, 800)
    assert last.y <= 450
    assert last.y + last.height >= 540


def test_closing_in_keeps_its_pace_and_one_point_its_place() -> None:
    first, last = ZoomIn(amount=1.0, toward=Point(x=1.0, y=1.0)).path(LANDSCAPE)
    views = [between(first, last, step / 20) for step in range(21)]

    ratios = [after.width / before.width for before, after in pairwise(views)]
    assert ratios == pytest.approx([ratios[0]] * 20)
    assert all(view.x + view.width == pytest.approx(1600) for view in views)
    assert views[0] == first
    assert views[-1].x == pytest.approx(last.x)


def test_an_orbit_ends_where_it_began_and_goes_round() -> None:
    orbit = Orbit()

    assert orbit.camera(0) == pytest.approx(orbit.camera(1))
    assert orbit.camera(0.25)[0] == pytest.approx(1)
    assert orbit.camera(0.75)[0] == pytest.approx(-1)


def test_a_parallax_goes_from_one_side_to_the_other_or_in() -> None:
    assert Parallax(direction="left").camera(0)[0] == 1
    assert Parallax(direction="left").camera(1)[0] == -1
    assert [Parallax(direction="in").camera(share)[2] for share in (0, 1)] == [0, 1]
    assert [Parallax(direction="out").camera(share)[2] for share in (0, 1)] == [1, 0]


@pytest.mark.parametrize(
    ("aspect", "side", "size"),
    [
        (16 / 9, 720, (1280, 720)),
        (9 / 16, 720, (720, 1280)),
        (1, 1080, (1080, 1080)),
        (4 / 5, 1080, (1080, 1350)),
        (3, 1080, (1920, 640)),
        (1 / 1000, 144, (144, 432)),
        (1.3333, 145.0, (194, 144)),
    ],
)
def test_frames_have_even_sides_of_the_shape_that_was_asked_for(
    aspect: float, side: int, size: tuple[int, int]
) -> None:
    assert frame_size(aspect, side) == size


def test_a_canvas_holds_all_of_a_picture() -> None:
    assert canvas_around(Size(900, 900), Size(1280, 720)) == Size(1600, 900)
    assert canvas_around(Size(1600, 400), Size(1280, 720)) == Size(1600, 900)
