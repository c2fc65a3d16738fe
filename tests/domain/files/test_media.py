from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.files.media import HEAD_BYTES, PICTURES, Footage, MediaType
from tests.support import pictures
from tests.support.builders.files import an_inspection

MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41"
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x84webm"


@pytest.mark.parametrize("name", pictures.STILL_FORMATS)
def test_a_picture_is_known_by_its_first_bytes(name: str) -> None:
    assert MediaType.of(pictures.picture(name)[:HEAD_BYTES]) is MediaType[name]


def test_an_animated_avif_is_an_avif() -> None:
    assert MediaType.of(pictures.animation("AVIF")[:HEAD_BYTES]) is MediaType.AVIF


@pytest.mark.parametrize(("head", "expected"), [(MP4, MediaType.MP4), (WEBM, MediaType.WEBM)], ids=["mp4", "webm"])
def test_a_video_is_known_and_is_no_picture(head: bytes, expected: MediaType) -> None:
    found = MediaType.of(head)

    assert found is expected
    assert found.is_video
    assert not found.is_picture


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<!DOCTYPE html><html>",
        b"%PDF-1.7",
        b"BM\x36\0\0\0",
        b"II*\0",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypheic\0\0\0\0heicmif1",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_anything_else_is_unknown(head: bytes) -> None:
    assert MediaType.of(head) is None


@given(st.binary(max_size=HEAD_BYTES))
def test_no_bytes_make_it_stumble(head: bytes) -> None:
    assert MediaType.of(head) in {None, *MediaType}


def test_names_are_those_of_the_api_and_of_file_names() -> None:
    assert [kind.short_name for kind in PICTURES] == ["jpeg", "png", "webp", "avif", "gif"]
    assert [kind.extension for kind in PICTURES] == [".jpg", ".png", ".webp", ".avif", ".gif"]
    assert [kind.label for kind in PICTURES] == ["JPEG", "PNG", "WebP", "AVIF", "GIF"]


def test_a_video_has_footage_and_a_picture_has_none() -> None:
    film = an_inspection(MediaType.WEBM)

    assert film.footage is not None
    assert film.footage.duration_seconds == 2.5
    with pytest.raises(ValueError, match="footage"):
        replace(film, footage=None)
    with pytest.raises(ValueError, match="footage"):
        replace(film, media_type=MediaType.PNG)


@pytest.mark.parametrize(("duration_ms", "fps"), [(0, 24.0), (1000, 0.0), (1000, float("nan"))])
def test_footage_lasts_and_moves(duration_ms: int, fps: float) -> None:
    with pytest.raises(ValueError, match="lasts"):
        Footage(duration_ms=duration_ms, fps=fps)
