"""migrations are remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "82a6a50d14fd"
down_revision = "70c03e49d850"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "migration",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("follows", sa.String(length=32), nullable=True),
        sa.Column("is_additive", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("migration")
