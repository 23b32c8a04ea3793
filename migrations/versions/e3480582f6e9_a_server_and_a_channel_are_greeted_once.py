"""a server and a channel are greeted once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e3480582f6e9"
down_revision = "a3d94c07e5b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "hello",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hello")),
        sa.UniqueConstraint("platform", "tenant", "room", name=op.f("uq_hello_platform_tenant_room")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("hello")
