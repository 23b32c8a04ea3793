"""A group may have a weekly round of questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c41f8e2ab6d0"
down_revision = "7a1e5c0d94f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("study_group", schema=None) as batch_op:
        batch_op.add_column(sa.Column("has_weekly_round", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("study_group", schema=None) as batch_op:
        batch_op.drop_column("has_weekly_round")
