"""what processes should have alike is compared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7fe560ba66c8"
down_revision = "05b77311d54e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marks", sa.Text(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.drop_column("marks")
