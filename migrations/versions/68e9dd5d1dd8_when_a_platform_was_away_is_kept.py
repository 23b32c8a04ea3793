"""when a platform was away is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "68e9dd5d1dd8"
down_revision = "5b1d0c7e9a42"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "platform_beat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_beat")),
        sa.UniqueConstraint("platform", name=op.f("uq_platform_beat_platform")),
    )
    op.create_table(
        "platform_outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_outage")),
        sa.UniqueConstraint("platform", "from_at", name=op.f("uq_platform_outage_platform_from_at")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("platform_outage")
    op.drop_table("platform_beat")
