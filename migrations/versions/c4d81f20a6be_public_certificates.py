"""Members have public links to certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c4d81f20a6be"
down_revision = "9e4c2a71b3d8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "certificate_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("course", sa.String(length=200), nullable=False),
        sa.Column("phase_id", sa.String(length=80), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_certificate_link_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["study_group.id"], name=op.f("fk_certificate_link_group_id_study_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_link")),
        sa.UniqueConstraint(
            "group_id", "account_id", "part", name=op.f("uq_certificate_link_group_id_account_id_part")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_certificate_link_key")),
    )
    with op.batch_alter_table("certificate_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_link_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table("certificate_link")
