from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from pixie.adapters.kernel.schema import id_column, metadata, moment

files = Table(
    "files",
    metadata,
    id_column(),
    Column("user_id", UUID(as_uuid=True), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("original_name", String(255), nullable=False),
    Column("file_path", Text, nullable=False, unique=True),
    Column("thumbnail_path", Text, nullable=True),
    Column("file_size", BigInteger, nullable=False),
    Column("mime_type", String(100), nullable=False),
    Column("width", Integer, nullable=True),
    Column("height", Integer, nullable=True),
    Column("has_alpha", Boolean, nullable=True),
    Column("frames", Integer, nullable=True),
    Column("dominant_color", String(7), nullable=True),
    Column("blurhash", String(100), nullable=True),
    Column("exif", JSONB, nullable=False, server_default=text("'{}'")),
    Column("checksum_sha256", String(64), nullable=False),
    # Which job painted it; no foreign key, since a purged job leaves its pictures behind.
    Column("job_id", UUID(as_uuid=True), nullable=True),
    Column("is_temporary", Boolean, nullable=False, server_default=text("false")),
    moment("expires_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    CheckConstraint("file_size > 0", name="file_size"),
    CheckConstraint("width > 0 AND height > 0", name="dimensions"),
    CheckConstraint("NOT is_temporary OR expires_at IS NOT NULL", name="temporary_expires"),
    Index("idx_files_user_id", "user_id", "id"),
    Index("idx_files_expires_at", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
    Index("idx_files_job_id", "job_id", postgresql_where=text("job_id IS NOT NULL")),
)
