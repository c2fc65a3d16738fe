from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from pixie.application.files.download_file import Download, DownloadFileQuery
from pixie.application.files.file_link import FilePart, LinkPermit
from pixie.application.kernel.caller import Caller
from pixie.domain.files.errors import FileLinkInvalid, FileNotFound
from pixie.domain.files.media import MediaType
from pixie.domain.kernel.role import Role
from tests.support.builders.files import ANNA, BORIS, a_caller, a_file, an_inspection, file_id
from tests.support.fakes.kernel import EPOCH
from tests.support.file_house import FileHouse

HOUR = timedelta(hours=1)


async def download(
    house: FileHouse, permit: Caller | LinkPermit, part: FilePart = FilePart.CONTENT, number: int = 1
) -> Download:
    return await house.download(DownloadFileQuery(file_id=file_id(number), permit=permit, part=part))


def a_link(house: FileHouse, part: FilePart = FilePart.CONTENT) -> LinkPermit:
    query = parse_qs(urlsplit(house.links.sign(file_id(1), part).url).query)
    return LinkPermit(expires=int(query["expires"][0]), signature=query["signature"][0])


async def test_the_owner_gets_the_bytes_under_a_name_that_fits_them(house: FileHouse) -> None:
    house.keep(a_file(1, name="sunset.html", size=25))

    found = await download(house, a_caller(ANNA))

    assert (found.name, found.media_type, found.size) == ("sunset.html.png", MediaType.PNG, 25)
    assert found.version == "ab" * 32
    assert found.fresh_for == 0
    blob = await found.open(start=5, end=25)
    assert len(b"".join([chunk async for chunk in blob])) == 20
    await blob.aclose()


async def test_the_thumbnail_is_a_file_of_its_own(house: FileHouse) -> None:
    house.keep(a_file(1, name="sunset.png"))

    found = await download(house, a_caller(ANNA), FilePart.THUMBNAIL)

    assert (found.name, found.media_type, found.size) == ("sunset.png.webp", MediaType.WEBP, 100)
    assert found.version != (await download(house, a_caller(ANNA))).version


async def test_a_file_without_a_thumbnail_has_none_to_give(house: FileHouse) -> None:
    house.keep(a_file(1, has_thumbnail=False))

    with pytest.raises(FileNotFound):
        await download(house, a_caller(ANNA), FilePart.THUMBNAIL)


async def test_nobody_else_sees_that_the_file_exists(house: FileHouse) -> None:
    house.keep(a_file(1, owner=ANNA))

    with pytest.raises(FileNotFound) as hidden:
        await download(house, a_caller(BORIS))
    with pytest.raises(FileNotFound) as missing:
        await download(house, a_caller(BORIS), number=2)

    assert hidden.value.detail == missing.value.detail


async def test_an_admin_sees_it(house: FileHouse) -> None:
    house.keep(a_file(1, owner=ANNA))

    assert (await download(house, a_caller(BORIS, Role.ADMIN))).size == 1000


async def test_a_link_opens_its_part_for_anybody_as_long_as_it_lives(house: FileHouse) -> None:
    house.keep(a_file(1))

    assert (await download(house, a_link(house))).size == 1000
    assert (await download(house, a_link(house, FilePart.THUMBNAIL), FilePart.THUMBNAIL)).size == 100
    with pytest.raises(FileLinkInvalid):
        await download(house, a_link(house, FilePart.THUMBNAIL))


async def test_what_a_link_leads_to_is_fresh_until_the_link_ends(house: FileHouse) -> None:
    house.keep(a_file(1))
    link = a_link(house)
    house.clock.pass_time(minutes=30)

    assert (await download(house, link)).fresh_for == 5400


async def test_what_a_link_leads_to_is_not_fresh_longer_than_it_exists(house: FileHouse) -> None:
    house.keep(a_file(1, expires_at=EPOCH + timedelta(seconds=90)))

    assert (await download(house, a_link(house))).fresh_for == 90


async def test_a_link_that_ran_out_opens_nothing(house: FileHouse) -> None:
    house.keep(a_file(1))
    link = a_link(house)
    house.clock.pass_time(hours=2)

    with pytest.raises(FileLinkInvalid):
        await download(house, link)


async def test_a_temporary_file_is_gone_when_its_time_is_over_for_all(house: FileHouse) -> None:
    house.keep(a_file(1, expires_at=EPOCH + HOUR))
    link = a_link(house)
    house.clock.pass_time(minutes=61)

    for permit in (a_caller(ANNA), a_caller(BORIS, Role.ADMIN), link):
        with pytest.raises(FileNotFound):
            await download(house, permit)


async def test_a_link_to_a_file_that_was_deleted_leads_nowhere(house: FileHouse) -> None:
    with pytest.raises(FileNotFound):
        await download(house, a_link(house))


async def test_a_video_will_be_served_under_its_own_type(house: FileHouse) -> None:
    house.keep(a_file(1, name="film", inspection=an_inspection(MediaType.MP4)))

    found = await download(house, a_caller(ANNA))

    assert (found.name, found.media_type) == ("film.mp4", MediaType.MP4)
