"""The page as a reader of its source sees it; a browser looks at it elsewhere."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from pixie.entrypoints.cli.client.answers import Job
from pixie.entrypoints.cli.demo.page import page
from pixie.entrypoints.cli.demo.show import Outcome
from pixie.entrypoints.cli.demo.steps import STEPS
from pixie.entrypoints.cli.demo.studio import Prepared

BY_NAME = {step.name: step for step in STEPS}
JOB = Job(
    id="1", job_type="image_edit", status="completed", model="local/edit", credits_used=3, processing_time_ms=1234
)
VOID = {"meta", "link", "img", "input"}


class Reader(HTMLParser):
    """Notes every address, and that tags close in the order in which they opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "poster", "action"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def outcomes(tmp_path: Path) -> list[Outcome]:
    before, after, cut, film = (tmp_path / name for name in ("before.jpg", "enhanced.jpg", "cutout.png", "motion.mp4"))
    Image.new("RGB", (90, 60), "teal").save(before)
    Image.new("RGB", (90, 60), "gold").save(after)
    Image.new("RGBA", (90, 60), (1, 2, 3, 99)).save(cut)
    film.write_bytes(b"a film")
    was = Prepared(before, (90, 60))
    return [
        Outcome(step=BY_NAME["enhanced"], job=JOB, before=was, after=after, mime_type="image/jpeg"),
        Outcome(step=BY_NAME["cutout"], job=JOB, before=was, after=cut, mime_type="image/png"),
        Outcome(step=BY_NAME["motion"], job=JOB, before=was, after=film, mime_type="video/mp4"),
        Outcome(step=BY_NAME["upscaled"], skipped="<no> & nothing"),
        Outcome(step=BY_NAME["erased"], job=JOB, failed="it broke"),
    ]


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def test_it_is_whole_in_itself(outcomes: list[Outcome]) -> None:
    text = page(outcomes, "photo.jpg")

    outside = [address for address in read(text).addresses if not address.startswith("data:")]
    assert set(outside) == {"enhanced.jpg", "cutout.png", "motion.mp4"}  # links to the files beside it
    assert "default-src 'none'" in text
    assert not re.search(r"@import|url\((?!\"data:)", text)


def test_pictures_can_be_compared_by_hand_and_by_key(outcomes: list[Outcome]) -> None:
    reader = read(page(outcomes, None))

    assert reader.tags.count("input") == 2
    assert reader.tags.count("video") == 1
    assert reader.tags.count("tr") == 1 + len(outcomes)


def test_what_one_can_see_through_lies_on_squares(outcomes: list[Outcome]) -> None:
    assert page(outcomes, None).count('class="compare clear"') == 1


def test_names_and_reasons_stay_words(outcomes: list[Outcome]) -> None:
    text = page(outcomes, "<script>alert(1)</script>.jpg")

    assert "<script>alert" not in text
    assert "passed over: &lt;no&gt; &amp; nothing" in text
    assert "failed: it broke" in text


def test_sums_are_told(outcomes: list[Outcome]) -> None:
    assert "3 jobs of a Pixie on <bdi>a.jpg</bdi>: 3.7 seconds of work, 9 credits." in page(outcomes, "a.jpg")
