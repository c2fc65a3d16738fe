import httpx
import pytest

from pixie.domain.files.media import MediaType
from tests.support.builders.files import ANNA as ANNA_ID
from tests.support.builders.files import a_file, an_inspection, file_id
from tests.support.fakes.kernel import EPOCH
from tests.support.file_house import FileHouse

ANNA = {"Authorization": "Bearer anna"}
BORIS = {"Authorization": "Bearer boris"}
ADMIN = {"Authorization": "Bearer admin"}
MINE = f"/api/files/user/{ANNA_ID}"
PATH = f"/api/files/{file_id(1)}"


async def test_a_list_is_read_page_by_page(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.keep(*[a_file(number) for number in (1, 2, 3)])

    first = (await client.get(MINE, headers=ANNA, params={"limit": 2})).json()
    second = (await client.get(MINE, headers=ANNA, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [item["id"] for item in first["items"]] == [str(file_id(3)), str(file_id(2))]
    assert [item["id"] for item in second["items"]] == [str(file_id(1))]
    assert second["next_cursor"] is None


async def test_an_item_has_exactly_the_members_of_a_file(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.keep(a_file(1))

    (item,) = (await client.get(MINE, headers=ANNA)).json()["items"]

    assert item == {
        "id": str(file_id(1)),
        "original_name": "sunset.png",
        "mime_type": "image/png",
        "file_size": 1000,
        "width": 640,
        "height": 480,
        "is_temporary": False,
        "expires_at": None,
        "checksum_sha256": "ab" * 32,
        "url": house.links.sign(file_id(1)).url,
        "thumbnail_url": item["thumbnail_url"],
        "created_at": "2026-01-01T12:00:00Z",
    }


async def test_filters_choose_among_the_files(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.keep(
        a_file(1, name="Sunset.png"),
        a_file(2, name="sunrise.jpg", inspection=an_inspection(MediaType.JPEG)),
        a_file(3, name="x", expires_at=EPOCH.replace(year=2027)),
    )

    async def found(**filters: str) -> list[str]:
        answer = await client.get(MINE, headers=ANNA, params=filters)
        assert answer.status_code == 200
        return [item["original_name"] for item in answer.json()["items"]]

    assert await found(q="SUN") == ["sunrise.jpg", "Sunset.png"]
    assert await found(mime_type="image/jpeg") == ["sunrise.jpg"]
    assert await found(temporary="true") == ["x"]
    assert await found(temporary="false", q="set") == ["Sunset.png"]
    assert await found(q="") == ["x", "sunrise.jpg", "Sunset.png"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=many",
        "cursor=nonsense",
        "cursor=%00",
        "mime_type=text/html",
        "temporary=maybe",
        "q=a%00b",
        "q=" + "x" * 300,
    ],
)
async def test_a_query_of_the_wrong_shape_is_an_invalid_request(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"{MINE}?{query}", headers=ANNA)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


async def test_the_list_of_somebody_else_is_for_admins(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.keep(a_file(1))

    answer = await client.get(MINE, headers=BORIS)

    assert (answer.status_code, answer.json()["code"]) == (404, "files_not_found")
    assert len((await client.get(MINE, headers=ADMIN)).json()["items"]) == 1


async def test_metadata_tell_all_but_the_place(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.keep(a_file(1))

    view = (await client.get(f"{PATH}/metadata", headers=ANNA)).json()

    assert view["format"] == "png"
    assert (view["has_alpha"], view["frames"], view["exif"], view["provenance"]) == (False, 1, {"iso": 100}, None)
    assert (await client.get(f"{PATH}/metadata", headers=BORIS)).status_code == 404


async def test_a_link_is_given_with_its_end(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.keep(a_file(1))

    view = (await client.get(f"{PATH}/url", headers=ANNA)).json()

    assert view == {"url": house.links.sign(file_id(1)).url, "expires_at": "2026-01-01T14:00:00Z"}
    assert (await client.get(f"{PATH}/url", headers=BORIS)).status_code == 404


async def test_a_deleted_file_is_gone(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.keep(a_file(1))
    assert (await client.delete(PATH, headers=BORIS)).status_code == 404

    answer = await client.delete(PATH, headers=ANNA)

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await client.get(PATH, headers=ANNA)).status_code == 404
    assert (await client.delete(PATH, headers=ANNA)).status_code == 404
    assert house.outbox.topics == ["files.file_deleted"]


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", MINE),
        ("GET", f"{PATH}/metadata"),
        ("GET", f"{PATH}/url"),
        ("DELETE", PATH),
        ("POST", "/api/files/upload"),
    ],
)
async def test_everything_else_needs_a_token(client: httpx.AsyncClient, verb: str, path: str) -> None:
    link = "?expires=99999999999&signature=open-sesamecontent"

    assert (await client.request(verb, path + link)).status_code == 401


async def test_the_description_knows_every_route_and_its_problems(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]

    upload = paths["/api/files/upload"]["post"]
    assert set(upload["responses"]) >= {"201", "400", "401", "409", "413", "415", "422", "503"}
    assert list(upload["requestBody"]["content"]) == ["multipart/form-data"]
    read = paths["/api/files/{file_id}"]
    assert set(read) == {"get", "head", "delete"}
    assert set(read["get"]["responses"]) >= {"200", "206", "304", "401", "403", "404", "416", "503"}
    operations = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(operations) == len(set(operations)) == 9


async def test_metadata_that_a_client_has_already_are_not_sent_again(
    client: httpx.AsyncClient, house: FileHouse
) -> None:
    house.keep(a_file(1))
    first = await client.get(f"{PATH}/metadata", headers=ANNA)
    known = {"If-None-Match": first.headers["ETag"]}

    again = await client.get(f"{PATH}/metadata", headers=ANNA | known)
    of_somebody_else = await client.get(f"{PATH}/metadata", headers=BORIS | known)
    anything = await client.get(f"{PATH}/metadata", headers=BORIS | {"If-None-Match": "*"})

    assert first.headers["ETag"].startswith('W/"')
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert (of_somebody_else.status_code, anything.status_code) == (404, 404)


async def test_a_link_that_has_changed_is_news(client: httpx.AsyncClient, house: FileHouse) -> None:
    house.keep(a_file(1))
    first = await client.get(f"{PATH}/metadata", headers=ANNA)
    house.clock.pass_time(hours=3)

    later = await client.get(f"{PATH}/metadata", headers=ANNA | {"If-None-Match": first.headers["ETag"]})

    assert later.status_code == 200
    assert later.json()["url"] != first.json()["url"]


async def test_a_problems_type_is_an_absolute_address(client: httpx.AsyncClient) -> None:
    told = (await client.get(f"{PATH}/metadata", headers=ANNA)).json()

    assert told["type"] == "http://pixie.test/docs/errors#file_not_found"


@pytest.mark.parametrize("host", ["[", "[::1", "a b", "\xff", ""])
async def test_a_host_that_cannot_be_read_breaks_no_answer(client: httpx.AsyncClient, host: str) -> None:
    headers = {b"Authorization": b"Bearer anna", b"Host": host.encode("latin-1")}

    refused = await client.get(f"{PATH}/metadata", headers=headers)

    assert refused.status_code in {400, 404}
    assert refused.json()["type"].endswith(f"/docs/errors#{refused.json()['code']}")
