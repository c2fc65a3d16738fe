"""What the rows of files do, in memory and in PostgreSQL."""

from datetime import timedelta
from uuid import UUID

import pytest

from pixie.application.files.file_filter import FileFilter
from pixie.application.files.showing import file_view
from pixie.application.kernel.page import PageRequest
from pixie.domain.files.blob_key import BlobKey
from pixie.domain.files.errors import FileNotFound
from pixie.domain.files.media import Footage, MediaType
from pixie.domain.kernel.ids import JobId
from tests.support.builders.files import ANNA, BORIS, a_file, an_inspection, file_id
from tests.support.fakes.files import FakeFileLinks
from tests.support.fakes.kernel import EPOCH, FakeClock
from tests.support.file_worlds import FileWorld, keep

LINKS = FakeFileLinks(FakeClock())
DAY = timedelta(days=1)


async def names(world: FileWorld, wanted: FileFilter) -> list[str]:
    page = await world.reader.page_for(wanted, PageRequest(), EPOCH)
    return [view.original_name for view in page.items]


async def test_a_file_is_kept_as_it_was_added(world: FileWorld) -> None:
    file = a_file(
        name="غروبِ می\u200cخوش 🌅.png",
        inspection=an_inspection(exif={"iso": 100, "lens": None, "exposure": [1, 125]}),
        expires_at=EPOCH + DAY,
        job_id=JobId(UUID(int=5)),
    )
    await keep(world, file)

    async with world.unit() as unit:
        assert await unit.store.get(file.id) == file
    assert await world.reader.get(file.id) == file


async def test_a_file_without_a_thumbnail_is_kept_too(world: FileWorld) -> None:
    file = a_file(has_thumbnail=False)
    await keep(world, file)

    assert await world.reader.get(file.id) == file
    assert (await world.reader.views([file.id]))[0].thumbnail_url is None


async def test_a_file_that_is_not_there_is_not_found(world: FileWorld) -> None:
    async with world.unit() as unit:
        with pytest.raises(FileNotFound):
            await unit.store.get(file_id(1))
        with pytest.raises(FileNotFound):
            await unit.store.remove(file_id(1))
    with pytest.raises(FileNotFound):
        await world.reader.get(file_id(1))


async def test_a_removed_file_is_gone_and_cannot_be_removed_again(world: FileWorld) -> None:
    await keep(world, a_file(1))

    async with world.unit() as unit:
        await unit.store.remove(file_id(1))
        await unit.uow.commit()

    async with world.unit() as unit:
        with pytest.raises(FileNotFound):
            await unit.store.remove(file_id(1))


async def test_expired_files_are_removed_up_to_the_limit_and_no_others(world: FileWorld) -> None:
    expired = [a_file(number, expires_at=EPOCH - DAY * number) for number in (1, 2, 3)]
    await keep(world, *expired, a_file(4, expires_at=EPOCH + DAY), a_file(5))

    async with world.unit() as unit:
        first = await unit.store.remove_expired(EPOCH, 2)
        rest = await unit.store.remove_expired(EPOCH, 2)
        none = await unit.store.remove_expired(EPOCH, 2)
        await unit.uow.commit()

    assert sorted([*first, *rest], key=lambda file: file.id) == expired
    assert (len(first), len(rest), none) == (2, 1, [])
    assert [number for number, _ in await world.reader.keys_after(None, 10)] == [file_id(4), file_id(5)]


async def test_views_come_in_the_order_asked_for_without_what_is_gone(world: FileWorld) -> None:
    one, two = a_file(1), a_file(2, expires_at=EPOCH + DAY)
    await keep(world, one, two)

    views = await world.reader.views([two.id, file_id(9), one.id])

    assert views == [file_view(two, LINKS), file_view(one, LINKS)]


