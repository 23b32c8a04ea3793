"""moderators get a digest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8e8ce95fb9e3"
down_revision = "7eec3dd84568"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "kind_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_kind_word_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_kind_word_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_kind_word_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kind_word")),
    )
    with op.batch_alter_table("kind_word", schema=None) as batch_op:
        batch_op.create_index("ix_kind_word_account", ["account_id", "at"], unique=False)

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("has_digest", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("has_digest")

    with op.batch_alter_table("kind_word", schema=None) as batch_op:
        batch_op.drop_index("ix_kind_word_account")

    op.drop_table("kind_word")
