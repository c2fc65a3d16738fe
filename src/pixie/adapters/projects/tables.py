from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from pixie.adapters.kernel.schema import id_column, metadata, moment, one_of

projects = Table(
    "projects",
    metadata,
    id_column(),
    Column("user_id", UUID(as_uuid=True), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(255), nullable=False),
    Column("description", Text, nullable=True),
    Column("thumbnail_url", Text, nullable=True),
    Column("is_public", Boolean, nullable=False, server_default=text("false")),
    Column("settings", JSONB, nullable=False, server_default=text("'{}'")),
    moment("created_at"),
    moment("updated_at"),
    Index("idx_projects_user_id", "user_id", "id"),
)

project_assets = Table(
    "project_assets",
    metadata,
    id_column(),
    Column("project_id", UUID(as_uuid=True), ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("file_id", UUID(as_uuid=True), ForeignKey("files.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("asset_type", String(50), nullable=False),
    Column("metadata", JSONB, nullable=False, server_default=text("'{}'")),
    moment("created_at"),
    one_of("asset_type", ("input", "output", "reference")),
    Index("idx_project_assets_project_id", "project_id", "id"),
)
