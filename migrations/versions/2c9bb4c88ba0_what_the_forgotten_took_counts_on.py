"""what the forgotten took counts on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c9bb4c88ba0"
down_revision = "c27a2b943af9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "usage_left",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_usage_left_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_left")),
    )
    with op.batch_alter_table("usage_left", schema=None) as batch_op:
        batch_op.create_index("ix_usage_left_group", ["cohort_id", "day"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("usage_left", schema=None) as batch_op:
        batch_op.drop_index("ix_usage_left_group")

    op.drop_table("usage_left")
