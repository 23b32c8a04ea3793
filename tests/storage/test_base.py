from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from bot.delivery.processed_events import InboxRow, SqlInbox
from bot.storage.base import NAMING, Base, UtcDateTime
from bot.storage.unit_of_work import Database


def test_an_instant_comes_back_aware_and_in_utc(database: Database) -> None:
    at = datetime(2026, 12, 7, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    database.run_sync(lambda work: SqlInbox().accept(work, "event", at))
    found = database.run_sync(lambda work: work.session.scalars(select(InboxRow.accepted_at)).one())
    assert (found, found.tzinfo) == (at, UTC)


def test_instants_are_compared_as_instants(database: Database) -> None:
    noon = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)
    database.run_sync(lambda work: SqlInbox().accept(work, "event", noon))
    earlier = datetime(2026, 12, 7, 14, 0, tzinfo=timezone(timedelta(hours=3)))
    found = database.run_sync(lambda work: work.session.scalars(select(InboxRow).where(InboxRow.accepted_at > earlier)))
    assert found is not None
    chosen = select(InboxRow.accepted_at).where(InboxRow.accepted_at > earlier)
    assert database.run_sync(lambda work: list(work.session.scalars(chosen))) == [noon]


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        database.run_sync(lambda work: SqlInbox().accept(work, "event", datetime(2026, 12, 7)))


def test_every_constraint_is_named_and_a_plain_datetime_is_utc() -> None:
    assert Base.metadata.naming_convention == NAMING
    table = Base.metadata.tables["outbox"]
    assert {str(c.name) for c in table.constraints} == {"pk_outbox", "uq_outbox_key"}
    assert isinstance(table.c.due_at.type, UtcDateTime)
    assert {str(i.name) for i in table.indexes} == {
        "ix_outbox_state_due_at",
        "ix_outbox_platform_tenant_room_state",
        "ix_outbox_parent_key",
    }
