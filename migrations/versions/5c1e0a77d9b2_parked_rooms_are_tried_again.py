"""parked rooms are tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5c1e0a77d9b2"
down_revision = "b354b917b480"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; rooms that are parked already have no next try, so they are tried at once."""
    op.add_column("parked_room", sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("parked_room", "next_try_at")
