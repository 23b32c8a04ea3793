"""a day with a quiz may earn a point."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "388a35b8c141"
down_revision = "52dfca30a6b6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "quiz_day",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_quiz_day_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_quiz_day_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "cohort_id", "day", name=op.f("pk_quiz_day")),
    )
    with op.batch_alter_table("quiz_day", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_day_member", ["cohort_id", "account_id"], unique=False)

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("has_quiz_points", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("has_quiz_points")

    with op.batch_alter_table("quiz_day", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_day_member")

    op.drop_table("quiz_day")
