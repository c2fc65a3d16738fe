from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from pixie.adapters.kernel.schema import id_column, metadata, moment, one_of
from pixie.domain.jobs.job import JobStatus
from pixie.domain.jobs.model_card import JobType

ai_models = Table(
    "ai_models",
    metadata,
    id_column(),
    Column("name", String(100), nullable=False, unique=True),
    Column("provider", String(50), nullable=False),
    Column("model_type", String(50), nullable=False),
    Column("title", String(100), nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("parameters", JSONB, nullable=False, server_default=text("'{}'")),
    Column("pricing", JSONB, nullable=False, server_default=text("'{}'")),
    Column("credits_per_use", Integer, nullable=False, server_default="1"),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
    moment("updated_at"),
    one_of("model_type", JobType),
    CheckConstraint("credits_per_use >= 0", name="credits_per_use"),
)

ai_jobs = Table(
    "ai_jobs",
    metadata,
    id_column(),
    Column("user_id", UUID(as_uuid=True), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    # A project that goes leaves the jobs made for it.
    Column("project_id", UUID(as_uuid=True), ForeignKey("projects.id", ondelete="SET NULL"), nullable=True, index=True),
    Column("job_type", String(50), nullable=False),
    Column("status", String(50), nullable=False, server_default="pending"),
    Column("provider", String(50), nullable=False),
    Column("model_name", String(100), nullable=False),
    Column("queue", String(50), nullable=False),
    Column("input_data", JSONB, nullable=False),
    Column("output_data", JSONB, nullable=True),
    Column("error_code", String(100), nullable=True),
    Column("error_message", Text, nullable=True),
    Column("error_retryable", Boolean, nullable=True),
    Column("progress", Integer, nullable=False, server_default="0"),
    Column("credits_reserved", Integer, nullable=False),
    Column("credits_used", Integer, nullable=False, server_default="0"),
    Column("cached", Boolean, nullable=False, server_default=text("false")),
    # Grows by one with every change; it numbers the events that clients see.
    Column("version", Integer, nullable=False, server_default="1"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # How often a worker died with this job in its hands.
    Column("deaths", Integer, nullable=False, server_default="0"),
    # Grows by one with every claim; a worker whose number is not the newest may not write.
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("leased", Boolean, nullable=False, server_default=text("false")),
    # The provider's name for the running request.
    Column("ticket", JSONB, nullable=True),
    # When a worker is next to look at this job: at once, after a back-off, after a poll's pause, or when a lease runs
    # out.
    moment("due_at"),
    # When a message last said so.
    moment("hinted_at", nullable=True),
    # Changes of state, for whoever looks into the job afterwards.
    Column("history", JSONB, nullable=False, server_default=text("'[]'")),
    Column("processing_time_ms", Integer, nullable=True),
    moment("created_at"),
    moment("updated_at"),
    moment("started_at", nullable=True),
    moment("completed_at", nullable=True),
    one_of("status", JobStatus),
    one_of("job_type", JobType),
    CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
    CheckConstraint("credits_used BETWEEN 0 AND credits_reserved", name="credits"),
    CheckConstraint("(completed_at IS NULL) = (status IN ('pending', 'processing'))", name="completed_when_final"),
    Index("idx_ai_jobs_user_id", "user_id", "id"),
    Index("idx_ai_jobs_status", "status", "created_at"),
    Index("idx_ai_jobs_created_at", "created_at"),
    Index("ix_ai_jobs_due_at", "due_at", postgresql_where=text("status IN ('pending', 'processing')")),
)

usage_tracking = Table(
    "usage_tracking",
    metadata,
    id_column(),
    # Billing rows outlive the user, without saying whose they were.
    Column("user_id", UUID(as_uuid=True), ForeignKey("users.id", ondelete="SET NULL"), nullable=True),
    Column("job_id", UUID(as_uuid=True), nullable=False, unique=True),
    Column("action_type", String(50), nullable=False),
    Column("provider", String(50), nullable=False),
    Column("model_name", String(100), nullable=False),
    Column("credits_used", Integer, nullable=False),
    Column("metadata", JSONB, nullable=False, server_default=text("'{}'")),
    moment("created_at"),
    one_of("action_type", JobType),
    CheckConstraint("credits_used >= 0", name="credits_used"),
    Index("idx_usage_tracking_user_id", "user_id", "created_at"),
    Index("idx_usage_tracking_created_at", "created_at"),
)
