"""moderators leave a record; what was ruled so far stands on it once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5e1d0c9ab374"
down_revision = "111340161ed8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("command", sa.String(length=42), nullable=False),
        sa.Column("said", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"], ["account.id"], name=op.f("fk_deed_about_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_deed_account_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_deed_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_deed_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    with op.batch_alter_table("deed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deed_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deed_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deed_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index("ix_deed_tenant", ["tenant_id", "cohort_id", "id"], unique=False)
    op.execute(
        "INSERT INTO deed (tenant_id, cohort_id, account_id, about_id, command, said, reason, at) "
        "SELECT cohort.tenant_id, ruling.cohort_id, ruling.author_id, ruling.account_id, ruling.kind, "
        "'unit=' || ruling.unit_id, ruling.reason, ruling.made_at "
        "FROM ruling JOIN cohort ON cohort.id = ruling.cohort_id ORDER BY ruling.id"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("deed")
