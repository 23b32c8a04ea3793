"""groups may want no pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "98e4c5f35421"
down_revision = "a6d2b8e4109f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("has_pictures", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("has_pictures")
