"""cohorts are found by tenant and grants by what they name."""

from __future__ import annotations

from alembic import op

revision = "05b77311d54e"
down_revision = "259125b2ea91"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.create_index("ix_cohort_tenant_id", ["tenant_id"], unique=False)

    with op.batch_alter_table("cohort_moderator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_moderator_grant"), ["grant"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("cohort_moderator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cohort_moderator_grant"))

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_index("ix_cohort_tenant_id")
