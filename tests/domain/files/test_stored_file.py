from datetime import timedelta

from tests.support.builders.files import a_file, file_id
from tests.support.fakes.kernel import EPOCH


def test_a_file_without_an_end_never_expires() -> None:
    file = a_file(expires_at=None)

    assert not file.is_temporary
    assert not file.expired(EPOCH + timedelta(days=10_000))


def test_a_temporary_file_expires_at_its_end() -> None:
    file = a_file(expires_at=EPOCH)

    assert file.is_temporary
    assert not file.expired(EPOCH - timedelta(microseconds=1))
    assert file.expired(EPOCH)


def test_a_deleted_file_names_all_its_blobs() -> None:
    file = a_file(1)

    event = file.deleted()

    assert event.topic == "files.file_deleted"
    assert event.file_id == file_id(1)
    assert event.keys == (file.key, f"{file.key}.thumbnail.webp")


def test_a_deleted_file_without_a_thumbnail_names_one_blob() -> None:
    file = a_file(1, has_thumbnail=False)

    assert file.deleted().keys == (file.key,)
