"""a unit keeps how many kept it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6b6cd86cf9db"
down_revision = "93e58f706bad"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("counted_for", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_column("counted_for")
        batch_op.drop_column("kept")
