from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.files import blob_key
from pixie.domain.files.blob_key import BlobKey
from pixie.domain.files.media import MediaType
from pixie.domain.kernel.ids import FileId, JobId

AN_ID = UUID("0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f5a6")


def test_an_upload_lies_in_a_folder_named_by_the_random_end_of_its_id() -> None:
    assert blob_key.upload_key(FileId(AN_ID), MediaType.JPEG) == f"uploads/a6/{AN_ID}.jpg"


def test_an_output_lies_where_an_earlier_attempt_put_it() -> None:
    assert blob_key.output_key(JobId(AN_ID), 3, 0, MediaType.PNG) == f"outputs/a6/{AN_ID}/3-0.png"


def test_a_thumbnail_lies_beside_its_file_and_leads_back_to_it() -> None:
    key = blob_key.upload_key(FileId(AN_ID), MediaType.JPEG)
    thumbnail = blob_key.thumbnail_key(key)

    assert thumbnail == f"uploads/a6/{AN_ID}.jpg.thumbnail.webp"
    assert blob_key.file_key_of(thumbnail) == key
    assert blob_key.file_key_of(key) == key


@given(st.uuids(), st.sampled_from(MediaType), st.integers(0, 100))
def test_every_key_pixie_makes_is_a_key(any_id: UUID, media_type: MediaType, index: int) -> None:
    for key in (
        blob_key.upload_key(FileId(any_id), media_type),
        blob_key.output_key(JobId(any_id), 1, index, media_type),
    ):
        assert blob_key.is_key(key)
        assert blob_key.is_key(blob_key.thumbnail_key(key))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "uploads",
        "/etc/passwd",
        "uploads/../secrets.json",
        "uploads/a/..",
        "../uploads/a",
        "uploads//a",
        "uploads/a/",
        "uploads/./a",
        "uploads/.hidden",
        "uploads/a\\b",
        "uploads/a\n",
        "uploads/a\0",
        "uploads/A",
        "uploads/ä",
        "~/a",
    ],
)
def test_what_could_lead_elsewhere_is_no_key(path: str) -> None:
    assert not blob_key.is_key(path)
    with pytest.raises(ValueError, match="no blob key"):
        blob_key.checked(BlobKey(path))
