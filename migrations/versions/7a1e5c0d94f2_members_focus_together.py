"""Members study at the same time in focus sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7a1e5c0d94f2"
down_revision = "5b1d0c7ea942"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "focus_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=True),
        sa.Column("voice", sa.String(length=80), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["study_group.id"], name=op.f("fk_focus_session_group_id_study_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focus_session")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("focus_session", schema=None) as batch_op:
        batch_op.create_index("ix_focus_session_group", ["group_id", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_focus_session_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "focus_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_checked_in", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_focus_time_account_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["focus_session.id"],
            name=op.f("fk_focus_time_session_id_focus_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focus_time")),
    )
    with op.batch_alter_table("focus_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_focus_time_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_focus_time_session_id"), ["session_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table("focus_time")
    op.drop_table("focus_session")
