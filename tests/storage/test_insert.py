"""A row that is there already is no fault; a number that is there already is one."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from bot.delivery.processed_events import InboxRow
from bot.features.quiz.tables import QuizAnswer
from bot.storage.insert import _key, insert, insert_once
from bot.storage.unit_of_work import Database, Work

AT = datetime(2026, 3, 2, tzinfo=UTC)


def keep(work: Work, key: str, **more: object) -> int | None:
    return insert_once(work.session, InboxRow, key=key, state="answered", accepted_at=AT, answered_at=AT, **more)


async def test_a_row_whose_key_is_there_is_a_repeat(database: Database) -> None:
    first, again, other = (database.run_sync(partial(keep, key=key)) for key in ("a", "a", "b"))
    assert first is not None and other not in (None, first) and again is None


async def test_a_new_row_that_gets_a_number_that_is_taken_is_a_fault_and_no_repeat(database: Database) -> None:
    taken = database.run_sync(lambda work: keep(work, "a"))
    with pytest.raises(IntegrityError):
        database.run_sync(lambda work: keep(work, "b", id=taken))
    assert database.run_sync(lambda work: [*work.session.scalars(select(InboxRow.key))], writes=False) == ["a"]


def test_the_key_is_the_one_that_is_given() -> None:
    in_quiz, in_warm_up = {"attempt_id", "item_id", "account_id"}, {"warm_up_id", "item_id", "account_id"}
    assert _key(QuizAnswer, frozenset(in_quiz)) == ("attempt_id", "item_id")
    assert _key(QuizAnswer, frozenset(in_warm_up)) == ("warm_up_id", "account_id")
    with pytest.raises(ValueError, match="unpack"):
        _key(QuizAnswer, frozenset(in_quiz | in_warm_up))


def test_what_a_row_held_stands_in_no_error(database: Database) -> None:
    def twice(work: Work) -> None:
        for _ in range(2):
            insert(work.session, InboxRow, key="secret", state="answered", accepted_at=AT)

    with pytest.raises(IntegrityError) as raised:
        database.run_sync(twice)
    assert "secret" not in str(raised.value)


def test_what_was_undone_is_not_gone_on_with(database: Database) -> None:
    def go_on(work: Work) -> None:
        keep(work, "a")
        work.session.rollback()
        keep(work, "b")

    with pytest.raises(InvalidRequestError):
        database.run_sync(go_on)
    assert database.run_sync(lambda work: work.session.scalars(select(InboxRow.key)).all()) == []
