"""members thank each other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "09a84ee53da5"
down_revision = "388a35b8c141"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "thank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_thank_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["account.id"], name=op.f("fk_thank_giver_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["account.id"], name=op.f("fk_thank_receiver_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thank")),
        sa.UniqueConstraint(
            "cohort_id", "giver_id", "receiver_id", "about", name=op.f("uq_thank_cohort_id_giver_id_receiver_id_about")
        ),
    )
    with op.batch_alter_table("thank", schema=None) as batch_op:
        batch_op.create_index("ix_thank_at", ["cohort_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_thank_giver_id"), ["giver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_thank_receiver_id"), ["receiver_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("thank", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thank_receiver_id"))
        batch_op.drop_index(batch_op.f("ix_thank_giver_id"))
        batch_op.drop_index("ix_thank_at")

    op.drop_table("thank")
