from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.adapters.files.hmac_file_links import HmacFileLinks
from pixie.application.files.file_link import FilePart, LinkPermit
from pixie.domain.files.errors import FileLinkInvalid
from tests.support.builders.files import file_id
from tests.support.fakes.kernel import EPOCH, FakeClock, FakeLinks

FILE = file_id(1)


def links(clock: FakeClock | None = None, key: bytes = b"k" * 32) -> HmacFileLinks:
    return HmacFileLinks(key=key, links=FakeLinks(), clock=clock or FakeClock(), lifetime=timedelta(hours=1))


def permit_in(url: str) -> LinkPermit:
    query = parse_qs(urlsplit(url).query)
    return LinkPermit(expires=int(query["expires"][0]), signature=query["signature"][0])


@pytest.mark.parametrize(
    ("part", "path"), [(FilePart.CONTENT, f"/api/files/{FILE}"), (FilePart.THUMBNAIL, f"/api/files/{FILE}/thumbnail")]
)
def test_a_link_leads_to_the_part_and_opens_it(part: FilePart, path: str) -> None:
    link = links().sign(FILE, part)

    assert urlsplit(link.url).path == path
    assert link.url.startswith("https://pixie.test/")
    assert links().check(FILE, part, permit_in(link.url)) == link.expires_at


def test_a_link_lives_as_long_as_set_and_at_most_an_hour_longer() -> None:
    for minutes in range(0, 120, 7):
        clock = FakeClock(EPOCH + timedelta(minutes=minutes))
        left = links(clock).sign(FILE).expires_at - clock.now()
        assert timedelta(hours=1) <= left <= timedelta(hours=2)


def test_a_file_keeps_its_link_within_the_hour() -> None:
    clock = FakeClock(EPOCH + timedelta(seconds=1))
    first = links(clock).sign(FILE)
    clock.pass_time(minutes=59)

    assert links(clock).sign(FILE) == first


def test_a_link_opens_nothing_when_its_time_is_over() -> None:
    clock = FakeClock()
    link = links(clock).sign(FILE)
    clock.time = link.expires_at - timedelta(seconds=1)
    links(clock).check(FILE, FilePart.CONTENT, permit_in(link.url))

    clock.time = link.expires_at
    with pytest.raises(FileLinkInvalid):
        links(clock).check(FILE, FilePart.CONTENT, permit_in(link.url))


def test_a_link_to_one_part_of_one_file_opens_no_other() -> None:
    permit = permit_in(links().sign(FILE, FilePart.THUMBNAIL).url)

    with pytest.raises(FileLinkInvalid):
        links().check(FILE, FilePart.CONTENT, permit)
    with pytest.raises(FileLinkInvalid):
        links().check(file_id(2), FilePart.THUMBNAIL, permit)


def test_a_link_cannot_be_made_to_live_longer() -> None:
    permit = permit_in(links().sign(FILE).url)
    longer = LinkPermit(expires=permit.expires + 3600, signature=permit.signature)

    with pytest.raises(FileLinkInvalid):
        links().check(FILE, FilePart.CONTENT, longer)


def test_a_link_of_another_key_opens_nothing() -> None:
    permit = permit_in(links(key=b"x" * 32).sign(FILE).url)

    with pytest.raises(FileLinkInvalid):
        links().check(FILE, FilePart.CONTENT, permit)


@given(st.integers(0, 2**63), st.text(max_size=60))
def test_no_guess_opens_anything(expires: int, signature: str) -> None:
    with pytest.raises(FileLinkInvalid):
        links().check(FILE, FilePart.CONTENT, LinkPermit(expires=expires, signature=signature))
