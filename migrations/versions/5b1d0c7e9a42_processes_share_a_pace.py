"""processes share a pace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b1d0c7e9a42"
down_revision = "82a6a50d14fd"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "bucket",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bucket")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("bucket")
