"""members may have words instead of pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4fedc2ffb28d"
down_revision = "dbca83ce8a5b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sees_pictures", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("sees_pictures")
