"""a message names the event that queued it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2e9d8cb5a577"
down_revision = "68e9dd5d1dd8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("event_id", sa.String(length=12), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("event_id")
