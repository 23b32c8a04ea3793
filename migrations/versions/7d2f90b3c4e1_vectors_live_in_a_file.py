"""the notes' vectors live in a file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7d2f90b3c4e1"
down_revision = "9d3f6c2a41b7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; what the table held is computed again."""
    op.drop_table("passage_vector")


def downgrade() -> None:
    """Go back to an empty table."""
    op.create_table(
        "passage_vector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage_vector")),
        sa.UniqueConstraint("hash", "model", name=op.f("uq_passage_vector_hash_model")),
    )
