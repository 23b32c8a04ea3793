"""members are paired."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "09590d0a09b5"
down_revision = "4f1b7c60d8e2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "buddy_wish",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rests_from", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_buddy_wish_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_buddy_wish_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "account_id", name=op.f("pk_buddy_wish")),
    )
    with op.batch_alter_table("buddy_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_buddy_wish_account_id"), ["account_id"], unique=False)

    op.create_table(
        "pairing",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pairing_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_pairing_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "unit_id", "account_id", name=op.f("pk_pairing")),
    )
    with op.batch_alter_table("pairing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pairing_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("pairing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pairing_account_id"))

    op.drop_table("pairing")
    with op.batch_alter_table("buddy_wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_buddy_wish_account_id"))

    op.drop_table("buddy_wish")
