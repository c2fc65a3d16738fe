import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pixie.domain.files import file_name
from pixie.domain.files.media import MediaType

PNG = MediaType.PNG


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("sunset.png", "sunset.png"),
        ("My holiday photo (2).png", "My holiday photo (2).png"),
        ("عکسِ غروب.png", "عکسِ غروب.png"),
        ("می\u200cخواهم.png", "می\u200cخواهم.png"),
        ("👩\u200d🚀.png", "👩\u200d🚀.png"),
        ("C:\\Users\\anna\\sunset.png", "sunset.png"),
        ("../../etc/passwd", "passwd"),
        ("/tmp/sunset.png", "sunset.png"),
        ("a\x00b\r\nc.png", "a b c.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("\u2066x\u2069.png", "x.png"),
        ("  a   b .png", "a b .png"),
        (".htaccess", "htaccess"),
        ("sunset.png. . ", "sunset.png"),
        ("e\u0301.png", "é.png"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_harmless(given_name: str, kept: str) -> None:
    assert file_name.cleaned(given_name, PNG) == kept


@pytest.mark.parametrize("given_name", [None, "", ".", "..", "/", "a/", "\x00", "\u202e", "\u200c", " . ", "\\"])
def test_where_nothing_is_left_the_file_is_called_after_what_it_is(given_name: str | None) -> None:
    assert file_name.cleaned(given_name, PNG) == "file.png"


def test_a_name_too_long_loses_its_middle_not_its_ending() -> None:
    name = file_name.cleaned("x" * 300 + ".jpeg", MediaType.JPEG)

    assert len(name) == 255
    assert name.endswith("xx.jpeg")


def test_a_name_too_long_without_an_ending_is_cut() -> None:
    assert file_name.cleaned("x" * 300, PNG) == "x" * 255


@given(st.one_of(st.none(), st.text(max_size=400)), st.sampled_from(MediaType))
@example("x" * 255 + ".\u0301", PNG)
@example("x" * 244 + "." + "y" * 10 + ".", PNG)
def test_no_name_can_do_harm(given_name: str | None, media_type: MediaType) -> None:
    name = file_name.cleaned(given_name, media_type)

    assert 0 < len(name) <= 255
    assert name.strip(" .") != ""
    assert not {"/", "\\", "\0"} & set(name)
    assert all(
        unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} or character in "\u200c\u200d"
        for character in name
    )
    name.encode()
    assert file_name.cleaned(name, media_type) == name


@pytest.mark.parametrize(
    ("name", "media_type", "saved_as"),
    [
        ("sunset.png", MediaType.PNG, "sunset.png"),
        ("sunset.PNG", MediaType.PNG, "sunset.PNG"),
        ("sunset.jpeg", MediaType.JPEG, "sunset.jpeg"),
        ("sunset.jpg", MediaType.JPEG, "sunset.jpg"),
        ("sunset.html", MediaType.PNG, "sunset.html.png"),
        ("sunset.png", MediaType.WEBP, "sunset.png.webp"),
        ("sunset", MediaType.AVIF, "sunset.avif"),
        ("film.m4v", MediaType.MP4, "film.m4v"),
    ],
)
def test_a_download_is_named_by_its_content(name: str, media_type: MediaType, saved_as: str) -> None:
    assert file_name.safe_to_save(name, media_type) == saved_as
