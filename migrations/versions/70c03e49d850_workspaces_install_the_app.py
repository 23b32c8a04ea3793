"""workspaces install the app."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "70c03e49d850"
down_revision = "f6e54fffb5e8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "install",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("bot_user", sa.String(length=64), nullable=False),
        sa.Column("bot_id", sa.String(length=64), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_install")),
        sa.UniqueConstraint("platform", "tenant", name=op.f("uq_install_platform_tenant")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("install")
