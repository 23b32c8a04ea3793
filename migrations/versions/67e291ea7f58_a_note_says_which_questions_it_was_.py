"""a note says which questions it was written for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "67e291ea7f58"
down_revision = "502d58d54ce3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; in place, because a table that is made anew would give its numbers a second time."""
    op.add_column("group_note", sa.Column("answers", sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    """Go back."""
    op.drop_column("group_note", "answers")
