"""what was answered comes back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "502d58d54ce3"
down_revision = "c48d1a224371"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; a question that was answered before has its card from its next answer on."""
    op.create_table(
        "quiz_card",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("roadmap_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_quiz_card_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "roadmap_id", "item_id", name=op.f("pk_quiz_card")),
    )
    with op.batch_alter_table("quiz_card", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_card_due", ["account_id", "due_at"], unique=False)

    op.create_table(
        "review_habit",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Time(), nullable=False),
        sa.Column("nudge", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_review_habit_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_review_habit")),
    )
    with op.batch_alter_table("review_habit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_habit_nudge"), ["nudge"], unique=False)

    with op.batch_alter_table("quiz_answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rating", sa.Integer(), server_default="3", nullable=False))
    op.execute("UPDATE quiz_answer SET rating = 1 WHERE NOT is_right")


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("quiz_answer", schema=None) as batch_op:
        batch_op.drop_column("rating")

    with op.batch_alter_table("review_habit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_habit_nudge"))

    op.drop_table("review_habit")
    with op.batch_alter_table("quiz_card", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_card_due")

    op.drop_table("quiz_card")
