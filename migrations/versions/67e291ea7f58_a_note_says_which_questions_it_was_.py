"""a note says which questions it was written for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "67e291ea7f58"
down_revision = "502d58d54ce3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("group_note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answers", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("group_note", schema=None) as batch_op:
        batch_op.drop_column("answers")
