from datetime import timedelta

import httpx
import pytest

from pixie.application.files.file_link import FilePart
from tests.support.builders.files import a_file, file_id
from tests.support.fakes.kernel import EPOCH
from tests.support.file_house import FileHouse

ANNA = {"Authorization": "Bearer anna"}
BORIS = {"Authorization": "Bearer boris"}
ADMIN = {"Authorization": "Bearer admin"}
PATH = f"/api/files/{file_id(1)}"
CONTENT = bytes(range(100))


@pytest.fixture(autouse=True)
def a_picture(house: FileHouse) -> None:
    file = a_file(1, name="غروب.png", size=100)
    house.keep(file)
    house.put(file.key, CONTENT)


@pytest.fixture(autouse=True)
def everything_is_closed_again(house: FileHouse, a_picture: None) -> object:
    yield
    assert house.blobs.open_readers == 0


async def test_the_owner_gets_all_bytes_with_our_type_and_the_original_name(client: httpx.AsyncClient) -> None:
    answer = await client.get(PATH, headers=ANNA)

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Length"] == "100"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == '"' + "ab" * 32 + '"'
    assert "filename*=UTF-8''%D8%BA" in answer.headers["Content-Disposition"]


async def test_a_browser_is_told_to_run_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get(PATH, headers=ANNA)

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_the_thumbnail_is_a_webp(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{PATH}/thumbnail", headers=ANNA)

    assert (answer.status_code, len(answer.content)) == (200, 100)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["ETag"] != (await client.get(PATH, headers=ANNA)).headers["ETag"]


async def test_a_head_request_gets_the_same_headers_and_no_bytes(client: httpx.AsyncClient) -> None:
    for path in (PATH, f"{PATH}/thumbnail"):
        head = await client.head(path, headers=ANNA)
        get = await client.get(path, headers=ANNA)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == get.headers


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=0-9", 0, 10), ("bytes=95-", 95, 100), ("bytes=-1", 99, 100)]
)
async def test_a_range_is_answered_with_that_part(client: httpx.AsyncClient, asked: str, start: int, end: int) -> None:
    answer = await client.get(PATH, headers={**ANNA, "Range": asked})

    assert (answer.status_code, answer.content) == (206, CONTENT[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/100"
    assert answer.headers["Content-Length"] == str(end - start)


async def test_several_ranges_are_answered_with_the_whole(client: httpx.AsyncClient) -> None:
    answer = await client.get(PATH, headers={**ANNA, "Range": "bytes=0-1,5-6"})

    assert (answer.status_code, answer.content) == (200, CONTENT)


async def test_a_range_behind_the_end_is_a_documented_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get(PATH, headers={**ANNA, "Range": "bytes=100-"})

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */100"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "range_not_satisfiable"


async def test_a_head_request_knows_no_ranges(client: httpx.AsyncClient) -> None:
    answer = await client.head(PATH, headers={**ANNA, "Range": "bytes=0-1"})

    assert (answer.status_code, answer.headers["Content-Length"]) == (200, "100")


async def test_who_has_this_version_gets_no_bytes_again(client: httpx.AsyncClient) -> None:
    tag = (await client.get(PATH, headers=ANNA)).headers["ETag"]

    for has in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        for verb in ("GET", "HEAD"):
            answer = await client.request(verb, PATH, headers={**ANNA, "If-None-Match": has, "Range": "bytes=0-1"})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["ETag"] == tag
            assert "Content-Length" not in answer.headers
    answer = await client.get(PATH, headers={**ANNA, "If-None-Match": '"other"'})
    assert answer.status_code == 200


async def test_a_range_of_another_version_is_answered_with_the_whole(client: httpx.AsyncClient) -> None:
    tag = (await client.get(PATH, headers=ANNA)).headers["ETag"]
    asked = {**ANNA, "Range": "bytes=0-1"}

    assert (await client.get(PATH, headers={**asked, "If-Range": tag})).status_code == 206
    for stale in ('"other"', f"W/{tag}", "Wed, 21 Oct 2026 07:28:00 GMT"):
        assert (await client.get(PATH, headers={**asked, "If-Range": stale})).status_code == 200


async def test_without_a_link_one_must_be_signed_in(client: httpx.AsyncClient) -> None:
    answer = await client.get(PATH)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_somebody_elses_file_is_not_found_but_by_an_admin(client: httpx.AsyncClient) -> None:
    answer = await client.get(PATH, headers=BORIS)
    nothing = await client.get(f"/api/files/{file_id(99)}", headers=BORIS)

    assert (answer.status_code, answer.json()["code"]) == (404, "file_not_found")
    assert answer.json() == nothing.json()
    assert (await client.get(PATH, headers=ADMIN)).status_code == 200


async def test_a_signed_link_opens_its_part_to_anybody(client: httpx.AsyncClient, house: FileHouse) -> None:
    for part in FilePart:
        url = house.links.sign(file_id(1), part).url
        answer = await client.get(url)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, max-age=7200, immutable"
        assert (await client.head(url)).status_code == 200


async def test_what_is_read_by_a_token_is_asked_for_each_time(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH, headers=ANNA)).headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "query",
    [
        "expires=1&signature=open-sesamecontent",
        "expires=99999999999&signature=wrong",
        "expires=99999999999",
        "signature=open-sesamecontent",
        "expires=99999999999&signature=",
    ],
)
async def test_a_link_that_is_no_good_is_refused_even_to_the_owner(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"{PATH}?{query}", headers=ANNA)

    assert (answer.status_code, answer.json()["code"]) == (403, "file_link_invalid")


@pytest.mark.parametrize("expires", ["soon", "-1", "1" * 30, "٣", "%00", ""])
async def test_a_link_whose_end_is_no_time_is_a_broken_link(
    client: httpx.AsyncClient, house: FileHouse, expires: str
) -> None:
    house.keep(a_file(1))

    answer = await client.get(f"{PATH}?expires={expires}&signature=open-sesamecontent", headers=ANNA)

    assert (answer.status_code, answer.json()["code"]) == (403, "file_link_invalid")


async def test_a_temporary_file_ends_for_its_links_too(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.keep(a_file(2, size=10, expires_at=EPOCH + timedelta(minutes=1)))
    url = house.links.sign(file_id(2)).url
    assert (await client.get(url)).headers["Cache-Control"] == "private, max-age=60, immutable"
    house.clock.pass_time(minutes=1)

    assert (await client.get(url)).status_code == 404


async def test_a_storage_that_is_down_answers_503_and_when_to_come_back(
    client: httpx.AsyncClient, house: FileHouse
) -> None:
    house.blobs.down = True

    answer = await client.get(PATH, headers=ANNA)

    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_row_whose_blob_is_gone_is_not_found(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.blobs.blobs.clear()

    assert (await client.get(PATH, headers=ANNA)).status_code == 404


@pytest.mark.parametrize("path", ["/api/files/not-a-uuid", "/api/files/", f"{PATH}/nothing"])
async def test_an_address_that_means_nothing_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers=ANNA)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
