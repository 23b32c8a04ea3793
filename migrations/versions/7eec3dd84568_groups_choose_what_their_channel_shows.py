"""groups choose what their channel shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7eec3dd84568"
down_revision = "09590d0a09b5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel_shows", sa.String(length=8), server_default="board", nullable=False))

    with op.batch_alter_table("member_standing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leg_kept", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sees_board", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("sees_board")

    with op.batch_alter_table("member_standing", schema=None) as batch_op:
        batch_op.drop_column("leg_kept")

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("channel_shows")
