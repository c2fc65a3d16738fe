from datetime import timedelta
from pathlib import Path

import pytest

from pixie.application.files.staged_file import StagedFile
from pixie.application.files.upload_file import UploadFileCommand
from pixie.application.files.views import FileView
from pixie.application.kernel.errors import AlreadyAnswered, IdempotencyKeyReused
from pixie.application.kernel.ports import IdempotencyKey
from pixie.domain.files.errors import InvalidImage, StorageUnavailable
from pixie.domain.files.media import MediaType
from pixie.domain.kernel.ids import FileId
from tests.support.builders.files import ANNA, a_caller, a_staged_file, an_inspection
from tests.support.fakes.kernel import EPOCH
from tests.support.file_house import FileHouse


@pytest.fixture
def staged(tmp_path: Path) -> StagedFile:
    return a_staged_file(tmp_path, b"the bytes of a picture", checksum="ab" * 32)


def a_key(fingerprint: bytes = b"same", key: str = "k") -> IdempotencyKey:
    return IdempotencyKey(scope=str(ANNA), key=key, fingerprint=fingerprint)


async def upload(
    house: FileHouse,
    staged: StagedFile,
    name: str | None = "sunset.png",
    *,
    is_temporary: bool = False,
    key: IdempotencyKey | None = None,
) -> FileView:
    command = UploadFileCommand(
        caller=a_caller(ANNA), content=staged, name=name, is_temporary=is_temporary, idempotency=key
    )
    return await house.upload(command)


async def test_an_upload_is_kept_with_its_thumbnail_under_what_its_content_says(
    house: FileHouse, staged: StagedFile
) -> None:
    house.inspector.finds = an_inspection(MediaType.JPEG, width=800, height=600)

    view = await upload(house, staged, "sunset.png")

    file = house.shelf.rows[FileId(view.id)]
    assert (file.owner, file.created_at, file.job_id) == (ANNA, EPOCH, None)
    assert file.key == f"uploads/{str(view.id)[-2:]}/{view.id}.jpg"
    assert house.blobs.blobs == {file.key: b"the bytes of a picture", f"{file.key}.thumbnail.webp": b"small"}
    assert house.blobs.media_types == {file.key: MediaType.JPEG, f"{file.key}.thumbnail.webp": MediaType.WEBP}
    assert house.uow.commits == 1


async def test_the_answer_says_what_was_kept(house: FileHouse, staged: StagedFile) -> None:
    house.inspector.finds = an_inspection(MediaType.JPEG, width=800, height=600)

    view = await upload(house, staged, "sunset.png")

    assert view == FileView(
        id=view.id,
        original_name="sunset.png",
        mime_type="image/jpeg",
        file_size=22,
        width=800,
        height=600,
        is_temporary=False,
        expires_at=None,
        checksum_sha256="ab" * 32,
        url=house.links.sign(FileId(view.id)).url,
        thumbnail_url=view.thumbnail_url,
        created_at=EPOCH,
    )
    assert view.thumbnail_url is not None
    assert f"{view.id}/thumbnail?" in view.thumbnail_url


async def test_a_name_is_cleaned_and_a_missing_one_made_up(house: FileHouse, staged: StagedFile) -> None:
    assert (await upload(house, staged, "../../e\u202evil\0.png")).original_name == "evil .png"
    assert (await upload(house, staged, None)).original_name == "file.png"


async def test_a_temporary_upload_ends_after_a_day(house: FileHouse, staged: StagedFile) -> None:
    view = await upload(house, staged, is_temporary=True)

    assert (view.is_temporary, view.expires_at) == (True, EPOCH + timedelta(days=1))


async def test_of_a_picture_that_is_refused_nothing_is_kept(house: FileHouse, staged: StagedFile) -> None:
    house.inspector.finds = InvalidImage("it ends too early")

    with pytest.raises(InvalidImage):
        await upload(house, staged)

    assert (house.blobs.blobs, house.shelf.rows, house.uow.commits) == ({}, {}, 0)


async def test_when_the_storage_is_down_no_row_is_kept(house: FileHouse, staged: StagedFile) -> None:
    house.blobs.down = True

    with pytest.raises(StorageUnavailable):
        await upload(house, staged)

    assert (house.shelf.rows, house.uow.commits) == ({}, 0)


async def test_a_storage_that_kept_less_than_it_was_given_is_not_believed(house: FileHouse, tmp_path: Path) -> None:
    longer = a_staged_file(tmp_path, b"short")
    longer = StagedFile(path=longer.path, thumbnail_path=longer.thumbnail_path, size=6, checksum=longer.checksum)

    with pytest.raises(StorageUnavailable):
        await upload(house, longer)

    assert house.shelf.rows == {}


async def test_the_same_upload_again_is_answered_from_memory_without_any_work(
    house: FileHouse, staged: StagedFile
) -> None:
    view = await upload(house, staged, key=a_key())

    with pytest.raises(AlreadyAnswered) as answered:
        await upload(house, staged, key=a_key())

    assert str(view.id).encode() in answered.value.body
    assert len(house.inspector.inspected) == 1
    assert len(house.shelf.rows) == 1


async def test_another_upload_under_the_same_key_is_refused(house: FileHouse, staged: StagedFile) -> None:
    await upload(house, staged, key=a_key(b"one"))

    with pytest.raises(IdempotencyKeyReused):
        await upload(house, staged, key=a_key(b"other"))

    assert len(house.shelf.rows) == 1


async def test_no_transaction_is_held_while_the_picture_is_inspected(house: FileHouse, staged: StagedFile) -> None:
    await upload(house, staged, key=a_key())

    assert house.uow.rollbacks == 1  # after the first look at the key
