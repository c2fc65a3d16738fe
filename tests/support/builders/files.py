from datetime import datetime
from pathlib import Path
from uuid import UUID

from pixie.application.files.staged_file import StagedFile
from pixie.application.kernel.caller import Caller
from pixie.domain.files.blob_key import BlobKey, thumbnail_key, upload_key
from pixie.domain.files.media import Footage, Inspection, MediaType
from pixie.domain.files.stored_file import StoredFile, Thumbnail
from pixie.domain.kernel.ids import FileId, JobId, SessionId, UserId
from pixie.domain.kernel.json import JsonObject
from pixie.domain.kernel.role import Role
from tests.support.fakes.kernel import EPOCH

ANNA = UserId(UUID("0192aaaa-0000-7000-8000-00000000000a"))
BORIS = UserId(UUID("0192bbbb-0000-7000-8000-00000000000b"))


def file_id(number: int) -> FileId:
    return FileId(UUID(f"0192ffff-0000-7000-8000-{number:012d}"))


def a_caller(user: UserId = ANNA, role: Role = Role.USER) -> Caller:
    return Caller(user_id=user, session_id=SessionId(UUID(int=7)), role=role)


def an_inspection(
    media_type: MediaType = MediaType.PNG,
    *,
    width: int = 640,
    height: int = 480,
    exif: JsonObject | None = None,
) -> Inspection:
    return Inspection(
        media_type=media_type,
        width=width,
        height=height,
        has_alpha=False,
        frames=1,
        dominant_color="#336699",
        blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj",
        exif={"iso": 100} if exif is None else exif,
        footage=Footage(duration_ms=2_500, fps=24.0) if media_type.is_video else None,
    )


def a_file(
    number: int = 1,
    *,
    owner: UserId = ANNA,
    name: str = "sunset.png",
    key: BlobKey | None = None,
    size: int = 1000,
    checksum: str = "ab" * 32,
    inspection: Inspection | None = None,
    has_thumbnail: bool = True,
    created_at: datetime = EPOCH,
    expires_at: datetime | None = None,
    job_id: JobId | None = None,
) -> StoredFile:
    picture = inspection or an_inspection()
    key = key or upload_key(file_id(number), picture.media_type)
    return StoredFile(
        id=file_id(number),
        owner=owner,
        name=name,
        key=key,
        size=size,
        checksum=checksum,
        inspection=picture,
        thumbnail=Thumbnail(key=thumbnail_key(key), size=100) if has_thumbnail else None,
        created_at=created_at,
        expires_at=expires_at,
        job_id=job_id,
    )


def a_staged_file(folder: Path, content: bytes = b"the bytes of a picture", checksum: str = "cd" * 32) -> StagedFile:
    path = folder / "content"
    path.write_bytes(content)
    return StagedFile(path=path, thumbnail_path=folder / "thumbnail.webp", size=len(content), checksum=checksum)
