import base64
import gzip
import hashlib
import re
import string
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from pixie.domain.jobs.model_card import JobType, Price
from pixie.entrypoints.web.texts import ENGLISH, PERSIAN
from tests.support.builders.jobs import a_card
from tests.support.page_api import PageHouse, page_api

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = pytest.mark.parametrize("path", ["/", "/?lang=fa", "/docs", "/docs/errors", "/nowhere"])
FIXED = pytest.mark.parametrize("path", ["/", "/docs", "/docs/errors", "/openapi.json", "/docs/assets/swagger-ui.css"])


@pytest.fixture
def house() -> PageHouse:
    sketch = replace(a_card("fake/sketch"), title="Sketch", example={"prompt": "Ada's <lake>"})
    return PageHouse(cards=[sketch])


@pytest.fixture
async def client(house: PageHouse) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=page_api(house))  # type: ignore[arg-type]  # two spellings of one protocol
    async with httpx.AsyncClient(transport=transport, base_url="http://pixie.test:8000", headers=BROWSER) as client:
        yield client


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_things() -> None:
    assert set(ENGLISH) == set(PERSIAN)
    for key, text in ENGLISH.items():
        assert fields(text) == fields(PERSIAN[key]), key


@pytest.mark.parametrize(
    ("path", "header", "language", "direction"),
    [
        ("/", "en", "en", "ltr"),
        ("/", "fa-IR,fa;q=0.9,en;q=0.8", "fa", "rtl"),
        ("/", "de", "en", "ltr"),
        ("/?lang=en", "fa", "en", "ltr"),
        ("/?lang=fa", "en", "fa", "rtl"),
    ],
)
async def test_the_first_page_speaks_the_language_of_its_reader(
    client: httpx.AsyncClient, path: str, header: str, language: str, direction: str
) -> None:
    answer = await client.get(path, headers={"Accept-Language": header})

    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{direction}">' in answer.text
    assert answer.headers["vary"] == "Accept-Language"


async def test_a_language_that_is_not_spoken_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/?lang=xx")).status_code == 400


async def test_commands_name_the_address_that_the_reader_used(client: httpx.AsyncClient) -> None:
    assert "api=http://pixie.test:8000/api;" in (await client.get("/")).text
    assert "api='http://[::1]:8000/api';" in (await client.get("/", headers={"Host": "[::1]:8000"})).text


async def test_commands_name_the_public_address_where_there_is_one(client: httpx.AsyncClient, house: PageHouse) -> None:
    house.public_url = "https://pixie.example.com"

    assert "api=https://pixie.example.com/api;" in (await client.get("/")).text


@pytest.mark.parametrize(
    "host", ["a$(reboot)", "a`reboot`", "a;reboot", "<script>", "a b", "a'b", "a@b", 'a"b', "a:x", "a:99999", ""]
)
async def test_a_host_that_is_none_reaches_no_command_nor_anything_else(client: httpx.AsyncClient, host: str) -> None:
    for path in ("/", "/openapi.json"):
        answer = await client.get(path, headers={"Host": host, "Accept": "*/*"})

        assert answer.status_code == 400
        assert answer.json()["code"] == "invalid_request"


async def test_an_example_stays_within_its_quotes(client: httpx.AsyncClient) -> None:
    text = (await client.get("/")).text

    assert "Ada'\"'\"'s &lt;lake&gt;" in text
    assert "<lake>" not in text


async def test_the_state_is_told_and_nothing_hides_an_outage(client: httpx.AsyncClient, house: PageHouse) -> None:
    assert 'data-state="ok"' in (await client.get("/")).text

    house.redis.there = False
    degraded = await client.get("/")
    assert degraded.status_code == 200
    assert 'data-state="degraded"' in degraded.text
    assert 'data-name="redis" data-ok="false"' in degraded.text
    assert "fake/sketch" in degraded.text

    house.database.there = False
    down = await client.get("/")
    assert down.status_code == 200
    assert 'data-state="down"' in down.text
    assert ENGLISH["models_away"].replace("'", "&#x27;") in down.text


