"""rulings are lifted: a later row says so, and the same ruling may come again after it."""

from __future__ import annotations

from alembic import op

revision = "9d3f6c2a41b7"
down_revision = "7d40c2f1b6aa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("ruling", schema=None) as batch_op:
        batch_op.drop_constraint("uq_ruling_cohort_id_account_id_unit_id_kind", type_="unique")
        batch_op.create_index("ix_ruling_member", ["cohort_id", "account_id"])


def downgrade() -> None:
    """Go back; of rulings that came twice the first one stays."""
    op.execute(
        "DELETE FROM ruling WHERE id NOT IN (SELECT MIN(id) FROM ruling GROUP BY cohort_id, account_id, unit_id, kind)"
    )
    with op.batch_alter_table("ruling", schema=None) as batch_op:
        batch_op.drop_index("ix_ruling_member")
        batch_op.create_unique_constraint(
            "uq_ruling_cohort_id_account_id_unit_id_kind", ["cohort_id", "account_id", "unit_id", "kind"]
        )
