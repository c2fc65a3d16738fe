from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, SmallInteger, String, Table
from sqlalchemy.dialects.postgresql import JSONB

from pixie.adapters.kernel.schema import id_column, metadata, moment

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    Column("topic", String(100), nullable=False),
    Column("subscriber", String(100), nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    moment("created_at"),
    moment("due_at"),
    Index("ix_outbox_due_at", "due_at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("scope", String(100), nullable=False),
    Column("key_hash", LargeBinary, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=True),
    Column("sealed_body", LargeBinary, nullable=False),
    moment("created_at"),
    moment("expires_at", default_now=False),
    PrimaryKeyConstraint("scope", "key_hash"),
    Index("ix_idempotency_keys_expires_at", "expires_at"),
)
