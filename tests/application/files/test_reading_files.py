from datetime import timedelta
from uuid import UUID

import pytest

from pixie.application.files.file_filter import FileFilter
from pixie.application.files.link_file import LinkFileQuery
from pixie.application.files.list_files import ListFilesQuery
from pixie.application.files.show_file import ShowFileQuery
from pixie.application.files.views import Provenance
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.page import PageRequest
from pixie.domain.files.errors import FileNotFound, FilesNotFound
from pixie.domain.files.media import MediaType
from pixie.domain.kernel.ids import JobId, UserId
from pixie.domain.kernel.role import Role
from tests.support.builders.files import ANNA, BORIS, a_caller, a_file, an_inspection, file_id
from tests.support.fakes.kernel import EPOCH
from tests.support.file_house import FileHouse

A_JOB = UUID(int=5)


async def test_everything_known_of_a_file_is_shown_to_its_owner(house: FileHouse) -> None:
    house.keep(a_file(1, job_id=JobId(A_JOB)))

    view = await house.show(ShowFileQuery(caller=a_caller(ANNA), file_id=file_id(1)))

    assert (view.id, view.original_name, view.mime_type, view.format) == (file_id(1), "sunset.png", "image/png", "png")
    assert (view.width, view.height, view.has_alpha, view.frames) == (640, 480, False, 1)
    assert (view.dominant_color, view.blurhash) == ("#336699", "LEHV6nWB2yk8pyo0adR*.7kCMdnj")
    assert view.exif == {"iso": 100}
    assert view.provenance == Provenance(job_id=A_JOB)


async def test_an_upload_comes_from_no_job(house: FileHouse) -> None:
    house.keep(a_file(1))

    assert (await house.show(ShowFileQuery(caller=a_caller(ANNA), file_id=file_id(1)))).provenance is None


async def test_a_link_is_given_to_the_owner(house: FileHouse) -> None:
    house.keep(a_file(1))

    view = await house.link(LinkFileQuery(caller=a_caller(ANNA), file_id=file_id(1)))

    assert view.url == house.links.sign(file_id(1)).url
    assert view.expires_at > house.clock.now()


@pytest.mark.parametrize("caller", [a_caller(BORIS), a_caller(BORIS, Role.PREMIUM)])
async def test_nothing_is_shown_or_linked_to_somebody_else(house: FileHouse, caller: Caller) -> None:
    house.keep(a_file(1, owner=ANNA))

    with pytest.raises(FileNotFound):
        await house.show(ShowFileQuery(caller=caller, file_id=file_id(1)))
    with pytest.raises(FileNotFound):
        await house.link(LinkFileQuery(caller=caller, file_id=file_id(1)))


async def test_what_has_expired_is_not_shown(house: FileHouse) -> None:
    house.keep(a_file(1, expires_at=EPOCH))

    with pytest.raises(FileNotFound):
        await house.show(ShowFileQuery(caller=a_caller(ANNA), file_id=file_id(1)))


def a_list_for(caller: Caller, owner: UserId) -> ListFilesQuery:
    return ListFilesQuery(caller=caller, wanted=FileFilter(owner=owner), page=PageRequest())


async def test_a_list_shows_ones_own_files_without_what_has_expired(house: FileHouse) -> None:
    house.keep(a_file(1), a_file(2, expires_at=EPOCH), a_file(3, owner=BORIS))
    house.keep(a_file(4, expires_at=EPOCH + timedelta(hours=1)))

    page = await house.list_files(a_list_for(a_caller(ANNA), ANNA))

    assert [view.id for view in page.items] == [file_id(4), file_id(1)]


async def test_an_admin_sees_the_list_of_anybody(house: FileHouse) -> None:
    house.keep(a_file(1, owner=ANNA))

    page = await house.list_files(a_list_for(a_caller(BORIS, Role.ADMIN), ANNA))

    assert [view.id for view in page.items] == [file_id(1)]


async def test_nobody_else_learns_whether_there_are_any(house: FileHouse) -> None:
    with pytest.raises(FilesNotFound):
        await house.list_files(a_list_for(a_caller(BORIS), ANNA))


async def test_of_a_video_it_is_told_how_long_it_plays(house: FileHouse) -> None:
    house.keep(a_file(1, inspection=an_inspection(MediaType.MP4)), a_file(2))

    film = await house.show(ShowFileQuery(caller=a_caller(ANNA), file_id=file_id(1)))
    picture = await house.show(ShowFileQuery(caller=a_caller(ANNA), file_id=file_id(2)))

    assert (film.mime_type, film.format, film.duration_seconds, film.fps) == ("video/mp4", "mp4", 2.5, 24.0)
    assert (picture.duration_seconds, picture.fps) == (None, None)
