"""The pages in a real browser, as somebody sees them who opens Pixie for the first time."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.chromium import Chromium, Tab
from tests.support.journey import RunningPixie
from tests.support.looks import LOW_CONTRAST, TOO_WIDE, clean
from tests.support.pictures import picture
from tests.support.waiting import eventually

pytestmark = [pytest.mark.journey, pytest.mark.browser]

WIDE, NARROW = (1440, 900), (390, 844)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
LANGUAGES = pytest.mark.parametrize(
    ("language", "direction", "ready"), [("en", "ltr", "Ready"), ("fa", "rtl", "آماده")]
)


@LANGUAGES
@SIZES
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_first_page_greets_everybody_in_their_language_on_their_screen(
    pixie: RunningPixie,
    browser: Chromium,
    language: str,
    direction: str,
    ready: str,
    size: tuple[int, int],
    dark: bool,
) -> None:
    with browser.tab(width=size[0], height=size[1], language=language, dark=dark) as tab:
        tab.open(f"{pixie.url}/")

        assert tab.run("[document.documentElement.lang, document.documentElement.dir]") == [language, direction]
        assert tab.text("#state") == ready
        assert "local/sketch" in tab.text("main")
        assert tab.run("document.querySelectorAll('h1').length") == 1
        assert tab.run(TOO_WIDE) == 0
        assert tab.run(LOW_CONTRAST) == []
        clean(tab, pixie.url)


def test_the_first_page_is_one_request_of_little_weight(pixie: RunningPixie, browser: Chromium) -> None:
    with browser.tab() as tab:
        tab.open(f"{pixie.url}/")

        look = f"{pixie.url}/health/ready"  # the script looks when the window gets the focus
        assert [asked for asked in tab.requests() if asked != look] == [f"{pixie.url}/"]
    with pixie.client() as client:
        assert len(client.get("/", headers={"Accept-Language": "fa"}).content) < 30_000


def test_the_other_language_is_one_click_away(pixie: RunningPixie, browser: Chromium) -> None:
    with browser.tab() as tab:
        tab.open(f"{pixie.url}/")
        tab.click("nav [hreflang=fa]")

        tab.wait("document.documentElement.lang === 'fa'")
        tab.click("nav [hreflang=en]")
        tab.wait("document.documentElement.lang === 'en'")
        clean(tab, pixie.url)


def test_the_state_changes_before_ones_eyes(pixie: RunningPixie, browser: Chromium) -> None:
    with browser.tab() as tab:
        tab.open(f"{pixie.url}/")
        network: dict[str, Any] = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}

        tab.call("Network.emulateNetworkConditions", offline=True, **network)
        tab.wait("document.querySelector('#state').innerText === 'No answer from this system'")
        tab.call("Network.emulateNetworkConditions", offline=False, **network)
        tab.wait("document.querySelector('#state').innerText === 'Ready'")


def test_the_first_steps_can_be_copied_into_a_shell_and_work(
    pixie: RunningPixie, browser: Chromium, tmp_path: Path
) -> None:
    with browser.tab() as tab:
        tab.open(f"{pixie.url}/")
        commands = []
        for step in range(1, 1 + tab.run("document.querySelectorAll('.steps li').length")):
            tab.click(f".steps li:nth-child({step}) button")
            tab.wait(f"document.querySelector('.steps li:nth-child({step}) button').innerText === 'Copied'")
            commands.append(tab.clipboard())

    assert len(commands) == 5
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(commands)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "event: completed" in done.stdout
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_the_first_page_is_whole_without_scripts(pixie: RunningPixie, browser: Chromium) -> None:
    with browser.tab() as tab:
        tab.call("Emulation.setScriptExecutionDisabled", value=True)
        tab.open(f"{pixie.url}/")

        assert tab.text("#state") == "Ready"
        assert "curl" in tab.text(".steps")
        clean(tab, pixie.url)


@SIZES
def test_who_loses_the_way_gets_a_page_that_leads_back(
    pixie: RunningPixie, browser: Chromium, size: tuple[int, int]
) -> None:
    with browser.tab(width=size[0], height=size[1], language="fa") as tab:
        tab.open(f"{pixie.url}/no/such/page")

        assert tab.run("document.documentElement.dir") == "rtl"
        assert "404" in tab.text("main")
        assert tab.run(TOO_WIDE) == 0
        assert tab.strangers(pixie.url) == []
        tab.click("main .act")
        tab.wait("location.pathname === '/'")


@pytest.mark.parametrize(("path", "status"), [("/no/such/page", 404), ("/api/auth/login", 405), ("/api/auth/me", 401)])
def test_a_page_that_tells_of_a_problem_names_the_same_facts_as_the_document(
    pixie: RunningPixie, path: str, status: int
) -> None:
    with pixie.client() as client:
        page = client.get(path, headers={"Accept": "text/html", "X-Request-Id": "my-request"})
        document = client.get(path)

    assert page.status_code == document.status_code == status
    assert document.json()["code"] in page.text
    assert "my-request" in page.text
    assert page.headers["x-request-id"] == "my-request"
    for name in ("allow", "www-authenticate"):
        assert page.headers.get(name) == document.headers.get(name)


@SIZES
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_problem_is_found_by_its_link(
    pixie: RunningPixie, browser: Chromium, size: tuple[int, int], dark: bool
) -> None:
    with browser.tab(width=size[0], height=size[1], dark=dark) as tab:
        tab.open(f"{pixie.url}/docs/errors#insufficient_credits")

        assert "402" in tab.text("tr:target")
        assert tab.run(TOO_WIDE) == 0
        assert tab.run(LOW_CONTRAST) == []
        clean(tab, pixie.url)


class Reference:
    """The API's reference, as its reader uses it."""

    def __init__(self, tab: Tab, url: str) -> None:
        self.tab = tab
        tab.open(f"{url}/docs")
        tab.wait("!!document.querySelector('.opblock-tag')")

    def expand(self, operation: str) -> str:
        """The selector of the operation, ready to be tried."""
        place = f"[id$='-{operation}']"
        self.tab.click(f"{place} .opblock-summary-control")
        self.tab.click(f"{place} .try-out__btn")
        return place

    def execute(self, place: str) -> str:
        """The status that came back."""
        self.tab.click(f"{place} .execute")
        self.tab.wait(f'!!document.querySelector("{place} .live-responses-table .response-col_status")')
        return self.tab.text(f"{place} .live-responses-table tbody .response-col_status").split()[0]

    def body(self, place: str, text: str) -> None:
        self.tab.type(f"{place} .body-param__text", text)


