"""a conversation is kept for an hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ad407a245992"
down_revision = "6e0b94c2d8a1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "exchange",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("chain", sa.String(length=8), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=64), nullable=False),
        sa.Column("begins", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.String(length=500), nullable=False),
        sa.Column("answered", sa.String(length=600), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_exchange_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
        sa.UniqueConstraint("key", name=op.f("uq_exchange_key")),
    )
    with op.batch_alter_table("exchange", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exchange_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_exchange_chain"), ["chain"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_exchange_platform_tenant_room_thread"),
            ["platform", "tenant", "room", "thread"],
            unique=False,
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("exchange", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_platform_tenant_room_thread"))
        batch_op.drop_index(batch_op.f("ix_exchange_chain"))
        batch_op.drop_index(batch_op.f("ix_exchange_at"))
        batch_op.drop_index(batch_op.f("ix_exchange_account_id"))

    op.drop_table("exchange")
