"""The small things told about a picture."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD, Base

from pixie.adapters.files.blurhash import blurhash
from pixie.adapters.files.exif_facts import exif_facts
from pixie.adapters.files.picture_preview import dominant_color, preview, stand_in


def tinted(turns: int) -> Image.Image:
    return Image.linear_gradient("L").resize((32, 32)).rotate(90 * turns)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.radial_gradient("L").convert("RGB").resize((32, 32)), "LVHC1Rt7~qxut7fQofj[~qofofof"),
        (Image.new("RGB", (32, 32), "red"), "L9TI:j|cfQ|c|co1fQo1fQfQfQfQ"),
        (Image.merge("RGB", [tinted(0), tinted(1), tinted(2)]), "L,HetWl}gJnm2zWFfjWrw%jufQju"),
    ],
    ids=["a disc", "one colour", "three gradients"],
)
def test_hashes_are_those_of_the_reference_implementation(image: Image.Image, expected: str) -> None:
    assert blurhash(image) == expected


@given(st.binary(min_size=48, max_size=48))
def test_any_pixels_have_a_hash_of_the_same_length(pixels: bytes) -> None:
    assert len(blurhash(Image.frombytes("RGB", (4, 4), pixels))) == 28


def test_a_transparent_picture_stands_on_white() -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))

    assert stand_in(clear) == stand_in(Image.new("RGB", (40, 40), "white"))


def test_of_two_large_groups_the_livelier_gives_its_color() -> None:
    image = Image.new("RGB", (100, 100), (128, 128, 128))
    image.paste((240, 40, 30), (0, 0, 100, 45))

    assert dominant_color(image) == "#f0281e"


@pytest.mark.parametrize("size", [(1, 1), (5000, 1), (1, 5000), (641, 1283)])
def test_a_preview_keeps_the_shape_and_fits_its_box(size: tuple[int, int]) -> None:
    small = preview(Image.new("RGB", size))

    assert max(small.size) <= 320
    assert min(small.size) >= 1


def told(**values: Any) -> dict[str, Any]:
    """What comes through of EXIF values, given by the names of their tags."""
    image = Image.new("RGB", (4, 4))
    exif = image.getexif()
    for name, value in values.items():
        tag = Base[name]
        place = exif if tag in {Base.Make, Base.Model, Base.DateTime} else exif.get_ifd(IFD.Exif)
        place[tag] = value
    return dict(exif_facts(image))


def test_texts_are_cleaned_and_cut() -> None:
    facts = told(Make="  Pixie\0\n Optics \x07", Model="M" * 500, LensModel="\0\0")

    assert facts == {"make": "Pixie Optics", "model": "M" * 200}


def test_values_of_the_wrong_kind_are_left_out() -> None:
    facts = told(Make=b"bytes", FNumber="wide open", ISOSpeedRatings=(100, 200), Flash=2**40, ExposureTime=(1, 2))

    assert facts == {"iso": 100}


def test_numbers_that_are_none_are_left_out() -> None:
    assert told(ExposureTime=float("inf"), FNumber=float("nan"), FocalLength=Fraction(85, 2)) == {"focal_length": 42.5}


@pytest.mark.parametrize("moment", ["0000:00:00", "yesterday", "2026:05:01T12", "    :  :     :  :  "])
def test_times_that_are_none_are_left_out(moment: str) -> None:
    assert told(DateTime=moment, OffsetTimeOriginal="somewhere") == {}


def test_an_offset_is_told() -> None:
    assert told(OffsetTimeOriginal="+03:30") == {"offset_time_original": "+03:30"}
