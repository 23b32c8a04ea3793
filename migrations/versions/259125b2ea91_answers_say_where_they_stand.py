"""answers say where they stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "259125b2ea91"
down_revision = "5b0c7e41d9a2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "answer_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=True),
        sa.Column("ref", sa.String(length=120), nullable=True),
        sa.Column("call", sa.Text(), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_message")),
        sa.UniqueConstraint("key", name=op.f("uq_answer_message_key")),
    )
    with op.batch_alter_table("answer_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_message_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_message_owner"), ["owner"], unique=False)

    op.create_table(
        "answer_quote",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer_message.id"],
            name=op.f("fk_answer_quote_answer_id_answer_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", "note_id", "digest", name=op.f("pk_answer_quote")),
    )
    with op.batch_alter_table("answer_quote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_quote_note_id"), ["note_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("answer_quote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_quote_note_id"))

    op.drop_table("answer_quote")
    with op.batch_alter_table("answer_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_message_owner"))
        batch_op.drop_index(batch_op.f("ix_answer_message_at"))

    op.drop_table("answer_message")
