"""people can be forgotten: what they began and thanked for stays without them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7c3a91f04de2"
down_revision = "4fedc2ffb28d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))

    for table, column, on_delete in (("cohort", "created_by", "SET NULL"), ("thank", "giver_id", "SET NULL")):
        _refer(table, column, on_delete, nullable=True)


def downgrade() -> None:
    """Go back; thanks of who was forgotten go, and their groups have been created by whoever came first."""
    op.execute("DELETE FROM thank WHERE giver_id IS NULL")
    op.execute("UPDATE cohort SET created_by = (SELECT MIN(id) FROM account) WHERE created_by IS NULL")
    for table, column, on_delete in (("cohort", "created_by", None), ("thank", "giver_id", "CASCADE")):
        _refer(table, column, on_delete, nullable=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("made_at")


def _refer(table: str, column: str, on_delete: str | None, *, nullable: bool) -> None:
    name = f"fk_{table}_{column}_account"
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column(column, existing_type=sa.Integer(), nullable=nullable)
        batch_op.drop_constraint(name, type_="foreignkey")
        batch_op.create_foreign_key(name, "account", [column], ["id"], ondelete=on_delete)
