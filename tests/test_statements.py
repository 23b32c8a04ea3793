"""Report the SQL statements of each command, from the event to its answer; fail above twice the known count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.features.feature import Features
from bot.features.schedule.service import LONGEST_SLEEP, Tick
from bot.runtime.catalogue import FEATURES
from bot.storage.unit_of_work import Work
from tests.harness import World

BORDERS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
SPOKEN = (
    ("ada", "help", 6),
    ("mo", "home", 15),
    ("ada", "groups", 5),
    ("ada", "privacy show", 5),
    ("ada", "privacy export", 60),  # one for each declared column, and a few more to come
    ("ada", "privacy forget", 8),
    ("dev", "join", 17),
    ("ada", "settings zone=Europe/Berlin", 12),
    ("ada", "course", 7),
    ("ada", "unit", 4),
    ("ada", "notes read", 4),
    ("ada", "quiz", 15),
    ("ada", "review", 10),
    ("ada", "anki all", 8),
    ("dev", "plan read two papers, Tue 7pm", 11),
    ("ada", "checkin 30 read two papers", 10),
    ("ada", "solutions 1", 10),
    ("ada", "undo", 15),
    ("ada", "away until=tomorrow", 14),
    ("ada", "progress", 8),
    ("ada", "leaderboard", 13),
    ("ada", "certificate", 8),
    ("ada", "thanks @ben for=sets", 18),
    ("ada", "buddy", 8),
    ("ada", "buddy on", 8),
    ("ada", "focus 25", 10),
    ("ada", "usage", 5),
    ("ada", "ask what is a derivative", 16),
    ("ada", "ask who sells the quokka", 18),
    ("mo", "manage questions", 11),
    ("mo", "manage notes add text=Owls meet by night.", 7),
    ("ada", "notes list", 5),
    ("ada", "notes show owls", 5),
    ("mo", "manage notes replace owls text=Owls meet by day.", 7),
    ("mo", "manage notes remove owls confirm=yes", 12),
    ("mo", "manage course draft text=- One", 9),
    ("mo", "manage course drafts", 9),
    ("mo", "manage course add title=Club confirm=yes text=- One", 10),
    ("mo", "manage course show", 9),
    ("mo", "manage course edit own-1", 9),
    ("mo", "manage course copy own-1 title=Clubs", 12),
    ("mo", "manage course export own-2", 10),
    ("mo", "manage course remove own-1", 9),
    ("mo", "manage create name=Readers timezone=UTC course=own-2 confirm=yes", 21),
    ("mo", "join Readers", 17),
    ("mo", "manage course unit 1 goals=Read exercise='Read a page' minutes=10", 20),
    ("mo", "manage course question unit=1 question='What is one?' right=1 wrong=2", 15),
    ("mo", "questions suggest unit=1 question='What is two?' right=2 wrong=1", 15),
    ("mo", "questions list", 10),
    ("mo", "manage create name=Larks timezone=UTC confirm=yes", 21),
    ("mo", "manage edit name=Owls confirm=yes", 23),
    ("mo", "manage status", 10),
    ("mo", "manage pace", 5),
    ("mo", "manage pause 1 confirm=yes", 10),
    ("mo", "manage resume", 14),
    ("mo", "manage retry", 14),
    ("mo", "manage schedule skip 20 confirm=yes", 14),
    ("mo", "manage schedule restore 20 confirm=yes", 14),
    ("mo", "manage schedule move 6 '2026-04-20 18:00'", 14),
    ("mo", "manage schedule extend '2026-04-30 18:00'", 14),
    ("mo", "manage export", 20),
    ("ada", "calendar", 9),
    ("mo", "manage remove ben", 8),
    ("mo", "manage excuse ben 1 ill", 18),
    ("mo", "manage void ada 1 copied", 10),
    ("mo", "manage lift ben 1 mistake", 18),
    ("mo", "manage correct ada 1 'a slip' minutes=20", 20),
    ("mo", "manage report", 13),
    ("mo", "manage audit", 5),
    ("mo", "manage digest", 22),
    ("ada", "dashboard", 6),
    ("ada", "session next", 5),
    ("ada", "session host", 9),
    ("mo", "manage session plan 'sat 18:00' confirm=yes", 23),
    ("mo", "manage session move 'sun 18:00' confirm=yes", 28),
    ("mo", "manage session cancel confirm=yes", 23),
    ("mo", "manage preview", 22),
    ("mo", "manage doctor", 28),
    ("mo", "setup", 11),
    ("ben", "transfer Larks", 26),
    ("ben", "transfer Larks confirm=yes", 60),
    ("dev", "leave", 11),
    ("mo", "manage end", 7),
)
"""Who says what in turn, and the statements that it cost when this was written."""
MOST_OF_A_CHECK_IN = {"sqlite": 12, "postgresql": 14}
"""A check-in is what most people do, and all at the same hour. PostgreSQL locks the group and then reads again."""


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What any engine is told, the borders of transactions apart."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(BORDERS):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def find_room(line: str) -> str:
    """Return the channel in which a line is typed: other groups than the first have their own."""
    if "Readers" in line or line.startswith(("questions", "manage course unit", "manage course question")):
        return "plaza"
    return "lobby" if line.startswith("manage create") else "general"


async def test_no_command_asks_more_of_the_database_than_it_needs(w: World, said: list[str]) -> None:
    await w.begin("ada", "ben", "mo")
    await w.check_in_each_week("ada", 3)
    asked = {}
    for who, line, _ in SPOKEN:
        await w.after(minutes=1)
        said.clear()
        reply = await w.say(who, line, room=find_room(line))
        asked[line] = len(said)
        assert reply.tone != "error", (line, reply.plain())
    print(*(f"{asked[line]:>4} (was {known:>3})  {line}" for _, line, known in SPOKEN), sep="\n")
    assert {line: count for _, line, known in SPOKEN if (count := asked[line]) > 2 * known} == {}
    engine = await w.app.database.run(lambda work: work.session.get_bind().dialect.name, writes=False)
    assert asked["checkin 30 read two papers"] <= MOST_OF_A_CHECK_IN[engine]


async def test_a_look_at_a_group_asks_next_to_nothing_twice(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Counter[tuple[str, str]]] = []
    looks = Tick._look

    def look(tick: Tick, work: Work, *given: Any) -> Any:
        def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
            mine[statement, repr(values)] += 1

        mine = Counter[tuple[str, str]]()
        asked.append(mine)
        connection = work.session.connection()
        event.listen(connection, "before_cursor_execute", note)
        try:
            return looks(tick, work, *given)
        finally:
            event.remove(connection, "before_cursor_execute", note)

    monkeypatch.setattr(Tick, "_look", look)
    w.app.tick = replace(w.app.tick, longest_sleep=LONGEST_SLEEP)
    await w.begin("ada", "ben", "mo")
    await w.say("ada", "buddy on")
    await w.check_in_each_week("ada", 3)
    assert len(asked) > 20
    repeated = [one for mine in asked for one, count in mine.items() if count > 1]
    assert len(repeated) <= 0.02 * sum(mine.total() for mine in asked), repeated


def test_every_public_command_is_counted() -> None:
    counted = {line for _, line, _ in SPOKEN}
    names = [c.name for c in Features(FEATURES).commands if not c.hidden]
    assert [n for n in names if not any(f"{line} ".startswith(f"{n} ") for line in counted)] == []
