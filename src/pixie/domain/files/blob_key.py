"""Where the bytes of files lie. A key is a relative path that no user has any say in."""

import re
from typing import Final, NewType

from pixie.domain.files.media import MediaType
from pixie.domain.kernel.ids import FileId, JobId

BlobKey = NewType("BlobKey", str)

ROOTS: Final = ("uploads", "outputs")
"""All that Pixie keeps lies below one of these."""

_SAFE: Final = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)+")
_THUMBNAIL: Final = ".thumbnail.webp"


def upload_key(file_id: FileId, media_type: MediaType) -> BlobKey:
    """The folder is named by the id's end: a UUIDv7 begins with the time, which would put a year's files together."""
    return BlobKey(f"uploads/{file_id.hex[-2:]}/{file_id}{media_type.extension}")


def output_key(job_id: JobId, fence: int, index: int, media_type: MediaType) -> BlobKey:
    """A place for each claim of a job: a worker that was overtaken cannot overwrite what its successor stored."""
    return BlobKey(f"outputs/{job_id.hex[-2:]}/{job_id}/{fence}-{index}{media_type.extension}")


def thumbnail_key(file_key: BlobKey) -> BlobKey:
    return BlobKey(f"{file_key}{_THUMBNAIL}")


def file_key_of(key: BlobKey) -> BlobKey:
    """The key of the file that a blob belongs to: itself, or the file that it is a thumbnail of."""
    return BlobKey(key.removesuffix(_THUMBNAIL))


def is_key(path: str) -> bool:
    return _SAFE.fullmatch(path) is not None and ".." not in path


def checked(key: str) -> BlobKey:
    """Raises ValueError for what could lead out of the store."""
    if not is_key(key):
        raise ValueError(f"{key!r} is no blob key")
    return BlobKey(key)
