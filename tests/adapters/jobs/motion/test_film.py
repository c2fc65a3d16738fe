"""Films that were really made, looked at frame by frame after decoding by another decoder than made them."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
from PIL import Image, ImageDraw

from pixie.adapters.jobs.motion.film import Film, make_film
from pixie.adapters.jobs.motion.motion_order import MotionOrder
from pixie.adapters.jobs.motion.motion_parameters import MotionParameters
from pixie.domain.jobs.errors import ProviderRefused
from tests.support import pictures
from tests.support.videos import Frame, decoded

pytestmark = pytest.mark.infra  # it encodes and decodes

SMALL = {"resolution": 144, "fps": 12}


def order(paths: Sequence[Path], seconds: float = 1, aspect_ratio: str | None = None, **wanted: Any) -> MotionOrder:
    parameters = msgspec.convert({**SMALL, **wanted}, MotionParameters)
    return MotionOrder(paths=tuple(paths), seconds=seconds, aspect_ratio=aspect_ratio, parameters=parameters)


def filmed(folder: Path, wanted: MotionOrder) -> list[Frame]:
    return decoded(Path(make_film(wanted, str(folder), lambda percent: None)))


def saved(folder: Path, image: Image.Image, name: str = "picture.png", **options: Any) -> Path:
    image.save(folder / name, **options)
    return folder / name


def scene(folder: Path, width: int = 480, height: int = 320) -> Path:
    return saved(folder, pictures.scene(width, height))


def plain(folder: Path, color: tuple[int, int, int], name: str) -> Path:
    return saved(folder, Image.new("RGB", (320, 180), color), name)


def apart(one: Frame, other: Frame) -> float:
    return float(np.abs(one.astype(np.float32) - other.astype(np.float32)).mean())


def square_in(frame: Frame) -> tuple[float, float]:
    """The middle of what is light, to a fraction of a pixel."""
    light = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY).astype(np.float64)
    light -= np.median(light)
    rows, columns = np.mgrid[: light.shape[0], : light.shape[1]]
    return float((light * columns).sum() / light.sum()), float((light * rows).sum() / light.sum())


@pytest.fixture
def square(tmp_path: Path) -> Path:
    """Light, a little right of the middle and below it, on dark; nothing that sharpening could cut off at an end."""
    image = Image.new("RGB", (1200, 800), (60, 60, 60))
    ImageDraw.Draw(image).rectangle((640, 420, 759, 539), fill=(190, 190, 190))
    return saved(tmp_path, image, "square.png")


@pytest.mark.parametrize("container", ["mp4", "webm"])
@pytest.mark.parametrize(("seconds", "fps", "frames"), [(1, 12, 12), (1.5, 24, 36), (2, 10, 20)])
def test_a_film_is_as_long_as_it_was_asked_for(
    container: str, seconds: float, fps: int, frames: int, tmp_path: Path
) -> None:
    path = make_film(order([scene(tmp_path)], seconds, fps=fps, format=container), str(tmp_path), lambda _: None)
    capture = cv2.VideoCapture(path)

    assert len(decoded(Path(path))) == frames
    assert capture.get(cv2.CAP_PROP_FPS) == pytest.approx(fps)
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == frames


@pytest.mark.parametrize(
    ("aspect_ratio", "resolution", "size"),
    [(None, 144, (216, 144)), ("16:9", 144, (256, 144)), ("9:16", 200, (200, 356)), ("1:1", 146, (146, 146))],
)
def test_a_film_has_the_shape_that_was_asked_for_or_the_pictures(
    aspect_ratio: str | None, resolution: int, size: tuple[int, int], tmp_path: Path
) -> None:
    frames = filmed(tmp_path, order([scene(tmp_path)], 1, aspect_ratio, resolution=resolution))

    assert {(frame.shape[1], frame.shape[0]) for frame in frames} == {size}


@pytest.mark.parametrize("container", ["mp4", "webm"])
@pytest.mark.parametrize(
    "color", [(255, 255, 255), (0, 0, 0), (128, 128, 128), (220, 30, 40), (20, 60, 230), (40, 180, 60)]
)
def test_colors_are_those_of_the_picture(container: str, color: tuple[int, int, int], tmp_path: Path) -> None:
    frames = Film(order([plain(tmp_path, color, "plain.png")])).frame(0)
    assert frames[50, 50].tolist() == list(color)[::-1]

    path = make_film(order([tmp_path / "plain.png"], format=container, quality=90), str(tmp_path), lambda _: None)

    # Its decoder believes what the file says of its matrix; with another one greens would be off by twenty.
    assert np.abs(decoded(Path(path))[3][70, 100][::-1].astype(int) - np.array(color)).max() <= 2


@pytest.mark.parametrize(
    ("direction", "x", "y"),
    [("right", -1, 0), ("left", 1, 0), ("down", 0, -1), ("up", 0, 1), ("down_right", -1, -1), ("up_left", 1, 1)],
)
def test_where_the_camera_goes_the_picture_leaves(direction: str, x: int, y: int, square: Path, tmp_path: Path) -> None:
    frames = filmed(tmp_path, order([square], moves=[{"move": "pan", "direction": direction, "zoom": 1.5}]))

    (first_x, first_y), (last_x, last_y) = square_in(frames[0]), square_in(frames[-1])
    assert (last_x - first_x) * x >= 20 * abs(x)
    assert (last_y - first_y) * y >= 20 * abs(y)
    assert x or abs(last_x - first_x) < 1
    assert y or abs(last_y - first_y) < 1


def test_what_the_camera_closes_in_on_becomes_larger(square: Path, tmp_path: Path) -> None:
    frames = filmed(tmp_path, order([square], moves=[{"move": "zoom_in", "amount": 1.0}]))

    light = [float((frame[..., 1] > 120).mean()) for frame in frames]
    assert light[-1] / light[0] == pytest.approx(4, rel=0.1)
    assert all(after >= before - 0.0005 for before, after in pairwise(light))


@pytest.mark.parametrize(
    "move", [{"move": "pan", "direction": "right", "zoom": 1.08}, {"move": "zoom_in", "amount": 0.05}]
)
def test_a_slow_camera_does_not_tremble(move: dict[str, Any], square: Path) -> None:
    film = Film(order([square], 4, moves=[move], easing="linear"))
    places = [square_in(film.frame(number))[0] for number in range(film.timeline.frames)]

    steps = np.diff(places)
    assert abs(places[-1] - places[0]) > 0.5
    assert np.abs(np.diff(steps)).max() < 0.03  # pixels


@pytest.mark.parametrize(
    "move",
    [
        {"move": "zoom_in", "amount": 0.5},
        {"move": "pan", "direction": "up_right"},
        {"move": "orbit"},
        {"move": "parallax", "direction": "left"},
    ],
)
def test_the_end_of_a_loop_meets_its_beginning(move: dict[str, Any], tmp_path: Path) -> None:
    film = Film(order([scene(tmp_path)], 2, moves=[move], loop=True, fps=24))
    frames = [film.frame(number) for number in range(film.timeline.frames)]

    steps = [apart(before, after) for before, after in pairwise([*frames, frames[0]])]
    assert max(steps) > 0.1
    assert steps[-1] <= 1.2 * max(steps[:-1])
    assert max(apart(frames[0], frame) for frame in frames) > 3 * steps[-1]


def test_without_a_loop_the_end_is_elsewhere(tmp_path: Path) -> None:
    frames = filmed(tmp_path, order([scene(tmp_path)], moves=[{"move": "zoom_in", "amount": 0.5}]))

    assert apart(frames[0], frames[-1]) > 5


def test_pictures_give_way_to_each_other(tmp_path: Path) -> None:
    paths = [plain(tmp_path, (200, 0, 0), "a.png"), plain(tmp_path, (0, 0, 200), "b.png")]

    frames = filmed(tmp_path, order(paths, 4, transition_seconds=1.0, fps=10))

    red = [float(frame[..., 2].mean()) for frame in frames]
    assert red[0] > 180
    assert red[-1] < 20
    assert all(after <= before + 3 for before, after in pairwise(red))
    assert any(60 < value < 140 for value in red)


def test_a_slide_show_that_loops_comes_back_to_its_first_picture(tmp_path: Path) -> None:
    paths = [plain(tmp_path, (200, 0, 0), "a.png"), plain(tmp_path, (0, 0, 200), "b.png")]
    film = Film(order(paths, 4, transition_seconds=1.0, fps=10, loop=True))
    frames = [film.frame(number) for number in range(40)]

    assert apart(frames[-1], frames[0]) <= max(apart(before, after) for before, after in pairwise(frames))
    assert frames[0][..., 2].mean() == pytest.approx(200, abs=1)


@pytest.mark.parametrize("transition", ["cross_fade", "fade_through_black", "push", "wipe", "cut"])
def test_each_transition_begins_with_the_one_and_ends_with_the_other(transition: str, tmp_path: Path) -> None:
    paths = [plain(tmp_path, (210, 210, 210), "a.png"), plain(tmp_path, (90, 90, 90), "b.png")]
    film = Film(order(paths, 4, transition=transition, transition_seconds=1.0, fps=10))
    light = [float(film.frame(number).mean()) for number in range(40)]

    assert light[:10] == pytest.approx([210] * 10, abs=1)
    assert light[-10:] == pytest.approx([90] * 10, abs=1)
    assert (min(light) < 60) == (transition == "fade_through_black")


def test_no_more_pictures_are_held_than_show(tmp_path: Path) -> None:
    paths = [plain(tmp_path, (shade, 0, 0), f"{shade}.png") for shade in range(0, 240, 30)]
    film = Film(order(paths, 8, fps=10))

    held = []
    for number in range(film.timeline.frames):
        film.frame(number)
        held.append(len(film._scenes))

    assert max(held) == 2


def test_all_of_a_picture_is_shown_between_bars_of_a_color(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("RGB", (200, 400), (220, 220, 220)))

    frame = Film(
        order([path], aspect_ratio="16:9", fit="contain", background="#102030", moves=[{"move": "still"}])
    ).frame(0)

    assert frame.shape == (144, 256, 3)
    assert frame[72, 10].tolist() == [0x30, 0x20, 0x10]
    assert frame[3, 128].tolist() == frame[140, 128].tolist() == [220, 220, 220]


def test_blurred_bars_are_darker_than_the_picture_and_of_its_colors(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("RGB", (200, 400), (40, 200, 40)))

    frame = Film(order([path], aspect_ratio="16:9", fit="contain", moves=[{"move": "still"}])).frame(0)

    assert frame[72, 128].tolist() == [40, 200, 40]
    assert 100 < frame[72, 10, 1] < 180
    assert frame[72, 10, 1] > 3 * frame[72, 10, 0]


@pytest.mark.parametrize(("background", "expected"), [("blur", [255, 255, 255]), ("#0a141e", [0x1E, 0x14, 0x0A])])
def test_what_is_transparent_lies_on_a_color(background: str, expected: list[int], tmp_path: Path) -> None:
    image = Image.new("RGBA", (320, 180), (255, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((160, 0, 319, 179), fill=(0, 0, 255, 255))

    frame = Film(order([saved(tmp_path, image)], background=background, moves=[{"move": "still"}])).frame(0)

    assert frame[70, 30].tolist() == expected
    assert frame[70, 230].tolist() == [255, 0, 0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_filmed_upright(orientation: int, tmp_path: Path) -> None:
    upright = Image.new("RGB", (320, 160), "white")
    upright.paste("red", (0, 0, 80, 80))
    undone = [None, 0, 3, 1, 5, 2, 6, 4][orientation - 1]  # what undoes orientation n, as Image.Transpose
    stored = upright if undone is None else upright.transpose(Image.Transpose(undone))
    path = saved(tmp_path, stored, "photo.jpg", exif=pictures.camera_exif(orientation), quality=95)

    frame = Film(order([path], moves=[{"move": "still"}])).frame(0)

    assert frame.shape[1] == 2 * frame.shape[0]
    blue, green, red = frame[20, 20].tolist()
    assert red > 200
    assert max(blue, green) < 80


def test_where_a_subject_moves_away_no_hole_shows(tmp_path: Path) -> None:
    """What is behind the red disc is green everywhere; black or white would be a hole, red a double."""
    image = Image.new("RGB", (640, 360), (60, 170, 60))
    ImageDraw.Draw(image).ellipse((250, 90, 430, 270), fill=(210, 30, 30))
    film = Film(order([saved(tmp_path, image)], 2, moves=[{"move": "parallax", "direction": "right", "strength": 2}]))

    frames = [film.frame(number) for number in range(film.timeline.frames)]

    reds = []
    for frame in frames:
        blue, green, red = (frame[..., channel].astype(int) for channel in range(3))
        assert blue.max() < 100
        assert (red + green).min() > 180
        reds.append(float((red > 150).mean()))
    assert max(reds) / min(reds) < 1.1
    assert abs(square_in(frames[0][..., [2, 2, 2]] * (frames[0][..., 2:] > 150))[0] - 128) > 1


@pytest.mark.parametrize(
    "move", [{"move": "orbit", "strength": 2}, {"move": "parallax", "direction": "in", "strength": 2}]
)
@pytest.mark.parametrize("size", [(1, 1), (3000, 2), (2, 900), (33, 31)])
def test_pictures_of_odd_sizes_are_filmed_too(move: dict[str, Any], size: tuple[int, int], tmp_path: Path) -> None:
    frames = filmed(tmp_path, order([saved(tmp_path, Image.new("RGB", size, (90, 120, 200)))], moves=[move]))

    assert len(frames) == 12
    assert apart(frames[0], frames[-1]) < 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_unusual_pixels_are_filmed_too(mode: str, tmp_path: Path) -> None:
    name = "picture.jpg" if mode == "CMYK" else "picture.png"
    path = saved(tmp_path, pictures.scene(96, 64).convert(mode), name)

    assert len(filmed(tmp_path, order([path]))) == 12


@pytest.mark.parametrize("content", [b"", b"no picture", pictures.picture("JPEG", 400, 300)[:3000]])
def test_what_is_no_picture_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(ProviderRefused):
        make_film(order([pictures.written(tmp_path, content)]), str(tmp_path), lambda _: None)


def test_progress_rises_with_every_frame(tmp_path: Path) -> None:
    told: list[int] = []

    make_film(order([scene(tmp_path)], 2), str(tmp_path), told.append)

    assert told == sorted(told)
    assert len(told) == 24 + 1
    assert told[-1] == 100


def test_the_same_picture_always_gives_the_same_film(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    wanted = order([scene(tmp_path)], moves=[{"move": "orbit"}])

    films = [Path(make_film(wanted, str(tmp_path / name), lambda _: None)).read_bytes() for name in ("one", "two")]

    assert films[0] == films[1]


def test_higher_quality_is_larger_and_nearer(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.effect_noise((480, 320), 60).convert("RGB"))
    still: dict[str, Any] = {"moves": [{"move": "still"}], "resolution": 320}
    first = Film(order([path], **still)).frame(0)
    found = []
    for quality in (10, 95):
        film = Path(make_film(order([path], quality=quality, **still), str(tmp_path), lambda _: None))
        found.append((film.stat().st_size, apart(first, decoded(film)[-1])))

    assert found[1][0] > 2 * found[0][0]
    assert found[1][1] < found[0][1] / 2
