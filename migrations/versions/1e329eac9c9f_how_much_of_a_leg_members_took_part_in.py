"""how much of a leg members took part in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1e329eac9c9f"
down_revision = "b7c41f0d2e95"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("member_standing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leg_part", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("member_standing", schema=None) as batch_op:
        batch_op.drop_column("leg_part")
