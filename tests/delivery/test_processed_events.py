from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from bot.delivery.processed_events import ANYBODY, InboxRow, SqlDrafts, SqlInbox, sweep
from bot.messages.call import Call
from bot.messages.reply import say
from bot.storage.unit_of_work import Database
from tests.storage.sample_app import START, MachineClock

LEASE = timedelta(minutes=5)


def accept(database: Database, key: str) -> bool:
    return database.run_sync(lambda work: SqlInbox().accept(work, key, START))


def claim(database: Database, key: str) -> bool:
    return database.run_sync(lambda work: SqlInbox().claim(work, key, START, START + LEASE))


def test_an_event_is_answered_once(database: Database) -> None:
    assert accept(database, "event")
    assert not accept(database, "event")
    assert not claim(database, "event")


def test_no_key_of_an_event_is_kept_that_names_a_room(database: Database) -> None:
    accept(database, "slack:D024BE91L:1355517523.000005")
    [kept] = database.run_sync(lambda work: work.session.scalars(select(InboxRow.key)).all())
    assert "D024BE91L" not in kept and "1355517523" not in kept


def test_a_slow_answer_is_claimed_once_while_its_lease_lasts(database: Database, machine: MachineClock) -> None:
    assert claim(database, "event")
    machine.pass_s(299)
    assert not claim(database, "event")
    machine.pass_s(1)
    assert claim(database, "event")
    assert not claim(database, "event")


def test_a_finished_answer_is_never_claimed_again(database: Database, machine: MachineClock) -> None:
    claim(database, "event")
    database.run_sync(lambda work: SqlInbox().finish(work, "event", START))
    machine.pass_s(86_000)
    assert not claim(database, "event")


def test_a_draft_is_kept_an_hour_for_its_author_alone(database: Database) -> None:
    call = Call("checkin", {"minutes": "abc", "note": "a & b = c\n✓"}, group=3, ask=True)
    reply = say("for you only").settled("private")
    draft_id = database.run_sync(lambda work: SqlDrafts().keep(work, 7, call, reply, START))
    assert re.fullmatch(r"[A-Za-z0-9_-]{8}", draft_id)

    def find(account_id: int, after_s: float, wanted: str = draft_id) -> object:
        at = START + timedelta(seconds=after_s)
        return database.run_sync(lambda work: SqlDrafts().find(work, wanted, account_id, at), writes=False)

    assert find(7, 3599) == (call, reply)
    assert find(7, 3600) is None
    assert find(8, 0) is None
    assert find(7, 0, "") is None


def test_an_open_draft_is_found_by_anybody_for_an_hour(database: Database) -> None:
    draft_id = database.run_sync(lambda work: SqlDrafts().keep(work, ANYBODY, Call("ask"), None, START))

    def find(account_id: int, after_s: float) -> object:
        at = START + timedelta(seconds=after_s)
        return database.run_sync(lambda work: SqlDrafts().find(work, draft_id, account_id, at), writes=False)

    assert find(7, 0) == find(8, 3599) == (Call("ask"), None)
    assert find(7, 3600) is None


def test_a_draft_without_an_answer_is_a_call_alone(database: Database) -> None:
    draft_id = database.run_sync(lambda work: SqlDrafts().keep(work, 7, Call("checkin"), None, START))
    assert database.run_sync(lambda work: SqlDrafts().find(work, draft_id, 7, START)) == (Call("checkin"), None)


def test_the_sweep_forgets_what_is_older_than_a_day_and_expired_drafts(database: Database) -> None:
    accept(database, "event")
    database.run_sync(lambda work: SqlDrafts().keep(work, 7, Call("checkin"), None, START))

    def swept(after: timedelta) -> int:
        return database.run_sync(lambda work: sweep(work, START + after))

    assert swept(timedelta(minutes=59)) == 0
    assert swept(timedelta(hours=1)) == 1
    assert swept(timedelta(days=1)) == 0
    assert swept(timedelta(days=1, seconds=1)) == 1
    assert accept(database, "event")
