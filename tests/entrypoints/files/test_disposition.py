import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.files import file_name
from pixie.domain.files.media import MediaType
from pixie.entrypoints.http.files.disposition import inline


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("sunset.png", 'inline; filename="sunset.png"'),
        ("my photo (1).png", 'inline; filename="my photo (1).png"'),
        ("Café.png", "inline; filename=\"Cafe.png\"; filename*=UTF-8''Caf%C3%A9.png"),
        ("غروب.png", "inline; filename=\"file.png\"; filename*=UTF-8''%D8%BA%D8%B1%D9%88%D8%A8.png"),
        ("غروب.png.jpg", "inline; filename=\"file.png.jpg\"; filename*=UTF-8''%D8%BA%D8%B1%D9%88%D8%A8.png.jpg"),
        ("غروب", "inline; filename=\"file\"; filename*=UTF-8''%D8%BA%D8%B1%D9%88%D8%A8"),
        ('a"b\\c.png', "inline; filename=\"a_b_c.png\"; filename*=UTF-8''a%22b%5Cc.png"),
        ("100%41.png", "inline; filename=\"100_41.png\"; filename*=UTF-8''100%2541.png"),
    ],
)
def test_names_of_any_script_are_told_with_something_readable_beside(name: str, header: str) -> None:
    assert inline(name) == header


def read(header: str) -> str:
    """As a client does that knows RFC 6266: the extended name wins."""
    found = re.fullmatch(r"inline; filename=\"([^\"\\\\]+)\"(?:; filename\*=UTF-8''([A-Za-z0-9._~%-]+))?", header)
    assert found is not None
    return unquote(found[2], errors="strict") if found[2] else found[1]


@given(st.text(max_size=300))
def test_every_name_comes_through_whole_and_breaks_no_header(given_name: str) -> None:
    name = file_name.cleaned(given_name, MediaType.PNG)

    header = inline(name)

    assert header.isascii()
    assert header.isprintable()
    assert read(header) == name
