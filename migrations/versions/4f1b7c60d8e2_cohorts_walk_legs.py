"""cohorts walk legs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4f1b7c60d8e2"
down_revision = "092c0e85a20f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; cohorts that there are go on to the end of their roadmap without breaks."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_unit", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("has_breaks", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.alter_column("has_breaks", server_default=None)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("has_breaks")
        batch_op.drop_column("last_unit")
