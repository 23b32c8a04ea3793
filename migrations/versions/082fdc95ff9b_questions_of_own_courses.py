"""Courses that a server added have quiz questions, and a note of a group may belong to a unit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "082fdc95ff9b"
down_revision = "c2d8f41b7e95"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "course_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("right_answer", sa.Text(), nullable=False),
        sa.Column("wrong_answers", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_course_question_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["own_roadmap.id"], name=op.f("fk_course_question_course_id_own_roadmap"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_course_question_decided_by_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["study_group.id"], name=op.f("fk_course_question_group_id_study_group"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_question")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("course_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_question_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_course_question_course", ["course_id", "state"], unique=False)
        batch_op.create_index("ix_course_question_decided_at", ["state", "decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_question_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_question_group_id"), ["group_id"], unique=False)

    with op.batch_alter_table("group_note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit_id", sa.String(length=40), server_default=sa.text("('')"), nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("group_note", schema=None) as batch_op:
        batch_op.drop_column("unit_id")

    with op.batch_alter_table("course_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_question_group_id"))
        batch_op.drop_index(batch_op.f("ix_course_question_decided_by"))
        batch_op.drop_index("ix_course_question_course")
        batch_op.drop_index(batch_op.f("ix_course_question_author_id"))

    op.drop_table("course_question")
