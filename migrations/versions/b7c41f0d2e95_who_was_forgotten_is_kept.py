"""who was forgotten is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7c41f0d2e95"
down_revision = "2e9d8cb5a577"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "forgotten_mark",
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("salt", "mark", name=op.f("pk_forgotten_mark")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("forgotten_mark")
