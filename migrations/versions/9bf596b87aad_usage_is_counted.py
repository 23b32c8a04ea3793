"""usage is counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9bf596b87aad"
down_revision = "ad407a245992"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "usage_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_usage_day_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_usage_day_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_day")),
    )
    with op.batch_alter_table("usage_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usage_day_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_usage_day_group", ["cohort_id", "day"], unique=False)

    op.create_table(
        "usage_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_usage_hold_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_usage_hold_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_hold")),
    )
    with op.batch_alter_table("usage_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usage_hold_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_usage_hold_group", ["cohort_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("usage_hold", schema=None) as batch_op:
        batch_op.drop_index("ix_usage_hold_group")
        batch_op.drop_index(batch_op.f("ix_usage_hold_account_id"))

    op.drop_table("usage_hold")
    with op.batch_alter_table("usage_day", schema=None) as batch_op:
        batch_op.drop_index("ix_usage_day_group")
        batch_op.drop_index(batch_op.f("ix_usage_day_account_id"))

    op.drop_table("usage_day")
