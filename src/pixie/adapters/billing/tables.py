from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from pixie.adapters.kernel.schema import id_column, metadata, moment, one_of

subscription_plans = Table(
    "subscription_plans",
    metadata,
    id_column(),
    Column("name", String(100), nullable=False),
    Column("description", Text, nullable=True),
    Column("price_monthly", Numeric(10, 2), nullable=True),
    Column("price_yearly", Numeric(10, 2), nullable=True),
    Column("credits_per_month", Integer, nullable=True),
    Column("features", JSONB, nullable=False, server_default=text("'{}'")),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
    UniqueConstraint("name"),
    CheckConstraint("price_monthly >= 0 AND price_yearly >= 0", name="prices"),
    CheckConstraint("credits_per_month >= 0", name="credits_per_month"),
)

user_subscriptions = Table(
    "user_subscriptions",
    metadata,
    id_column(),
    # Billing rows outlive the user, without saying whose they were.
    Column("user_id", UUID(as_uuid=True), ForeignKey("users.id", ondelete="SET NULL"), nullable=True, index=True),
    Column("plan_id", UUID(as_uuid=True), ForeignKey("subscription_plans.id"), nullable=False, index=True),
    Column("status", String(50), nullable=False, server_default="active"),
    moment("current_period_start", default_now=False),
    moment("current_period_end", default_now=False),
    Column("stripe_subscription_id", String(255), nullable=True, unique=True),
    moment("created_at"),
    moment("updated_at"),
    one_of("status", ("active", "cancelled", "expired")),
    CheckConstraint("current_period_start < current_period_end", name="period"),
    # At most one live subscription a person.
    Index("uq_user_subscriptions_live", "user_id", unique=True, postgresql_where=text("status = 'active'")),
)
