"""How long a video plays, and how many frames it shows in a second.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("files", sa.Column("duration_ms", sa.Integer(), nullable=True))
    op.add_column("files", sa.Column("fps", sa.Double(), nullable=True))
    op.create_check_constraint(
        op.f("ck_files_footage"), "files", "(duration_ms IS NULL) = (fps IS NULL) AND duration_ms > 0 AND fps > 0"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_files_footage"), "files", type_="check")
    op.drop_column("files", "fps")
    op.drop_column("files", "duration_ms")
