"""cohorts give hints first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c41d7be02f95"
down_revision = "f7b3f930fa07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; cohorts that there are give hints as well."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("has_hints", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.alter_column("has_hints", server_default=None)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("has_hints")
