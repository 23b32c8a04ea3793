"""a season leaves its pace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "111340161ed8"
down_revision = "db0090d000d3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "pace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("finishers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_pace_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pace")),
        sa.UniqueConstraint("cohort_id", "unit_id", name=op.f("uq_pace_cohort_id_unit_id")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("pace")
