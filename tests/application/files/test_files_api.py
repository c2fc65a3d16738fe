from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from pixie.application.files.api import FileFacts, JobOutput, Making
from pixie.application.files.showing import file_view
from pixie.domain.files.errors import FileNotFound, FileTooLarge, InvalidImage, StorageUnavailable, UnsupportedMediaType
from pixie.domain.files.media import MediaType
from pixie.domain.kernel.ids import JobId
from pixie.domain.kernel.role import Role
from tests.support.builders.files import ANNA, BORIS, a_caller, a_file, an_inspection, file_id
from tests.support.fakes.kernel import EPOCH
from tests.support.file_house import FileHouse
from tests.support.pictures import written

JOB = JobId(UUID("0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f5a6"))
SHA_OF_ZEROS = "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53"  # of 1000 of them


def an_output(path: Path, index: int = 0, name: str = "sketch-1") -> JobOutput:
    return JobOutput(job_id=JOB, fence=3, index=index, owner=ANNA, path=path, name=name)


async def test_facts_of_a_file_are_told_to_who_may_see_it(house: FileHouse) -> None:
    house.keep(a_file(1))
    facts = FileFacts(id=file_id(1), media_type="image/png", width=640, height=480, size=1000)

    assert await house.api.readable(file_id(1), a_caller(ANNA)) == facts
    assert await house.api.readable(file_id(1), a_caller(BORIS, Role.ADMIN)) == facts
    with pytest.raises(FileNotFound):
        await house.api.readable(file_id(1), a_caller(BORIS))


async def test_an_expired_file_is_no_input(house: FileHouse) -> None:
    house.keep(a_file(1, expires_at=EPOCH))

    with pytest.raises(FileNotFound):
        await house.api.readable(file_id(1), a_caller(ANNA))


async def test_the_bytes_are_fetched_to_a_local_file(house: FileHouse, tmp_path: Path) -> None:
    house.keep(a_file(1, checksum=SHA_OF_ZEROS))

    facts = await house.api.fetch(file_id(1), tmp_path / "image")

    assert (tmp_path / "image").read_bytes() == bytes(1000)
    assert facts.size == 1000
    assert house.blobs.open_readers == 0


async def test_bytes_that_are_not_the_right_ones_are_not_worked_with(house: FileHouse, tmp_path: Path) -> None:
    house.keep(a_file(1, checksum="ab" * 32))

    with pytest.raises(StorageUnavailable):
        await house.api.fetch(file_id(1), tmp_path / "image")


async def test_a_file_deleted_meanwhile_cannot_be_fetched(house: FileHouse, tmp_path: Path) -> None:
    with pytest.raises(FileNotFound):
        await house.api.fetch(file_id(1), tmp_path / "image")


async def test_an_output_is_inspected_and_kept_but_seen_by_nobody(house: FileHouse, tmp_path: Path) -> None:
    house.inspector.finds = an_inspection(MediaType.WEBP)

    staged = await house.api.store_output(an_output(written(tmp_path, b"painted")))

    key = f"outputs/a6/{JOB}/3-0.webp"
    assert house.blobs.blobs == {key: b"painted", f"{key}.thumbnail.webp": b"small"}
    assert (staged.file.name, staged.file.owner, staged.file.job_id) == ("sketch-1.webp", ANNA, JOB)
    assert staged.facts.media_type == "image/webp"
    assert (house.shelf.rows, house.uow.commits) == ({}, 0)


async def test_adopted_outputs_become_files_in_the_callers_unit_of_work(house: FileHouse, tmp_path: Path) -> None:
    path = written(tmp_path, b"painted")
    staged = [await house.api.store_output(an_output(path, index)) for index in range(2)]

    adopted = await house.api.adopt(staged)

    assert adopted == [output.file.id for output in staged]
    assert list(house.shelf.rows) == adopted
    assert house.uow.commits == 0


async def test_an_output_stored_again_takes_the_place_of_the_first(house: FileHouse, tmp_path: Path) -> None:
    await house.api.store_output(an_output(written(tmp_path, b"first attempt")))
    await house.api.store_output(an_output(written(tmp_path, b"second")))

    assert house.blobs.blobs[f"outputs/a6/{JOB}/3-0.png"] == b"second"
    assert len(house.blobs.blobs) == 2


async def test_an_output_that_is_no_good_is_not_kept(house: FileHouse, tmp_path: Path) -> None:
    house.inspector.finds = InvalidImage("it is a web page")

    with pytest.raises(InvalidImage):
        await house.api.store_output(an_output(written(tmp_path, b"<html>")))

    assert house.blobs.blobs == {}


async def test_an_output_that_is_too_large_is_not_looked_at(house: FileHouse, tmp_path: Path) -> None:
    house.limits = type(house.limits)(max_output_bytes=6)

    with pytest.raises(FileTooLarge):
        await house.api.store_output(an_output(written(tmp_path, b"painted")))

    assert house.inspector.inspected == []


async def test_views_come_in_the_order_asked_for(house: FileHouse) -> None:
    one, two = a_file(1), a_file(2, expires_at=EPOCH + timedelta(days=1))
    house.keep(one, two)

    views = await house.api.views([two.id, file_id(3), one.id])

    assert views == [file_view(two, house.links), file_view(one, house.links)]


async def test_of_a_job_that_makes_a_video_a_video_is_taken(house: FileHouse, tmp_path: Path) -> None:
    house.inspector.finds = an_inspection(MediaType.MP4)

    staged = await house.api.store_output(
        replace(an_output(written(tmp_path, b"filmed"), name="motion-1"), making=Making.VIDEO)
    )

    key = f"outputs/a6/{JOB}/3-0.mp4"
    assert house.blobs.blobs == {key: b"filmed", f"{key}.thumbnail.webp": b"small"}
    assert house.blobs.media_types[key] is MediaType.MP4
    assert staged.file.name == "motion-1.mp4"
    assert not staged.facts.is_picture


@pytest.mark.parametrize(
    ("found", "making"), [(MediaType.MP4, Making.PICTURE), (MediaType.PNG, Making.VIDEO)], ids=["video", "picture"]
)
async def test_a_job_makes_what_it_was_to_make_and_nothing_else(
    found: MediaType, making: Making, house: FileHouse, tmp_path: Path
) -> None:
    house.inspector.finds = an_inspection(found)

    with pytest.raises(UnsupportedMediaType):
        await house.api.store_output(replace(an_output(written(tmp_path, b"something")), making=making))

    assert house.blobs.blobs == {}
