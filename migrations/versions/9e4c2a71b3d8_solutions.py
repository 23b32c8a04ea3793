"""Members show solutions of exercises and give feedback on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9e4c2a71b3d8"
down_revision = "c41f8e2ab6d0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "solution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("picture_key", sa.String(length=24), nullable=True),
        sa.Column("seen_by", sa.String(length=8), nullable=False),
        sa.Column("in_closing", sa.Boolean(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_solution_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["study_group.id"], name=op.f("fk_solution_group_id_study_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solution")),
        sa.UniqueConstraint("group_id", "unit_id", "account_id", name=op.f("uq_solution_group_id_unit_id_account_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("solution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_solution_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_solution_picture_key", ["picture_key"], unique=False)

    op.create_table(
        "solution_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("solution_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("ticked", sa.String(length=1200), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_solution_feedback_author_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["solution_id"], ["solution.id"], name=op.f("fk_solution_feedback_solution_id_solution"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solution_feedback")),
        sa.UniqueConstraint("solution_id", "author_id", name=op.f("uq_solution_feedback_solution_id_author_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("solution_feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_solution_feedback_author_id"), ["author_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("solution_feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_solution_feedback_author_id"))

    op.drop_table("solution_feedback")
    with op.batch_alter_table("solution", schema=None) as batch_op:
        batch_op.drop_index("ix_solution_picture_key")
        batch_op.drop_index(batch_op.f("ix_solution_account_id"))

    op.drop_table("solution")
