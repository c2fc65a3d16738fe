"""Files as rows."""

from pixie.adapters.kernel.database import Row
from pixie.domain.files.blob_key import BlobKey
from pixie.domain.files.media import Footage, Inspection, MediaType
from pixie.domain.files.stored_file import StoredFile, Thumbnail

COLUMNS = (
    "id, user_id, original_name, file_path, thumbnail_path, thumbnail_size, file_size, mime_type, width, height,"
    " has_alpha, frames, dominant_color, blurhash, exif, checksum_sha256, job_id, is_temporary, expires_at, created_at,"
    " duration_ms, fps"
)


def to_row(file: StoredFile) -> tuple[object, ...]:
    """In the order of `COLUMNS`."""
    picture = file.inspection
    return (
        file.id,
        file.owner,
        file.name,
        file.key,
        file.thumbnail.key if file.thumbnail else None,
        file.thumbnail.size if file.thumbnail else None,
        file.size,
        picture.media_type.value,
        picture.width,
        picture.height,
        picture.has_alpha,
        picture.frames,
        picture.dominant_color,
        picture.blurhash,
        picture.exif,
        file.checksum,
        file.job_id,
        file.is_temporary,
        file.expires_at,
        file.created_at,
        picture.footage.duration_ms if picture.footage else None,
        picture.footage.fps if picture.footage else None,
    )


def to_domain(row: Row) -> StoredFile:
    thumbnail = row["thumbnail_path"]
    return StoredFile(
        id=row["id"],
        owner=row["user_id"],
        name=row["original_name"],
        key=BlobKey(row["file_path"]),
        size=row["file_size"],
        checksum=row["checksum_sha256"],
        inspection=Inspection(
            media_type=MediaType(row["mime_type"]),
            width=row["width"],
            height=row["height"],
            has_alpha=row["has_alpha"],
            frames=row["frames"],
            dominant_color=row["dominant_color"],
            blurhash=row["blurhash"],
            exif=row["exif"],
            footage=None if row["fps"] is None else Footage(duration_ms=row["duration_ms"], fps=row["fps"]),
        ),
        thumbnail=None if thumbnail is None else Thumbnail(key=BlobKey(thumbnail), size=row["thumbnail_size"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        job_id=row["job_id"],
    )
