"""A video among the files: a player asks for its beginning, then for parts, and jumps."""

import httpx
import pytest

from pixie.domain.files.media import MediaType
from tests.support.builders.files import a_file, an_inspection, file_id
from tests.support.file_house import FileHouse

ANNA = {"Authorization": "Bearer anna"}
PATH = f"/api/files/{file_id(1)}"
CONTENT = bytes(range(100))


@pytest.fixture(params=[MediaType.MP4, MediaType.WEBM])
def media_type(request: pytest.FixtureRequest, house: FileHouse) -> MediaType:
    found: MediaType = request.param
    file = a_file(1, name=f"motion{found.extension}", size=100, inspection=an_inspection(found))
    house.keep(file)
    house.put(file.key, CONTENT)
    return found


async def test_a_video_is_served_as_what_it_is(media_type: MediaType, client: httpx.AsyncClient) -> None:
    answer = await client.get(PATH, headers=ANNA)

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["Content-Type"] == media_type.value
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert f"motion{media_type.extension}" in answer.headers["Content-Disposition"]


async def test_a_player_that_jumps_gets_a_part_of_the_same_type(
    media_type: MediaType, client: httpx.AsyncClient
) -> None:
    tag = (await client.head(PATH, headers=ANNA)).headers["ETag"]

    answer = await client.get(PATH, headers={**ANNA, "Range": "bytes=40-", "If-Range": tag})

    assert (answer.status_code, answer.content) == (206, CONTENT[40:])
    assert answer.headers["Content-Range"] == "bytes 40-99/100"
    assert answer.headers["Content-Type"] == media_type.value


async def test_its_metadata_say_how_long_it_plays(media_type: MediaType, client: httpx.AsyncClient) -> None:
    told = (await client.get(f"{PATH}/metadata", headers=ANNA)).json()

    assert (told["mime_type"], told["duration_seconds"], told["fps"]) == (media_type.value, 2.5, 24.0)
    assert told["thumbnail_url"]