@pytest.fixture
def reference(pixie: RunningPixie, browser: Chromium) -> Iterator[Reference]:
    with browser.tab() as tab:
        yield Reference(tab, pixie.url)


@SIZES
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_reference_needs_no_internet(
    pixie: RunningPixie, browser: Chromium, size: tuple[int, int], dark: bool
) -> None:
    with browser.tab(width=size[0], height=size[1], dark=dark) as tab:
        reference = Reference(tab, pixie.url)
        groups = tab.run("[...document.querySelectorAll('.opblock-tag')].map((tag) => tag.dataset.tag)")
        place = reference.expand("live")

        assert groups[0] == "Authentication"
        assert groups[-1] == "Operations"
        assert reference.execute(place) == "200"
        assert tab.run(TOO_WIDE) == 0
        assert tab.run(LOW_CONTRAST) == []
        clean(tab, pixie.url)


def test_every_operation_has_its_place_in_the_reference(pixie: RunningPixie, reference: Reference) -> None:
    """What is not named in its list comes last: register before login, upload before download, and so on."""
    shown = reference.tab.run("[...document.querySelectorAll('.opblock')].map((block) => block.id.split('-').pop())")

    wanted = ["register", "login", "uploadFile", "getFile", "generateImage", "getJob", "getJobResult"]
    assert [name for name in shown if name in wanted] == wanted


def test_whoever_signs_in_there_can_try_everything(pixie: RunningPixie, reference: Reference, tmp_path: Path) -> None:
    tab, photo = reference.tab, tmp_path / "photo.png"
    photo.write_bytes(picture("PNG", 64, 48))
    register = reference.expand("register")
    reference.body(register, '{"email": "reader@example.com", "name": "Mina", "password": "correct horse battery"}')
    assert reference.execute(register) == "201"

    me = reference.expand("getMe")
    assert reference.execute(me) == "200"
    assert "reader@example.com" in tab.text(f"{me} .live-responses-table")

    upload = reference.expand("uploadFile")
    tab.choose_file(f"{upload} input[type=file]", photo)
    assert reference.execute(upload) == "201"
    answer = tab.text(f"{upload} .live-responses-table")
    (file_id,) = re.findall(r'"id": "([0-9a-f-]{36})"', answer)

    download = reference.expand("getFile")
    tab.type(f"{download} tr[data-param-name=file_id] input", file_id)
    assert reference.execute(download) == "200"
    tab.wait(f'document.querySelector("{download} .live-responses-table img")?.naturalWidth === 64')
    clean(tab, pixie.url)


def test_a_job_is_made_and_followed_there(pixie: RunningPixie, reference: Reference) -> None:
    with pixie.somebody() as mina:
        tab = reference.tab
        tab.click(".authorize")
        tab.type(".auth-container input", mina.access_token)
        tab.click(".auth-btn-wrapper .authorize")
        tab.click(".auth-btn-wrapper .btn-done")
        generate = reference.expand("generateImage")
        reference.body(generate, '{"model": "local/sketch", "prompt": "a lake", "width": 128, "height": 128}')

        assert reference.execute(generate) == "202"
        assert eventually(lambda: mina.get("/api/ai/jobs").json()["items"][0]["status"] == "completed", within=30)
        clean(tab, pixie.url)
