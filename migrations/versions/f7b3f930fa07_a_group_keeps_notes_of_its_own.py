"""a group keeps notes of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "f7b3f930fa07"
down_revision = "9bf596b87aad"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "group_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("indexed_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_group_note_added_by_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_group_note_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_group_note_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_note")),
        sa.UniqueConstraint("cohort_id", "key", name=op.f("uq_group_note_cohort_id_key")),
    )
    with op.batch_alter_table("group_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_note_added_by"), ["added_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_note_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_note_indexed_by"), ["indexed_by"], unique=False)

    op.create_table(
        "group_note_row",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary().with_variant(postgresql.ARRAY(sa.REAL()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["group_note.id"], name=op.f("fk_group_note_row_note_id_group_note"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", "at", name=op.f("pk_group_note_row")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("group_note_row")
    with op.batch_alter_table("group_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_note_indexed_by"))
        batch_op.drop_index(batch_op.f("ix_group_note_author_id"))
        batch_op.drop_index(batch_op.f("ix_group_note_added_by"))

    op.drop_table("group_note")
