"""corrections of check-ins outlive who made them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a6d2b8e4109f"
down_revision = "442d87e72478"
branch_labels = None
depends_on = None

_NAME = "fk_checkin_change_author_id_account"


def upgrade() -> None:
    """Go forward."""
    _refer("SET NULL", nullable=True)


def downgrade() -> None:
    """Go back; what nobody is known to have changed counts as changed by the member."""
    op.execute(
        "UPDATE checkin_change SET author_id = (SELECT account_id FROM checkin WHERE checkin.id = checkin_id) "
        "WHERE author_id IS NULL"
    )
    _refer("CASCADE", nullable=False)


def _refer(on_delete: str, *, nullable: bool) -> None:
    with op.batch_alter_table("checkin_change", schema=None) as batch_op:
        batch_op.alter_column("author_id", existing_type=sa.Integer(), nullable=nullable)
        batch_op.drop_constraint(_NAME, type_="foreignkey")
        batch_op.create_foreign_key(_NAME, "account", ["author_id"], ["id"], ondelete=on_delete)
