"""A model drafts courses from material."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6ec8680555b1"
down_revision = "c4d81f20a6be"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "course_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_course_draft_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["own_roadmap.id"], name=op.f("fk_course_draft_course_id_own_roadmap"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["study_group.id"], name=op.f("fk_course_draft_group_id_study_group"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_course_draft_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_draft")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("course_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_draft_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_draft_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_draft_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_draft_made_at"), ["made_at"], unique=False)
        batch_op.create_index("ix_course_draft_state", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_course_draft_tenant_id"), ["tenant_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("course_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_draft_tenant_id"))
        batch_op.drop_index("ix_course_draft_state")
        batch_op.drop_index(batch_op.f("ix_course_draft_made_at"))
        batch_op.drop_index(batch_op.f("ix_course_draft_group_id"))
        batch_op.drop_index(batch_op.f("ix_course_draft_course_id"))
        batch_op.drop_index(batch_op.f("ix_course_draft_account_id"))

    op.drop_table("course_draft")
