"""A course and a note of a group keep their versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b1d0c7ea942"
down_revision = "082fdc95ff9b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "content_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_content_version_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["own_roadmap.id"], name=op.f("fk_content_version_course_id_own_roadmap"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["group_note.id"], name=op.f("fk_content_version_note_id_group_note"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_version")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("content_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_version_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_content_version_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index("ix_content_version_course", ["course_id", "id"], unique=False)
        batch_op.create_index("ix_content_version_note", ["note_id", "id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table("content_version")
