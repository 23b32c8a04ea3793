"""a server keeps roadmaps of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c48d1a224371"
down_revision = "7b61c7d2b1f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "own_roadmap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("outline", sa.Text(), nullable=False),
        sa.Column("yaml", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_own_roadmap_added_by_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_own_roadmap_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_roadmap")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("own_roadmap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_roadmap_added_by"), ["added_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_own_roadmap_tenant_id"), ["tenant_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("own_roadmap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_own_roadmap_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_own_roadmap_added_by"))

    op.drop_table("own_roadmap")
