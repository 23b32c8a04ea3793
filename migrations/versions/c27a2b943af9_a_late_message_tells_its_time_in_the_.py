"""a late message tells its time in the zone of its place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c27a2b943af9"
down_revision = "9418b27cdbe4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("zone", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("zone")
