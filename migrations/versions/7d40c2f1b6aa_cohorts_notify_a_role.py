"""cohorts notify a role."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7d40c2f1b6aa"
down_revision = "5c1e0a77d9b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notified_role", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("notified_role")
