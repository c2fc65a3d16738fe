"""Who sees a file, and what they see of it."""

from dataclasses import fields
from datetime import datetime

from pixie.application.files.file_link import FilePart
from pixie.application.files.ports import FileLinks
from pixie.application.files.views import FileMetadataView, FileView, Provenance
from pixie.application.kernel.caller import Caller
from pixie.domain.files.errors import FileNotFound
from pixie.domain.files.stored_file import StoredFile


def seen_by(caller: Caller, file: StoredFile, now: datetime) -> StoredFile:
    """The file again, for its owner and for admins, as long as it has not expired. Raises `FileNotFound`."""
    if not caller.may_see(file.owner) or file.expired(now):
        raise FileNotFound
    return file


def file_view(file: StoredFile, links: FileLinks) -> FileView:
    return FileView(
        id=file.id,
        original_name=file.name,
        mime_type=file.inspection.media_type.value,
        file_size=file.size,
        width=file.inspection.width,
        height=file.inspection.height,
        is_temporary=file.is_temporary,
        expires_at=file.expires_at,
        checksum_sha256=file.checksum,
        url=links.sign(file.id).url,
        thumbnail_url=links.sign(file.id, FilePart.THUMBNAIL).url if file.thumbnail else None,
        created_at=file.created_at,
    )


def metadata_view(file: StoredFile, links: FileLinks) -> FileMetadataView:
    shown = file_view(file, links)
    footage = file.inspection.footage
    return FileMetadataView(
        **{field.name: getattr(shown, field.name) for field in fields(shown)},
        format=file.inspection.format,
        has_alpha=file.inspection.has_alpha,
        frames=file.inspection.frames,
        duration_seconds=footage.duration_seconds if footage else None,
        fps=footage.fps if footage else None,
        dominant_color=file.inspection.dominant_color,
        blurhash=file.inspection.blurhash,
        exif=file.inspection.exif,
        provenance=None if file.job_id is None else Provenance(job_id=file.job_id),
    )
