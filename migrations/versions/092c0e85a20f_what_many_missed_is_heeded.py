"""what many missed is heeded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "092c0e85a20f"
down_revision = "09a84ee53da5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "heeded",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_heeded_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "item_id", name=op.f("pk_heeded")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("heeded")
