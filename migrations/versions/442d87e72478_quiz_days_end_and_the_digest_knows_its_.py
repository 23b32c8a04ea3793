"""quiz days end, and the digest knows its readers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "442d87e72478"
down_revision = "9bf267de8589"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "digest_reader",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_digest_reader_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_digest_reader_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "account_id", name=op.f("pk_digest_reader")),
    )
    with op.batch_alter_table("digest_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digest_reader_account_id"), ["account_id"], unique=False)

    with op.batch_alter_table("quiz_day", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("quiz_day", schema=None) as batch_op:
        batch_op.drop_column("ends_at")

    with op.batch_alter_table("digest_reader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_digest_reader_account_id"))

    op.drop_table("digest_reader")
