"""members sign in to a dashboard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "dbca83ce8a5b"
down_revision = "5e1d0c9ab374"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "dashboard_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_dashboard_link_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_dashboard_link_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_link")),
        sa.UniqueConstraint("account_id", "tenant_id", name=op.f("uq_dashboard_link_account_id_tenant_id")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_dashboard_link_key_hash")),
    )
    with op.batch_alter_table("dashboard_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dashboard_link_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dashboard_link_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "dashboard_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("seal_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_dashboard_visit_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_dashboard_visit_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_visit")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_dashboard_visit_key_hash")),
    )
    with op.batch_alter_table("dashboard_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dashboard_visit_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dashboard_visit_began_at"), ["began_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dashboard_visit_seen_at"), ["seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dashboard_visit_tenant_id"), ["tenant_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("dashboard_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dashboard_visit_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_dashboard_visit_seen_at"))
        batch_op.drop_index(batch_op.f("ix_dashboard_visit_began_at"))
        batch_op.drop_index(batch_op.f("ix_dashboard_visit_account_id"))

    op.drop_table("dashboard_visit")
    with op.batch_alter_table("dashboard_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dashboard_link_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_dashboard_link_expires_at"))

    op.drop_table("dashboard_link")
