"""live hours are planned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c4a14974235c"
down_revision = "67e291ea7f58"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "live_hour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_live_hour_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_live_hour_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["account.id"], name=op.f("fk_live_hour_host_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_hour")),
    )
    with op.batch_alter_table("live_hour", schema=None) as batch_op:
        batch_op.create_index("ix_live_hour_cohort", ["cohort_id", "starts_at"], unique=False)

    op.create_table(
        "live_hour_host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_live_hour_host_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_live_hour_host_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_hour_host")),
        sa.UniqueConstraint("cohort_id", "account_id", name=op.f("uq_live_hour_host_cohort_id_account_id")),
    )
    with op.batch_alter_table("live_hour_host", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_live_hour_host_account_id"), ["account_id"], unique=False)

    op.create_table(
        "live_hour_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hour_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("says", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_live_hour_answer_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hour_id"], ["live_hour.id"], name=op.f("fk_live_hour_answer_hour_id_live_hour"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_hour_answer")),
        sa.UniqueConstraint("hour_id", "account_id", name=op.f("uq_live_hour_answer_hour_id_account_id")),
    )
    with op.batch_alter_table("live_hour_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_live_hour_answer_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("live_hour_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_live_hour_answer_account_id"))

    op.drop_table("live_hour_answer")
    with op.batch_alter_table("live_hour_host", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_live_hour_host_account_id"))

    op.drop_table("live_hour_host")
    with op.batch_alter_table("live_hour", schema=None) as batch_op:
        batch_op.drop_index("ix_live_hour_cohort")

    op.drop_table("live_hour")
