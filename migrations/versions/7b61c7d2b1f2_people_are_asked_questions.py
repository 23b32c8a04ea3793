"""people are asked questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7b61c7d2b1f2"
down_revision = "e3480582f6e9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "quiz_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("roadmap_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_quiz_attempt_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_quiz_attempt_cohort_id_cohort"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempt")),
    )
    with op.batch_alter_table("quiz_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_attempt_begun_at"), ["begun_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_quiz_attempt_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index("ix_quiz_attempt_open", ["account_id", "roadmap_id", "ended_at"], unique=False)

    op.create_table(
        "quiz_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("roadmap_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("given", sa.String(length=40), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_quiz_answer_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["quiz_attempt.id"],
            name=op.f("fk_quiz_answer_attempt_id_quiz_attempt"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_quiz_answer_cohort_id_cohort"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_answer")),
        sa.UniqueConstraint("attempt_id", "item_id", name=op.f("uq_quiz_answer_attempt_id_item_id")),
    )
    with op.batch_alter_table("quiz_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_answer_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index("ix_quiz_answer_item", ["account_id", "roadmap_id", "item_id"], unique=False)

    op.create_table(
        "quiz_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempt.id"], name=op.f("fk_quiz_item_attempt_id_quiz_attempt"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_item")),
        sa.UniqueConstraint("attempt_id", "place", name=op.f("uq_quiz_item_attempt_id_place")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("quiz_item")
    with op.batch_alter_table("quiz_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_answer_item")
        batch_op.drop_index(batch_op.f("ix_quiz_answer_cohort_id"))

    op.drop_table("quiz_answer")
    with op.batch_alter_table("quiz_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_attempt_open")
        batch_op.drop_index(batch_op.f("ix_quiz_attempt_cohort_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_attempt_begun_at"))

    op.drop_table("quiz_attempt")
