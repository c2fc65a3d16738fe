"""The page that `pixie demo` writes, opened from the disk in a real browser."""

import json
from pathlib import Path

import pytest

from tests.support.chromium import Chromium, Tab
from tests.support.journey import RunningPixie
from tests.support.looks import LOW_CONTRAST, TOO_WIDE

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.timeout(400)]

SHARE = "getComputedStyle(document.querySelector('.compare .before')).clipPath"


@pytest.fixture(scope="module")
def demo(pixie: RunningPixie, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page, on the picture that the demo paints: every model can work on that one."""
    folder = tmp_path_factory.mktemp("demo")
    done = pixie.process("demo", "-o", str(folder), "--json", timeout=300)
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["page"]).resolve().as_uri()


def drag(tab: Tab, selector: str, start: float, end: float) -> None:
    """From one share of its width to another, as a mouse does."""
    tab.run(f"document.querySelector('{selector}').scrollIntoView({{block: 'center', behavior: 'instant'}})")
    box = tab.run(f"document.querySelector('{selector}').getBoundingClientRect().toJSON()")
    for kind, share in (("mousePressed", start), ("mouseMoved", end), ("mouseReleased", end)):
        where = {"x": box["x"] + box["width"] * share, "y": box["y"] + box["height"] / 2}
        tab.call("Input.dispatchMouseEvent", type=kind, **where, button="left", buttons=1, clickCount=1)


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_shows_everything_and_asks_nobody(
    demo: str, browser: Chromium, size: tuple[int, int], dark: bool
) -> None:
    with browser.tab(width=size[0], height=size[1], dark=dark) as tab:
        tab.open(demo)

        tab.wait("[...document.images].every((image) => image.complete)")
        assert tab.run("[...document.images].filter((image) => image.naturalWidth === 0).length") == 0
        assert tab.run("document.querySelectorAll('.compare').length") > 0
        tab.wait("[...document.querySelectorAll('video')].every((video) => video.videoWidth > 0)")
        assert tab.run(TOO_WIDE) == 0
        assert tab.run(LOW_CONTRAST) == []
        assert tab.complaints() == []
        assert [asked for asked in tab.requests() if not asked.startswith(("file:", "data:"))] == []


def test_the_slider_follows_the_mouse_and_the_keys(demo: str, browser: Chromium) -> None:
    with browser.tab() as tab:
        tab.open(demo)
        assert tab.run(SHARE).split()[1] == "50%"

        drag(tab, ".compare", 0.5, 0.25)
        share = tab.run("document.querySelector('.compare input').valueAsNumber")
        assert share == pytest.approx(25, abs=2)
        assert tab.run(SHARE).split()[1] == f"{100 - share:g}%"

        tab.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowRight", code="ArrowRight")
        assert tab.run("document.querySelector('.compare input').valueAsNumber") == pytest.approx(share + 4, abs=0.5)


def test_videos_play(demo: str, browser: Chromium) -> None:
    """As many as the models made."""
    with browser.tab() as tab:
        tab.open(demo)
        assert tab.run("document.querySelectorAll('video').length") > 0

        # A browser lets play what can be seen.
        tab.run("document.querySelector('video').scrollIntoView({block: 'center', behavior: 'instant'})")
        tab.wait("document.querySelector('video').currentTime > 0.2")
