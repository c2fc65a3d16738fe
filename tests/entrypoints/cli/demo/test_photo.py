from pathlib import Path

import pytest
from PIL import Image, ImageChops

from pixie.entrypoints.cli.client.troubles import BadOrder
from pixie.entrypoints.cli.demo.photo import LONGEST, balloon_region, load, paint, region_of, scribbled, shrunk
from tests.support.pictures import png_claiming

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def test_a_photo_is_turned_upright_and_shrunk(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (3000, 2000), "teal").save(tmp_path / "lying.jpg", exif=exif)

    image, whole = load(tmp_path / "lying.jpg")

    assert whole == (2000, 3000)
    assert image.size == (1600, LONGEST)


def test_a_small_one_stays_as_it_is(tmp_path: Path) -> None:
    Image.new("RGBA", (64, 48), (10, 20, 30, 40)).save(tmp_path / "small.png")

    image, _ = load(tmp_path / "small.png")

    assert (image.mode, image.size, image.getpixel((0, 0))) == ("RGBA", (64, 48), (10, 20, 30, 40))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"no picture", "no picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "broken"),
        (HEIC, "HEIC"),
        (png_claiming(30_000, 30_000), "900 megapixels"),
        (png_claiming(16, 16), "only 16 x 16"),
    ],
    ids=["empty", "text", "broken", "heic", "huge", "tiny"],
)
def test_what_cannot_be_used_is_told_with_what_to_do(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)

    with pytest.raises(BadOrder, match=words) as told:
        load(path)
    assert told.value.advice


def test_a_folder_and_nothing_at_all_are_told(tmp_path: Path) -> None:
    (tmp_path / "b.jpg").touch()

    with pytest.raises(BadOrder, match="is a folder") as folder:
        load(tmp_path)
    with pytest.raises(BadOrder, match="no such file"):
        load(tmp_path / "gone.jpg")
    assert str(tmp_path / "b.jpg") in folder.value.advice


def test_the_mask_covers_the_whole_scribble() -> None:
    plain = Image.new("RGB", (600, 400), "white")

    drawn, mask = scribbled(plain)

    changed = ImageChops.difference(plain, drawn).convert("L").point(lambda value: 255 if value > 12 else 0)
    assert changed.getbbox() is not None
    assert ImageChops.subtract(changed, mask).getbbox() is None
    covered = sum(mask.histogram()[1:]) / (600 * 400)
    assert 0.01 < covered < 0.2


def test_a_subject_is_a_frame_in_percent() -> None:
    assert region_of("25,10,50,85") == {"x": 0.25, "y": 0.1, "width": 0.5, "height": 0.85, "unit": "fraction"}
    for wrong in ("", "1,2,3", "a,b,c,d", "60,0,50,50", "-1,0,50,50", "0,0,0,50", "nan,0,1,1"):
        with pytest.raises(BadOrder, match="--subject"):
            region_of(wrong)


def test_the_painted_balloon_is_where_it_is_said_to_be() -> None:
    painted, frame = paint(), balloon_region()

    left, top = frame["x"] * painted.width, frame["y"] * painted.height
    right, bottom = left + frame["width"] * painted.width, top + frame["height"] * painted.height
    assert 0 < left < right < painted.width
    assert 0 < top < bottom < painted.height
    red, _, blue = painted.split()
    spot = (round((left + right) / 2), round(top) + 120)
    assert red.getpixel(spot) > blue.getpixel(spot)  # type: ignore[operator]  # of one channel: a number. A warm stripe


def test_nothing_grows_and_nothing_vanishes() -> None:
    assert shrunk(Image.new("L", (10, 10)), 100).size == (10, 10)
    assert shrunk(Image.new("L", (10_000, 3)), 100).size == (100, 1)
