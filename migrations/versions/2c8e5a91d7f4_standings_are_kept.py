"""standings are kept; the schedule computes them for cohorts that were there before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c8e5a91d7f4"
down_revision = "7d2f90b3c4e1"
branch_labels = None
depends_on = None

TABLE = "member_standing"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        TABLE,
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("is_in", sa.Boolean(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("has_alias", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "name_key",
            sa.String(length=240).with_variant(sa.String(length=240, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("season_points", sa.Integer(), nullable=False),
        sa.Column("phase_points", sa.Integer(), nullable=False),
        sa.Column("unit_points", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("outcome_before", sa.String(length=8), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("best_streak", sa.Integer(), nullable=False),
        sa.Column("freezes_held", sa.Integer(), nullable=False),
        sa.Column("kept_towards_freeze", sa.Integer(), nullable=False),
        sa.Column("freezes_spent_on", sa.Text(), nullable=False),
        sa.Column("fading", sa.String(length=200), nullable=False),
        sa.Column("is_resting", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_member_standing_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_member_standing_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "account_id", name=op.f("pk_member_standing")),
    )
    op.create_index("ix_member_standing_account_id", TABLE, ["account_id"])
    op.create_index("ix_member_standing_counts", TABLE, ["cohort_id", "is_in", "basis", "is_resting", "outcome"])
    for points in ("season_points", "phase_points", "unit_points"):
        ranked = ["cohort_id", "is_in", "is_shown", points, "name_key", "account_id"]
        op.create_index(f"ix_member_standing_{points}", TABLE, ranked)
    op.drop_index("ix_membership_cohort", table_name="membership")
    op.create_index("ix_membership_cohort", "membership", ["cohort_id", "left_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_membership_cohort", table_name="membership")
    op.create_index("ix_membership_cohort", "membership", ["cohort_id"])
    op.drop_table(TABLE)
