from datetime import timedelta

import pytest

from pixie.application.files.delete_file import DeleteFileCommand
from pixie.application.files.remove_blobs import RemoveBlobs, RemoveBlobsCommand
from pixie.application.files.sweep_expired_files import BATCH
from pixie.application.files.sweep_staging import SweepStaging
from pixie.domain.files.errors import FileNotFound, StorageUnavailable
from pixie.domain.kernel.role import Role
from tests.support.builders.files import ANNA, BORIS, a_caller, a_file, file_id
from tests.support.fakes.kernel import EPOCH
from tests.support.file_house import FileHouse

DAY = timedelta(days=1)


async def test_a_deleted_file_is_gone_and_its_blobs_are_announced_to_follow(house: FileHouse) -> None:
    file = a_file(1)
    house.keep(file)

    await house.delete(DeleteFileCommand(caller=a_caller(ANNA), file_id=file.id))

    assert house.shelf.rows == {}
    assert house.outbox.events == [file.deleted()]
    assert house.uow.commits == 1
    assert set(house.blobs.blobs) == set(file.keys())  # not yet: the row goes first


async def test_a_file_deleted_twice_is_not_found_the_second_time(house: FileHouse) -> None:
    house.keep(a_file(1))
    await house.delete(DeleteFileCommand(caller=a_caller(ANNA), file_id=file_id(1)))

    with pytest.raises(FileNotFound):
        await house.delete(DeleteFileCommand(caller=a_caller(ANNA), file_id=file_id(1)))

    assert len(house.outbox.events) == 1


async def test_nobody_deletes_the_file_of_somebody_else_but_an_admin(house: FileHouse) -> None:
    house.keep(a_file(1, owner=ANNA))
    with pytest.raises(FileNotFound):
        await house.delete(DeleteFileCommand(caller=a_caller(BORIS), file_id=file_id(1)))
    assert file_id(1) in house.shelf.rows

    await house.delete(DeleteFileCommand(caller=a_caller(BORIS, Role.ADMIN), file_id=file_id(1)))
    assert house.shelf.rows == {}


async def test_the_blobs_of_a_deleted_file_are_removed_however_often_that_is_said(house: FileHouse) -> None:
    file, other = a_file(1), a_file(2)
    house.keep(file, other)
    command = RemoveBlobsCommand(keys=file.deleted().keys)

    await RemoveBlobs(blobs=house.blobs)(command)
    await RemoveBlobs(blobs=house.blobs)(command)

    assert set(house.blobs.blobs) == set(other.keys())


async def test_a_storage_that_is_down_is_told_of_so_that_it_is_tried_again(house: FileHouse) -> None:
    house.blobs.down = True

    with pytest.raises(StorageUnavailable):
        await RemoveBlobs(blobs=house.blobs)(RemoveBlobsCommand(keys=["uploads/a/b.png"]))


async def test_expired_files_are_swept_and_announced(house: FileHouse) -> None:
    expired = [a_file(number, expires_at=EPOCH - DAY) for number in (1, 2)]
    house.keep(*expired, a_file(3), a_file(4, expires_at=EPOCH + DAY))

    assert await house.sweep_expired() == 2

    assert set(house.shelf.rows) == {file_id(3), file_id(4)}
    assert house.outbox.events == [file.deleted() for file in expired]


async def test_many_expired_files_are_swept_in_batches_each_with_its_own_commit(house: FileHouse) -> None:
    house.keep(*[a_file(number, expires_at=EPOCH) for number in range(1, 2 * BATCH + 2)])

    assert await house.sweep_expired() == 2 * BATCH + 1

    assert house.uow.commits == 3
    assert house.shelf.rows == {}


async def test_a_sweep_with_nothing_to_do_does_nothing(house: FileHouse) -> None:
    assert await house.sweep_expired() == 0
    assert await SweepStaging(staging=house.staging, blobs=house.blobs)() == 0
    assert house.outbox.events == []
