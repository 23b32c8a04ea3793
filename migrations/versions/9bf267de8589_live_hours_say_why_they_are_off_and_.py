"""live hours say why they are off, and groups turn warm-ups off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9bf267de8589"
down_revision = "7c3a91f04de2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("has_warm_ups", sa.Boolean(), server_default=sa.true(), nullable=False))

    with op.batch_alter_table("live_hour", schema=None) as batch_op:
        batch_op.add_column(sa.Column("has_host", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("cancelled_for", sa.String(length=200), nullable=True))
    op.execute("UPDATE live_hour SET has_host = true WHERE host_id IS NOT NULL")


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("live_hour", schema=None) as batch_op:
        batch_op.drop_column("cancelled_for")
        batch_op.drop_column("has_host")

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("has_warm_ups")
