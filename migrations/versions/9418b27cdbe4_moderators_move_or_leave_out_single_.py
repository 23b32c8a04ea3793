"""moderators move or leave out single units."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9418b27cdbe4"
down_revision = "6b6cd86cf9db"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "unit_plan",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_unit_plan_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "unit_id", name=op.f("pk_unit_plan")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("unit_plan")
