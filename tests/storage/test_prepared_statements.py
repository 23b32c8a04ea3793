"""A statement that was declared once is asked of the driver, and tells the same as through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, event, func, insert, literal, select, text, union_all
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError

from bot.delivery import outbox
from bot.delivery.outbox import Announcement, OutboxRow
from bot.delivery.processed_events import InboxRow
from bot.messages.reply import say
from bot.storage.engine import single
from bot.storage.insert import insert_once
from bot.storage.prepared_statements import Prepared, ask
from bot.storage.read_cache import connection, rows
from bot.storage.unit_of_work import Database, Work
from tests.storage.sample_app import ROOM, START

HEARD = (
    select(InboxRow.id, InboxRow.key, InboxRow.accepted_at, InboxRow.lease_until, literal(True).label("is_there"))
    .where(InboxRow.accepted_at <= bindparam("until"))
    .order_by(InboxRow.id)
)
COUNTED = select(func.count(), func.max(InboxRow.accepted_at)).where(InboxRow.state == bindparam("state"))
QUEUED = select(OutboxRow.reply, OutboxRow.state, OutboxRow.due_at).order_by(OutboxRow.id)
EITHER = union_all(
    select(InboxRow.key, InboxRow.accepted_at).where(InboxRow.key == bindparam("key")),
    select(OutboxRow.key, OutboxRow.due_at).where(OutboxRow.key == bindparam("key")),
)
NAMED = select(InboxRow.key).where(InboxRow.key.in_(bindparam("keys", expanding=True))).order_by(InboxRow.key)
DECLARED: dict[str, tuple[Any, dict[str, Any]]] = {
    "instants and nothing": (HEARD, {"until": START}),
    "names that nobody gave": (COUNTED, {"state": "answered"}),
    "a document": (QUEUED, {}),
    "two tables": (EITHER, {"key": "a"}),
    "a list that is spelled out": (NAMED, {"keys": ["a", "b"]}),
}


def fill(work: Work) -> None:
    for key in ("a", "b"):
        insert_once(work.session, InboxRow, key=key, state="answered", accepted_at=START)
    insert_once(work.session, InboxRow, key="c", state="answered", accepted_at=START + timedelta(days=1))
    outbox.announce(work, Announcement("a", ROOM, say("Hello."), START))


def told(work: Work, statement: Any, values: dict[str, Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    ask(connection(work.session), statement, values)
    return ask(connection(work.session), statement, values), work.session.connection().execute(statement, values).all()


@pytest.mark.parametrize("what", DECLARED)
def test_the_driver_tells_what_sqlalchemy_tells(database: Database, what: str) -> None:
    database.run_sync(fill)
    ours, theirs = database.run_sync(lambda work: told(work, *DECLARED[what]), writes=False)
    assert ours and [tuple(row) for row in ours] == [tuple(row) for row in theirs]
    if what == "instants and nothing":
        assert [(row.key, row.accepted_at, row.is_there) for row in ours] == [("a", START, True), ("b", START, True)]


def test_a_declared_statement_is_asked_past_sqlalchemy_and_others_are_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Prepared] = []

    def note(one: Prepared, *_: Any) -> Sequence[Any]:
        made.append(one)
        return ()

    monkeypatch.setattr(Prepared, "ask", note)

    def read(work: Work) -> None:
        for _ in range(3):
            rows(work.session, select(InboxRow.key))
            rows(work.session, NAMED, keys=["a"])
        rows(work.session, HEARD, until=START)
        rows(work.session, HEARD, until=START)
        assert made
        made.clear()
        event.listen(work.session.connection(), "before_cursor_execute", lambda *_: None)
        rows(work.session, HEARD, until=START)

    database.run_sync(read)
    assert not made


def test_a_value_that_nobody_gave_is_an_error_and_not_nothing(database: Database) -> None:
    def read(work: Work) -> None:
        rows(work.session, HEARD, until=START)
        rows(work.session, HEARD)

    with pytest.raises(Exception, match="until"):
        database.run_sync(read)


def test_what_a_row_held_stands_in_no_error(database: Database) -> None:
    plain = insert(InboxRow).returning(InboxRow.id)
    row = {"state": "answered", "accepted_at": START}

    def twice(work: Work) -> None:
        for key in ("a", "b", "secret", "secret"):
            ask(connection(work.session), plain, {**row, "key": key})

    with pytest.raises(IntegrityError) as raised:
        database.run_sync(twice)
    assert "secret" not in str(raised.value)


def test_a_row_gets_what_its_table_gives_by_default(database: Database) -> None:
    def queue(work: Work) -> list[Any]:
        for key in "abc":
            assert outbox.announce(work, Announcement(key, ROOM, say("Hello."), START))
        chosen = select(OutboxRow.state, OutboxRow.tries).order_by(OutboxRow.id)
        return [tuple(row) for row in work.session.execute(chosen)]

    first, *others = database.run_sync(queue)
    assert others == [first, first] and None not in first


def test_a_connection_that_is_lost_under_a_declared_statement_runs_the_work_again(desk_url: str) -> None:
    tries: list[Work] = []
    lost: list[bool] = []
    dies = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE application_name = 'trailmate' AND datname = current_database()"
    )

    def read(work: Work) -> Sequence[Any]:
        tries.append(work)
        rows(work.session, COUNTED, state="none")
        if len(tries) == 2:
            assert other.execute(dies).all()
        try:
            return rows(work.session, COUNTED, state="none")
        except DBAPIError as error:
            lost.append(error.connection_invalidated)
            raise

    with Database(desk_url) as database, single(desk_url).connect() as other:
        assert database.run_sync(read) == database.run_sync(read) == [(0, None)]
        assert database.fault is None
    assert len(tries) == 3 and lost == [True]


def test_what_was_undone_is_not_gone_on_with(database: Database) -> None:
    def go_on(work: Work) -> None:
        for key in ("a", "b"):
            insert_once(work.session, InboxRow, key=key, state="answered", accepted_at=START)
        work.session.execute(select(InboxRow))
        work.session.rollback()
        insert_once(work.session, InboxRow, key="c", state="answered", accepted_at=START)

    with pytest.raises(InvalidRequestError):
        database.run_sync(go_on)
    assert database.run_sync(lambda work: work.session.scalars(select(InboxRow.key)).all()) == []
