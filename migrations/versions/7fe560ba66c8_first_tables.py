"""The tables of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7fe560ba66c8"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915
    """Go forward."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("has_own_zone", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("sees_pictures", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("unreachable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("platform", "scope", "external_id", name=op.f("uq_account_platform_scope_external_id")),
    )
    op.create_table(
        "answer_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=True),
        sa.Column("ref", sa.String(length=120), nullable=True),
        sa.Column("call", sa.Text(), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_message")),
        sa.UniqueConstraint("key", name=op.f("uq_answer_message_key")),
    )
    op.create_index(op.f("ix_answer_message_at"), "answer_message", ["at"], unique=False)
    op.create_index(op.f("ix_answer_message_owner"), "answer_message", ["owner"], unique=False)

    op.create_table(
        "beat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat")),
    )
    op.create_table(
        "bucket",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bucket")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("reply", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_account_id"), "draft", ["account_id"], unique=False)
    op.create_index(op.f("ix_draft_expires_at"), "draft", ["expires_at"], unique=False)

    op.create_table(
        "feed_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=False),
        sa.Column("thread_title", sa.String(length=200), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("reply", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_message")),
        sa.UniqueConstraint("key", name=op.f("uq_feed_message_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_feed_message_room_thread_id"), "feed_message", ["room", "thread", "id"], unique=False)

    op.create_table(
        "forgotten_mark",
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("salt", "mark", name=op.f("pk_forgotten_mark")),
    )
    op.create_table(
        "hello",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hello")),
        sa.UniqueConstraint("platform", "tenant", "room", name=op.f("uq_hello_platform_tenant_room")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_key")),
    )
    op.create_index(op.f("ix_inbox_accepted_at"), "inbox", ["accepted_at"], unique=False)

    op.create_table(
        "install",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("bot_user", sa.String(length=64), nullable=False),
        sa.Column("bot_id", sa.String(length=64), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_install")),
        sa.UniqueConstraint("platform", "tenant", name=op.f("uq_install_platform_tenant")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "migration",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("follows", sa.String(length=32), nullable=True),
        sa.Column("is_additive", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )
    op.create_table(
        "outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
        sa.UniqueConstraint("from_at", name=op.f("uq_outage_from_at")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("tag", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=True),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("parent_key", sa.String(length=200), nullable=True),
        sa.Column("in_thread", sa.Boolean(), nullable=False),
        sa.Column("thread_title", sa.String(length=200), nullable=True),
        sa.Column("unless", sa.String(length=40), nullable=True),
        sa.Column("unless_args", sa.JSON(), nullable=False),
        sa.Column("reply", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("every_s", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_ref", sa.String(length=120), nullable=True),
        sa.Column("sent_thread", sa.String(length=120), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("event_id", sa.String(length=12), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_parent_key"), "outbox", ["parent_key"], unique=False)
    op.create_index(
        op.f("ix_outbox_platform_tenant_room_state"), "outbox", ["platform", "tenant", "room", "state"], unique=False
    )
    op.create_index(op.f("ix_outbox_state_due_at"), "outbox", ["state", "due_at"], unique=False)

    op.create_table(
        "parked_room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_room")),
        sa.UniqueConstraint("platform", "tenant", "room", name=op.f("uq_parked_room_platform_tenant_room")),
    )
    op.create_table(
        "platform_beat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_beat")),
        sa.UniqueConstraint("platform", name=op.f("uq_platform_beat_platform")),
    )
    op.create_table(
        "platform_outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_outage")),
        sa.UniqueConstraint("platform", "from_at", name=op.f("uq_platform_outage_platform_from_at")),
    )
    op.create_table(
        "process",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("roles", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("ready", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marks", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
    )
    op.create_table(
        "restoration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restoration")),
    )
    op.create_table(
        "tenant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("platform", "external_id", name=op.f("uq_tenant_platform_external_id")),
    )
    op.create_table(
        "answer_quote",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer_message.id"],
            name=op.f("fk_answer_quote_answer_id_answer_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", "note_id", "digest", name=op.f("pk_answer_quote")),
    )
    op.create_index(op.f("ix_answer_quote_note_id"), "answer_quote", ["note_id"], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_calendar_feed_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("account_id", name=op.f("uq_calendar_feed_account_id")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_calendar_feed_key_hash")),
    )
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("roadmap_id", sa.String(length=32), nullable=False),
        sa.Column("rhythm", sa.String(length=32), nullable=False),
        sa.Column("pace", sa.String(length=16), nullable=False),
        sa.Column("first_unit", sa.String(length=32), nullable=False),
        sa.Column("last_unit", sa.String(length=32), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_reminders", sa.Boolean(), nullable=False),
        sa.Column("has_breaks", sa.Boolean(), nullable=False),
        sa.Column("has_hints", sa.Boolean(), nullable=False),
        sa.Column("has_warm_ups", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("has_pictures", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("has_quiz_points", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("channel_shows", sa.String(length=8), server_default="board", nullable=False),
        sa.Column("has_digest", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("notified_role", sa.String(length=64), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("wake_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look", sa.String(length=16), nullable=True),
        sa.Column("end_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_cohort_created_by_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_cohort_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
    )
    op.create_index("ix_cohort_tenant_id", "cohort", ["tenant_id"], unique=False)
    op.create_index("ix_cohort_wake_at", "cohort", ["wake_at"], unique=False)
    op.create_index(
        "uq_cohort_room",
        "cohort",
        ["tenant_id", "room"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "dashboard_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_dashboard_link_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_dashboard_link_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_link")),
        sa.UniqueConstraint("account_id", "tenant_id", name=op.f("uq_dashboard_link_account_id_tenant_id")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_dashboard_link_key_hash")),
    )
    op.create_index(op.f("ix_dashboard_link_expires_at"), "dashboard_link", ["expires_at"], unique=False)
    op.create_index(op.f("ix_dashboard_link_tenant_id"), "dashboard_link", ["tenant_id"], unique=False)

    op.create_table(
        "dashboard_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("seal_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_dashboard_visit_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_dashboard_visit_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_visit")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_dashboard_visit_key_hash")),
    )
    op.create_index(op.f("ix_dashboard_visit_account_id"), "dashboard_visit", ["account_id"], unique=False)
    op.create_index(op.f("ix_dashboard_visit_began_at"), "dashboard_visit", ["began_at"], unique=False)
    op.create_index(op.f("ix_dashboard_visit_seen_at"), "dashboard_visit", ["seen_at"], unique=False)
    op.create_index(op.f("ix_dashboard_visit_tenant_id"), "dashboard_visit", ["tenant_id"], unique=False)

    op.create_table(
        "exchange",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("chain", sa.String(length=8), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=64), nullable=False),
        sa.Column("begins", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.String(length=500), nullable=False),
        sa.Column("answered", sa.String(length=600), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_exchange_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
        sa.UniqueConstraint("key", name=op.f("uq_exchange_key")),
    )
    op.create_index(op.f("ix_exchange_account_id"), "exchange", ["account_id"], unique=False)
    op.create_index(op.f("ix_exchange_at"), "exchange", ["at"], unique=False)
    op.create_index(op.f("ix_exchange_chain"), "exchange", ["chain"], unique=False)
    op.create_index(
        op.f("ix_exchange_platform_tenant_room_thread"),
        "exchange",
        ["platform", "tenant", "room", "thread"],
        unique=False,
    )

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("markdown", sa.String(length=600), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_notice_account_id_key")),
    )
    op.create_index("ix_notice_untold", "notice", ["account_id", "told_at"], unique=False)

    op.create_table(
        "own_roadmap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("outline", sa.Text(), nullable=False),
        sa.Column("yaml", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_own_roadmap_added_by_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_own_roadmap_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_roadmap")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_own_roadmap_added_by"), "own_roadmap", ["added_by"], unique=False)
    op.create_index(op.f("ix_own_roadmap_tenant_id"), "own_roadmap", ["tenant_id"], unique=False)

    op.create_table(
        "quiz_card",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("roadmap_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_quiz_card_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "roadmap_id", "item_id", name=op.f("pk_quiz_card")),
    )
    op.create_index("ix_quiz_card_due", "quiz_card", ["account_id", "due_at"], unique=False)

    op.create_table(
        "review_habit",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Time(), nullable=False),
        sa.Column("nudge", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_review_habit_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_review_habit")),
    )
    op.create_index(op.f("ix_review_habit_nudge"), "review_habit", ["nudge"], unique=False)

    op.create_table(
        "away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_away_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_away_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away")),
    )
    op.create_index("ix_away_member", "away", ["cohort_id", "account_id"], unique=False)

    op.create_table(
        "buddy_wish",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rests_from", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_buddy_wish_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_buddy_wish_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "account_id", name=op.f("pk_buddy_wish")),
    )
    op.create_index(op.f("ix_buddy_wish_account_id"), "buddy_wish", ["account_id"], unique=False)

    op.create_table(
        "calendar_event",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_calendar_event_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "name", name=op.f("pk_calendar_event")),
    )
    op.create_table(
        "checkin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_checkin_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_checkin_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin")),
    )
    op.create_index("ix_checkin_member", "checkin", ["cohort_id", "account_id"], unique=False)

    op.create_table(
        "cohort_moderator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("grant", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_moderator_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_moderator")),
        sa.UniqueConstraint("cohort_id", "grant", name=op.f("uq_cohort_moderator_cohort_id_grant")),
    )
    op.create_index(op.f("ix_cohort_moderator_grant"), "cohort_moderator", ["grant"], unique=False)

    op.create_table(
        "deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("command", sa.String(length=42), nullable=False),
        sa.Column("said", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"], ["account.id"], name=op.f("fk_deed_about_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_deed_account_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_deed_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_deed_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    op.create_index(op.f("ix_deed_about_id"), "deed", ["about_id"], unique=False)
    op.create_index(op.f("ix_deed_account_id"), "deed", ["account_id"], unique=False)
    op.create_index(op.f("ix_deed_cohort_id"), "deed", ["cohort_id"], unique=False)
    op.create_index("ix_deed_tenant", "deed", ["tenant_id", "cohort_id", "id"], unique=False)

    op.create_table(
        "digest_reader",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_digest_reader_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_digest_reader_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "account_id", name=op.f("pk_digest_reader")),
    )
    op.create_index(op.f("ix_digest_reader_account_id"), "digest_reader", ["account_id"], unique=False)

    op.create_table(
        "group_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("indexed_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_group_note_added_by_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_group_note_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_group_note_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_note")),
        sa.UniqueConstraint("cohort_id", "key", name=op.f("uq_group_note_cohort_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_group_note_added_by"), "group_note", ["added_by"], unique=False)
    op.create_index(op.f("ix_group_note_author_id"), "group_note", ["author_id"], unique=False)
    op.create_index(op.f("ix_group_note_indexed_by"), "group_note", ["indexed_by"], unique=False)

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
    op.create_table(
        "kind_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_kind_word_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_kind_word_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_kind_word_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kind_word")),
    )
    op.create_index("ix_kind_word_account", "kind_word", ["account_id", "at"], unique=False)

    op.create_table(
        "live_hour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("has_host", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_for", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_live_hour_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_live_hour_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["account.id"], name=op.f("fk_live_hour_host_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_hour")),
    )
    op.create_index("ix_live_hour_cohort", "live_hour", ["cohort_id", "starts_at"], unique=False)

    op.create_table(
        "live_hour_host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_live_hour_host_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_live_hour_host_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_hour_host")),
        sa.UniqueConstraint("cohort_id", "account_id", name=op.f("uq_live_hour_host_cohort_id_account_id")),
    )
    op.create_index(op.f("ix_live_hour_host_account_id"), "live_hour_host", ["account_id"], unique=False)

    op.create_table(
        "member_standing",
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
        sa.Column("leg_kept", sa.Integer(), server_default="0", nullable=False),
        sa.Column("leg_part", sa.Integer(), server_default="0", nullable=False),
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
    op.create_index(op.f("ix_member_standing_account_id"), "member_standing", ["account_id"], unique=False)
    op.create_index("ix_member_standing_alias", "member_standing", ["cohort_id", "has_alias"], unique=False)
    op.create_index(
        "ix_member_standing_counts",
        "member_standing",
        ["cohort_id", "is_in", "basis", "is_resting", "outcome", "name_key", "account_id", "outcome_before"],
        unique=False,
    )
    op.create_index(
        "ix_member_standing_fading",
        "member_standing",
        ["cohort_id", "is_in", "name_key", "account_id"],
        unique=False,
        sqlite_where=sa.text("fading <> ''"),
        postgresql_where=sa.text("fading <> ''"),
    )
    op.create_index(
        "ix_member_standing_phase_points",
        "member_standing",
        ["cohort_id", "is_in", "is_shown", sa.literal_column("phase_points DESC"), "name_key", "account_id"],
        unique=False,
    )
    op.create_index(
        "ix_member_standing_season_points",
        "member_standing",
        ["cohort_id", "is_in", "is_shown", sa.literal_column("season_points DESC"), "name_key", "account_id"],
        unique=False,
    )
    op.create_index(
        "ix_member_standing_unit_points",
        "member_standing",
        ["cohort_id", "is_in", "is_shown", sa.literal_column("unit_points DESC"), "name_key", "account_id"],
        unique=False,
    )

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wants_reminders", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("sees_board", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_membership_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("account_id", "cohort_id", name=op.f("uq_membership_account_id_cohort_id")),
    )
    op.create_index("ix_membership_cohort", "membership", ["cohort_id", "left_at"], unique=False)

    op.create_table(
        "mute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mute_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_mute_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mute")),
        sa.UniqueConstraint("cohort_id", "account_id", "unit_id", name=op.f("uq_mute_cohort_id_account_id_unit_id")),
    )
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grace_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted", sa.String(length=60), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.Integer(), nullable=True),
        sa.Column("counted_for", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_occurrence_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint("cohort_id", "unit_id", name=op.f("uq_occurrence_cohort_id_unit_id")),
    )
    op.create_table(
        "occurrence_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grace_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_occurrence_change_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_occurrence_change_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence_change")),
        sa.UniqueConstraint("cohort_id", "unit_id", "cause", name=op.f("uq_occurrence_change_cohort_id_unit_id_cause")),
    )
    op.create_table(
        "onward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_onward_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_onward_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onward")),
        sa.UniqueConstraint("cohort_id", "unit_id", "account_id", name=op.f("uq_onward_cohort_id_unit_id_account_id")),
    )
    op.create_index(op.f("ix_onward_account_id"), "onward", ["account_id"], unique=False)

    op.create_table(
        "pace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("finishers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_pace_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pace")),
        sa.UniqueConstraint("cohort_id", "unit_id", name=op.f("uq_pace_cohort_id_unit_id")),
    )
    op.create_table(
        "pairing",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pairing_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_pairing_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "unit_id", "account_id", name=op.f("pk_pairing")),
    )
    op.create_index(op.f("ix_pairing_account_id"), "pairing", ["account_id"], unique=False)

    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_pause_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_pause_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(op.f("ix_pause_cohort_id"), "pause", ["cohort_id"], unique=False)

    op.create_table(
        "pledge",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pledge_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_pledge_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "account_id", "unit_id", name=op.f("pk_pledge")),
    )
    op.create_index(op.f("ix_pledge_account_id"), "pledge", ["account_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.String(length=500), nullable=False),
        sa.Column("coverage", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.String(length=10), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_question_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_question_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("key", name=op.f("uq_question_key")),
    )
    op.create_index(op.f("ix_question_account_id"), "question", ["account_id"], unique=False)
    op.create_index(op.f("ix_question_at"), "question", ["at"], unique=False)
    op.create_index(op.f("ix_question_cohort_id_settled_id"), "question", ["cohort_id", "settled", "id"], unique=False)

    op.create_table(
        "quiz_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("roadmap_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_quiz_attempt_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_quiz_attempt_cohort_id_cohort"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempt")),
    )
    op.create_index(op.f("ix_quiz_attempt_begun_at"), "quiz_attempt", ["begun_at"], unique=False)
    op.create_index(op.f("ix_quiz_attempt_cohort_id"), "quiz_attempt", ["cohort_id"], unique=False)
    op.create_index("ix_quiz_attempt_open", "quiz_attempt", ["account_id", "roadmap_id", "ended_at"], unique=False)

    op.create_table(
        "quiz_day",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_quiz_day_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_quiz_day_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "cohort_id", "day", name=op.f("pk_quiz_day")),
    )
    op.create_index("ix_quiz_day_member", "quiz_day", ["cohort_id", "account_id"], unique=False)

    op.create_table(
        "repair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_repair_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_repair_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair")),
        sa.UniqueConstraint("cohort_id", "account_id", "leg", name=op.f("uq_repair_cohort_id_account_id_leg")),
    )
    op.create_index(op.f("ix_repair_account_id"), "repair", ["account_id"], unique=False)

    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ruling_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_ruling_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_ruling_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    op.create_index("ix_ruling_member", "ruling", ["cohort_id", "account_id"], unique=False)

    op.create_table(
        "thank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=True),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_thank_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["account.id"], name=op.f("fk_thank_giver_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["account.id"], name=op.f("fk_thank_receiver_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thank")),
        sa.UniqueConstraint(
            "cohort_id", "giver_id", "receiver_id", "about", name=op.f("uq_thank_cohort_id_giver_id_receiver_id_about")
        ),
    )
    op.create_index("ix_thank_at", "thank", ["cohort_id", "at"], unique=False)
    op.create_index(op.f("ix_thank_giver_id"), "thank", ["giver_id"], unique=False)
    op.create_index(op.f("ix_thank_receiver_id"), "thank", ["receiver_id"], unique=False)

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
    op.create_table(
        "usage_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_usage_day_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_usage_day_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_day")),
    )
    op.create_index(op.f("ix_usage_day_account_id"), "usage_day", ["account_id"], unique=False)
    op.create_index("ix_usage_day_group", "usage_day", ["cohort_id", "day"], unique=False)

    op.create_table(
        "usage_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_usage_hold_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_usage_hold_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_hold")),
    )
    op.create_index(op.f("ix_usage_hold_account_id"), "usage_hold", ["account_id"], unique=False)
    op.create_index("ix_usage_hold_group", "usage_hold", ["cohort_id"], unique=False)

    op.create_table(
        "usage_left",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_usage_left_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_left")),
    )
    op.create_index("ix_usage_left_group", "usage_left", ["cohort_id", "day"], unique=False)

    op.create_table(
        "warm_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("roadmap_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_warm_up_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warm_up")),
        sa.UniqueConstraint("cohort_id", "unit_id", name=op.f("uq_warm_up_cohort_id_unit_id")),
    )
    op.create_table(
        "checkin_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("checkin_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_checkin_change_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_checkin_change_checkin_id_checkin"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_change")),
    )
    op.create_index(op.f("ix_checkin_change_checkin_id"), "checkin_change", ["checkin_id"], unique=False)

    op.create_table(
        "group_note_row",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary().with_variant(postgresql.ARRAY(sa.REAL()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["group_note.id"], name=op.f("fk_group_note_row_note_id_group_note"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", "at", name=op.f("pk_group_note_row")),
    )
    op.create_table(
        "live_hour_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hour_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("says", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_live_hour_answer_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hour_id"], ["live_hour.id"], name=op.f("fk_live_hour_answer_hour_id_live_hour"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_hour_answer")),
        sa.UniqueConstraint("hour_id", "account_id", name=op.f("uq_live_hour_answer_hour_id_account_id")),
    )
    op.create_index(op.f("ix_live_hour_answer_account_id"), "live_hour_answer", ["account_id"], unique=False)

    op.create_table(
        "quiz_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("warm_up_id", sa.Integer(), nullable=True),
        sa.Column("roadmap_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("given", sa.String(length=40), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("rating", sa.Integer(), server_default="3", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_quiz_answer_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["quiz_attempt.id"],
            name=op.f("fk_quiz_answer_attempt_id_quiz_attempt"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_quiz_answer_cohort_id_cohort"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["warm_up_id"], ["warm_up.id"], name=op.f("fk_quiz_answer_warm_up_id_warm_up"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_answer")),
        sa.UniqueConstraint("attempt_id", "item_id", name=op.f("uq_quiz_answer_attempt_id_item_id")),
    )
    op.create_index(op.f("ix_quiz_answer_cohort_id"), "quiz_answer", ["cohort_id"], unique=False)
    op.create_index("ix_quiz_answer_item", "quiz_answer", ["account_id", "roadmap_id", "item_id"], unique=False)
    op.create_index("uq_quiz_answer_warm_up", "quiz_answer", ["warm_up_id", "account_id"], unique=True)

    op.create_table(
        "quiz_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempt.id"], name=op.f("fk_quiz_item_attempt_id_quiz_attempt"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_item")),
        sa.UniqueConstraint("attempt_id", "place", name=op.f("uq_quiz_item_attempt_id_place")),
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("line", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_rating_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_rating_question_id_question"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("question_id", "account_id", name=op.f("uq_rating_question_id_account_id")),
    )
    op.create_index(op.f("ix_rating_account_id"), "rating", ["account_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table("rating")
    op.drop_table("quiz_item")
    op.drop_table("quiz_answer")
    op.drop_table("live_hour_answer")
    op.drop_table("group_note_row")
    op.drop_table("checkin_change")
    op.drop_table("warm_up")
    op.drop_table("usage_left")
    op.drop_table("usage_hold")
    op.drop_table("usage_day")
    op.drop_table("unit_plan")
    op.drop_table("thank")
    op.drop_table("ruling")
    op.drop_table("repair")
    op.drop_table("quiz_day")
    op.drop_table("quiz_attempt")
    op.drop_table("question")
    op.drop_table("pledge")
    op.drop_table("pause")
    op.drop_table("pairing")
    op.drop_table("pace")
    op.drop_table("onward")
    op.drop_table("occurrence_change")
    op.drop_table("occurrence")
    op.drop_table("mute")
    op.drop_table("membership")
    op.drop_table("member_standing")
    op.drop_table("live_hour_host")
    op.drop_table("live_hour")
    op.drop_table("kind_word")
    op.drop_table("heeded")
    op.drop_table("group_note")
    op.drop_table("digest_reader")
    op.drop_table("deed")
    op.drop_table("cohort_moderator")
    op.drop_table("checkin")
    op.drop_table("calendar_event")
    op.drop_table("buddy_wish")
    op.drop_table("away")
    op.drop_table("review_habit")
    op.drop_table("quiz_card")
    op.drop_table("own_roadmap")
    op.drop_table("notice")
    op.drop_table("exchange")
    op.drop_table("dashboard_visit")
    op.drop_table("dashboard_link")
    op.drop_table("cohort")
    op.drop_table("calendar_feed")
    op.drop_table("answer_quote")
    op.drop_table("tenant")
    op.drop_table("restoration")
    op.drop_table("process")
    op.drop_table("platform_outage")
    op.drop_table("platform_beat")
    op.drop_table("parked_room")
    op.drop_table("outbox")
    op.drop_table("outage")
    op.drop_table("migration")
    op.drop_table("lease")
    op.drop_table("install")
    op.drop_table("inbox")
    op.drop_table("hello")
    op.drop_table("forgotten_mark")
    op.drop_table("feed_message")
    op.drop_table("draft")
    op.drop_table("bucket")
    op.drop_table("beat")
    op.drop_table("answer_message")
    op.drop_table("account")
