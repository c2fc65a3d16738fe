from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, String, Table, Text, text
from sqlalchemy.dialects.postgresql import INET, UUID

from pixie.adapters.kernel.schema import id_column, metadata, moment, one_of
from pixie.domain.kernel.role import Role

users = Table(
    "users",
    metadata,
    id_column(),
    Column("email", String(255), nullable=False),
    # What addresses are compared by: `email` without case, Unicode-normalised (see EmailAddress).
    Column("email_key", String(255), nullable=False, unique=True),
    Column("password_hash", String(255), nullable=True),
    Column("name", String(255), nullable=False),
    Column("avatar_url", Text, nullable=True),
    Column("role", String(20), nullable=False, server_default="user"),
    Column("subscription_type", String(50), nullable=False, server_default="free"),
    Column("locale", String(10), nullable=False, server_default="en"),
    Column("email_verified", Boolean, nullable=False, server_default=text("false")),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
    moment("updated_at"),
    moment("last_login", nullable=True),
    one_of("role", Role),
)

user_sessions = Table(
    "user_sessions",
    metadata,
    id_column(),
    Column("user_id", UUID(as_uuid=True), ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    # The refresh token that is valid now, as the hex of its SHA-256.
    Column("token_hash", String(255), nullable=False, unique=True),
    moment("expires_at", default_now=False),
    moment("absolute_expires_at", default_now=False),
    moment("created_at"),
    moment("last_seen_at"),
    moment("ended_at", nullable=True),
    Column("end_reason", String(50), nullable=True),
    Column("ip_address", INET, nullable=True),
    Column("user_agent", Text, nullable=True),
    Index("ix_user_sessions_expires_at", "expires_at"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column(
        "session_id", UUID(as_uuid=True), ForeignKey("user_sessions.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    moment("issued_at"),
    moment("spent_at", nullable=True),
)

stream_tickets = Table(
    "stream_tickets",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column(
        "session_id", UUID(as_uuid=True), ForeignKey("user_sessions.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    moment("expires_at", default_now=False),
    Index("ix_stream_tickets_expires_at", "expires_at"),
)
