"""When a backup was put back is kept: what was due until then may have gone out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f6e54fffb5e8"
down_revision = "0e82d4d9e037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "restoration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restoration")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("restoration")
