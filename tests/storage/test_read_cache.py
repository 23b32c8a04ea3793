"""What was read in a unit of work is read again as soon as its table changes, however that comes about."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import delete, select, update

from bot.delivery.local_feed import FeedMessage
from bot.delivery.processed_events import InboxRow
from bot.storage.insert import insert_once
from bot.storage.read_cache import read_cached
from bot.storage.unit_of_work import Database, Work
from tests.examples import sample
from tests.storage.sample_app import START


def keys(work: Work) -> list[str]:
    def read() -> list[str]:
        work.session.info["reads"] = work.session.info.get("reads", 0) + 1
        return list(work.session.scalars(select(InboxRow.key).order_by(InboxRow.id)))

    return read_cached(work.session, "keys", (InboxRow,), read)


def add(work: Work, key: str) -> None:
    work.session.add(InboxRow(key=key, state="answered", accepted_at=START))


def change(work: Work) -> None:
    work.session.scalars(select(InboxRow)).one().key = "changed"


def remove(work: Work) -> None:
    work.session.delete(work.session.scalars(select(InboxRow)).one())


CHANGES: dict[str, tuple[Callable[[Work], object], list[str]]] = {
    "a row that is added": (lambda work: add(work, "b"), ["a", "b"]),
    "a row that is changed": (change, ["changed"]),
    "a row that is removed": (remove, []),
    "a guarded insert": (
        lambda work: insert_once(work.session, InboxRow, key="b", state="answered", accepted_at=START),
        ["a", "b"],
    ),
    "an update of many": (lambda work: work.session.execute(update(InboxRow).values(key="changed")), ["changed"]),
    "a removal of many": (lambda work: work.session.execute(delete(InboxRow)), []),
}


@pytest.mark.parametrize("how", sample(CHANGES, 3))
def test_a_change_is_read_at_once(database: Database, how: str) -> None:
    make, expected = CHANGES[how]

    def run(work: Work) -> tuple[list[str], list[str], list[str], int]:
        add(work, "a")
        before, again = keys(work), keys(work)
        make(work)
        return before, again, keys(work), work.session.info["reads"]

    assert database.run_sync(run) == (["a"], ["a"], expected, 2)


def test_another_table_changes_nothing(database: Database) -> None:
    def run(work: Work) -> tuple[list[str], int]:
        add(work, "a")
        keys(work)
        work.session.add(FeedMessage(key="m", room="general", reply={}, at=START))
        work.session.flush()
        return keys(work), work.session.info["reads"]

    assert database.run_sync(run) == (["a"], 1)


def test_what_was_read_inside_a_part_that_is_undone_is_forgotten(database: Database) -> None:
    def run(work: Work) -> list[str]:
        with pytest.raises(ZeroDivisionError), work.session.begin_nested():
            add(work, "a")
            assert keys(work) == ["a"]
            raise ZeroDivisionError
        return keys(work)

    assert database.run_sync(run) == []


def test_the_next_unit_of_work_reads_for_itself(database: Database) -> None:
    database.run_sync(lambda work: add(work, "a"))
    assert database.run_sync(keys) == ["a"]
    database.run_sync(lambda work: add(work, "b"))
    assert database.run_sync(keys) == ["a", "b"]


def test_a_savepoint_that_fails_takes_back_what_was_written_behind_it(database: Database) -> None:
    def write(work: Work) -> None:
        insert_once(work.session, InboxRow, key="a", state="answered", accepted_at=START)
        with suppress(ZeroDivisionError), work.session.begin_nested():
            insert_once(work.session, InboxRow, key="b", state="answered", accepted_at=START)
            1 / 0  # noqa: B018
        insert_once(work.session, InboxRow, key="c", state="answered", accepted_at=START)

    database.run_sync(write)
    assert database.run_sync(keys) == ["a", "c"]