async def test_a_page_shows_the_owners_files_newest_first(world: FileWorld) -> None:
    mine = [a_file(number) for number in (1, 3, 5)]
    await keep(world, *mine, a_file(2, owner=BORIS))

    page = await world.reader.page_for(FileFilter(owner=ANNA), PageRequest(), EPOCH)

    assert page.items == [file_view(file, LINKS) for file in reversed(mine)]
    assert page.next_cursor is None


async def test_pages_follow_each_other_without_gap_or_overlap(world: FileWorld) -> None:
    await keep(world, *[a_file(number) for number in range(1, 8)])
    seen = []
    cursor = None
    while True:
        request = PageRequest(limit=3, before=cursor)
        page = await world.reader.page_for(FileFilter(owner=ANNA), request, EPOCH)
        seen.append([view.id for view in page.items])
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == [[file_id(7), file_id(6), file_id(5)], [file_id(4), file_id(3), file_id(2)], [file_id(1)]]


async def test_a_page_leaves_out_what_has_expired(world: FileWorld) -> None:
    await keep(world, a_file(1, expires_at=EPOCH), a_file(2, name="stays", expires_at=EPOCH + DAY))

    assert await names(world, FileFilter(owner=ANNA)) == ["stays"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("sun", ["Sunset.png"]),
        ("SET.P", ["Sunset.png"]),
        ("غروب", ["غروب دریا.png"]),
        ("100%", ["100%_sure.png"]),
        ("_s", ["100%_sure.png"]),
        ("\\", []),
        ("nowhere", []),
    ],
)
async def test_a_part_of_the_name_finds_files_taken_literally(world: FileWorld, q: str, found: list[str]) -> None:
    await keep(world, a_file(1, name="Sunset.png"), a_file(2, name="غروب دریا.png"), a_file(3, name="100%_sure.png"))

    assert await names(world, FileFilter(owner=ANNA, q=q)) == found


async def test_filters_hold_together(world: FileWorld) -> None:
    jpeg = an_inspection(MediaType.JPEG)
    await keep(
        world,
        a_file(1, name="a.png"),
        a_file(2, name="b.jpg", inspection=jpeg),
        a_file(3, name="c.jpg", inspection=jpeg, expires_at=EPOCH + DAY),
    )

    assert await names(world, FileFilter(owner=ANNA, mime_type=MediaType.JPEG)) == ["c.jpg", "b.jpg"]
    assert await names(world, FileFilter(owner=ANNA, temporary=True)) == ["c.jpg"]
    assert await names(world, FileFilter(owner=ANNA, temporary=False)) == ["b.jpg", "a.png"]
    assert await names(world, FileFilter(owner=ANNA, mime_type=MediaType.JPEG, temporary=False, q="B")) == ["b.jpg"]
    assert await names(world, FileFilter(owner=ANNA, mime_type=MediaType.GIF)) == []


async def test_known_keys_are_those_of_contents(world: FileWorld) -> None:
    file = a_file(1)
    await keep(world, file)

    known = await world.reader.known({file.key, BlobKey("uploads/00/nobody.png")})

    assert known == {file.key}
    assert await world.reader.known(set()) == set()


async def test_all_keys_are_walked_through_in_batches(world: FileWorld) -> None:
    files = [a_file(1), a_file(2, owner=BORIS, has_thumbnail=False), a_file(3)]
    await keep(world, *files)

    first = await world.reader.keys_after(None, 2)
    rest = await world.reader.keys_after(first[-1][0], 2)

    assert [(file_id, list(keys)) for file_id, keys in [*first, *rest]] == [
        (file.id, list(file.keys())) for file in files
    ]
    assert await world.reader.keys_after(file_id(3), 2) == []


@pytest.mark.parametrize("media_type", [MediaType.MP4, MediaType.WEBM])
async def test_how_long_a_video_plays_is_kept(world: FileWorld, media_type: MediaType) -> None:
    film = a_file(name="film", inspection=an_inspection(media_type))
    await keep(world, film)

    found = await world.reader.get(film.id)

    assert found == film
    assert found.inspection.footage == Footage(duration_ms=2_500, fps=24.0)
