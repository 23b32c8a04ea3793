"""a unit begins with a warm-up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "52dfca30a6b6"
down_revision = "c4a14974235c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "warm_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("roadmap_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_warm_up_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warm_up")),
        sa.UniqueConstraint("cohort_id", "unit_id", name=op.f("uq_warm_up_cohort_id_unit_id")),
    )
    with op.batch_alter_table("quiz_answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("warm_up_id", sa.Integer(), nullable=True))
        batch_op.create_index("uq_quiz_answer_warm_up", ["warm_up_id", "account_id"], unique=True)
        batch_op.create_foreign_key(
            batch_op.f("fk_quiz_answer_warm_up_id_warm_up"), "warm_up", ["warm_up_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("quiz_answer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_quiz_answer_warm_up_id_warm_up"), type_="foreignkey")
        batch_op.drop_index("uq_quiz_answer_warm_up")
        batch_op.drop_column("warm_up_id")

    op.drop_table("warm_up")
