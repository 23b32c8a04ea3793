"""a lease says what it is done with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b0c7e41d9a2"
down_revision = "1e329eac9c9f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("lease", schema=None) as batch_op:
        batch_op.add_column(sa.Column("line", sa.String(length=400), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("lease", schema=None) as batch_op:
        batch_op.drop_column("line")