async def test_models_are_shown_with_what_they_cost_and_why_they_cannot_be_used(
    client: httpx.AsyncClient, house: PageHouse
) -> None:
    price = Price(base=1, per_image=0, per_megapixel=2, per_second=3)
    house.cards.append(a_card("fake/video", model_type=JobType.VIDEO_GENERATION, price=price))
    house.cards.append(replace(a_card("fake/evil"), title="<b>", description="</p><script>alert(1)</script>"))
    house.switched_off = {"fake/sketch"}

    english, persian = (await client.get("/")).text, (await client.get("/?lang=fa")).text

    assert "1 credit + 2 credits a megapixel + 3 credits a second" in english
    assert "۱ اعتبار + ۲ اعتبار برای هر مگاپیکسل + ۳ اعتبار برای هر ثانیه" in persian
    assert "Not available: <bdi>switched off by the operator</bdi>" in english
    assert "&lt;/p&gt;&lt;script&gt;" in english
    assert "<script>alert" not in english


async def test_without_a_model_that_paints_the_steps_end_with_the_account(
    client: httpx.AsyncClient, house: PageHouse
) -> None:
    house.cards.clear()

    text = (await client.get("/")).text

    assert text.count("<pre>") == 2
    assert ENGLISH["models_none"] in text


async def test_many_models_do_not_make_the_page_heavy(client: httpx.AsyncClient, house: PageHouse) -> None:
    house.cards[:] = [replace(a_card(f"fake/{number}"), description="x" * 300) for number in range(100)]

    answer = await client.get("/?lang=fa")

    assert len(answer.content) < 30_000
    assert "هر ۱۰۰ مدل" in answer.text


@PAGES
async def test_a_page_allows_its_own_script_and_style_and_no_others(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(rules)
    assert "*" not in str(rules)
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        for content in re.findall(rf"<{tag}(?: type=\"module\")?>(.*?)</{tag}>", answer.text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in rules[rule]
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", answer.text)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


@PAGES
async def test_a_page_names_nothing_to_fetch_from_elsewhere(client: httpx.AsyncClient, path: str) -> None:
    text = (await client.get(path)).text

    assert not re.search(r"(src|srcset|action|data)=\"?(https?:)?//|url\(|@import", text.replace("url(#", ""))
    for tag in re.findall(r"<link [^>]*>", text):
        assert 'href="/' in tag or 'href="data:' in tag


@FIXED
async def test_who_has_it_gets_no_second_copy(client: httpx.AsyncClient, path: str) -> None:
    first = await client.get(path)

    again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
    other = await client.get(path, headers={"If-None-Match": '"other"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""
    for name in ("etag", "cache-control"):
        assert again.headers[name] == first.headers[name]


@FIXED
async def test_head_tells_of_the_same_answer(client: httpx.AsyncClient, path: str) -> None:
    whole, head = await client.get(path), await client.head(path)

    assert head.status_code == 200
    assert head.content == b""
    assert dict(head.headers) == dict(whole.headers)


async def test_a_page_that_has_changed_is_sent_anew(client: httpx.AsyncClient, house: PageHouse) -> None:
    first = await client.get("/")
    house.redis.there = False

    assert (await client.get("/", headers={"If-None-Match": first.headers["etag"]})).status_code == 200


@pytest.mark.parametrize("path", ["/openapi.json", "/docs/assets/swagger-ui-bundle.js"])
async def test_what_is_large_travels_small(client: httpx.AsyncClient, path: str) -> None:
    plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    async with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join([chunk async for chunk in answer.aiter_raw()])

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert answer.headers["etag"] != plain.headers["etag"]
    assert gzip.decompress(packed) == plain.content
    assert len(packed) < len(plain.content) * 0.7


@pytest.mark.parametrize("name", ["swagger-editor.js", "LICENSE", "..%2f__init__.py", "__init__.py"])
async def test_only_what_the_reference_needs_is_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/docs/assets/{name}")).status_code == 404


async def test_a_program_that_loses_its_way_gets_a_problem_document(client: httpx.AsyncClient) -> None:
    for accept in ("*/*", "application/json", "application/json, text/html", "image/png"):
        answer = await client.get("/nowhere", headers={"Accept": accept})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "not_found"
    posted = await client.post("/nowhere", headers={"Accept": "text/html"})
    assert posted.json()["code"] == "not_found"


async def test_a_browser_that_loses_its_way_gets_a_page_with_the_same_facts(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere/<script>", headers={"Accept-Language": "fa"})

    assert answer.status_code == 404
    assert '<html lang="fa" dir="rtl">' in answer.text
    assert PERSIAN["not_found"] in answer.text
    assert "not_found" in answer.text
    assert "<script>" not in answer.text
    assert answer.headers["vary"] == "Accept, Accept-Language"
