"""a note keeps its number for good: no other note gets it when it is gone."""

from __future__ import annotations

from alembic import op

revision = "a3d94c07e5b8"
down_revision = "f7d04cdf7b0b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; PostgreSQL's sequences never give a number twice."""
    _recreate(never_again=True)


def downgrade() -> None:
    """Go back."""
    _recreate(never_again=False)


def _recreate(*, never_again: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    with op.batch_alter_table("group_note", recreate="always", table_kwargs={"sqlite_autoincrement": never_again}):
        pass
