"""Who a row belongs to is an account id. It equals the user's id while the user exists, but is no foreign key: the
ledger outlives a deleted user, and then names nobody.
"""

from sqlalchemy import DDL, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, event, text
from sqlalchemy.dialects.postgresql import UUID

from pixie.adapters.credits import ddl
from pixie.adapters.kernel.schema import id_column, metadata, moment, one_of

credit_accounts = Table(
    "credit_accounts",
    metadata,
    id_column(),
    # Both are sums over the account's entries, kept at hand; `pixie credits verify` compares them.
    Column("available", Integer, nullable=False, server_default="0"),
    Column("held", Integer, nullable=False, server_default="0"),
    moment("created_at"),
    CheckConstraint("available >= 0", name="available_not_negative"),
    CheckConstraint("held >= 0", name="held_not_negative"),
)

credit_lots = Table(
    "credit_lots",
    metadata,
    id_column(),
    Column("account_id", UUID(as_uuid=True), ForeignKey("credit_accounts.id"), nullable=False),
    Column("source", String(20), nullable=False),
    # What made this lot, e.g. `welcome` or a payment's id: the same cause never grants twice.
    Column("cause", String(100), nullable=False),
    Column("granted", Integer, nullable=False),
    Column("available", Integer, nullable=False),
    Column("held", Integer, nullable=False, server_default="0"),
    moment("expires_at", nullable=True),
    moment("created_at"),
    CheckConstraint("granted > 0", name="granted_positive"),
    CheckConstraint("available >= 0 AND held >= 0 AND available + held <= granted", name="amounts"),
    one_of("source", ("welcome", "plan", "purchase", "adjustment")),
    Index("uq_credit_lots_account_id_cause", "account_id", "cause", unique=True),
    Index("ix_credit_lots_open", "account_id", postgresql_where=text("available > 0 OR held > 0")),
    Index("ix_credit_lots_expiring", "expires_at", postgresql_where=text("available > 0 AND expires_at IS NOT NULL")),
)

credit_holds = Table(
    "credit_holds",
    metadata,
    id_column(),
    Column("account_id", UUID(as_uuid=True), ForeignKey("credit_accounts.id"), nullable=False, index=True),
    Column("amount", Integer, nullable=False),
    Column("captured", Integer, nullable=False, server_default="0"),
    Column("status", String(20), nullable=False, server_default="held"),
    moment("created_at"),
    moment("settled_at", nullable=True),
    CheckConstraint("amount >= 0 AND captured >= 0 AND captured <= amount", name="amounts"),
    CheckConstraint("(status = 'held') = (settled_at IS NULL)", name="settled"),
    one_of("status", ("held", "captured", "released")),
    Index("ix_credit_holds_open", "created_at", postgresql_where=text("status = 'held'")),
)

credit_entries = Table(
    "credit_entries",
    metadata,
    id_column(),
    Column("account_id", UUID(as_uuid=True), ForeignKey("credit_accounts.id"), nullable=False),
    Column("lot_id", UUID(as_uuid=True), ForeignKey("credit_lots.id"), nullable=False, index=True),
    Column("hold_id", UUID(as_uuid=True), ForeignKey("credit_holds.id"), nullable=True),
    Column("kind", String(20), nullable=False),
    Column("available_delta", Integer, nullable=False),
    Column("held_delta", Integer, nullable=False),
    Column("note", String(200), nullable=False, server_default=""),
    moment("created_at"),
    one_of("kind", ("grant", "hold", "capture", "release", "expire", "adjust")),
    CheckConstraint("available_delta <> 0 OR held_delta <> 0", name="moves_something"),
    Index("ix_credit_entries_account_id_id", "account_id", "id"),
    Index("ix_credit_entries_hold_id", "hold_id", postgresql_where=text("hold_id IS NOT NULL")),
)


def _ddl(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy left it without types


for _statement in ddl.CREATE:
    event.listen(credit_entries, "after_create", _ddl(_statement))
event.listen(credit_entries, "after_drop", _ddl(ddl.DROP_APPEND_ONLY_FUNCTION))
