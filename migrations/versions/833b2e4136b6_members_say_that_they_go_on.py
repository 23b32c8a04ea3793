"""members say that they go on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "833b2e4136b6"
down_revision = "8e8ce95fb9e3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "onward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_onward_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_onward_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onward")),
        sa.UniqueConstraint("cohort_id", "unit_id", "account_id", name=op.f("uq_onward_cohort_id_unit_id_account_id")),
    )
    with op.batch_alter_table("onward", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_onward_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("onward", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_onward_account_id"))

    op.drop_table("onward")
