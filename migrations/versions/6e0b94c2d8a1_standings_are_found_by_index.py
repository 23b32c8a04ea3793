"""everybody has a standing, to be settled where it was not kept; boards and counts read it by index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6e0b94c2d8a1"
down_revision = "2c8e5a91d7f4"
branch_labels = None
depends_on = None

TABLE = "member_standing"
COUNTS = ["cohort_id", "is_in", "basis", "is_resting", "outcome"]
BY_NAME = ["cohort_id", "is_in", "name_key", "account_id"]
FADING = sa.text("fading <> ''")
POINTS = ("season_points", "phase_points", "unit_points")
BLANKS = """
INSERT INTO member_standing (
    cohort_id, account_id, basis, is_in, is_shown, has_alias, name, name_key, season_points, phase_points, unit_points,
    outcome, outcome_before, streak, best_streak, freezes_held, kept_towards_freeze, freezes_spent_on, fading,
    is_resting
)
SELECT
    m.cohort_id, m.account_id, '', m.left_at IS NULL, m.is_shown, m.alias <> '', '', '', 0, 0, 0,
    '', '', 0, 0, 0, 0, '', '',
    FALSE
FROM membership m
WHERE NOT EXISTS (SELECT 1 FROM member_standing s WHERE s.cohort_id = m.cohort_id AND s.account_id = m.account_id)
"""

WAKE = "UPDATE cohort SET wake_at = confirmed_at WHERE wake_at IS NOT NULL"
"""The schedule looks at every cohort at its next tick, and settles it, instead of when something is due there."""


def upgrade() -> None:
    """Go forward."""
    op.drop_index("ix_member_standing_counts", table_name=TABLE)
    op.create_index("ix_member_standing_counts", TABLE, [*COUNTS, "name_key", "account_id", "outcome_before"])
    op.create_index("ix_member_standing_alias", TABLE, ["cohort_id", "has_alias"])
    op.create_index("ix_member_standing_fading", TABLE, BY_NAME, sqlite_where=FADING, postgresql_where=FADING)
    for points in POINTS:
        _rank(points, sa.text(f"{points} DESC"))
    op.execute(BLANKS)
    op.execute(WAKE)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_member_standing_fading", table_name=TABLE)
    op.drop_index("ix_member_standing_alias", table_name=TABLE)
    op.drop_index("ix_member_standing_counts", table_name=TABLE)
    op.create_index("ix_member_standing_counts", TABLE, COUNTS)
    for points in POINTS:
        _rank(points, points)


def _rank(points: str, by: str | sa.TextClause) -> None:
    op.drop_index(f"ix_member_standing_{points}", table_name=TABLE)
    columns = ["cohort_id", "is_in", "is_shown", by, "name_key", "account_id"]
    op.create_index(f"ix_member_standing_{points}", TABLE, columns)
