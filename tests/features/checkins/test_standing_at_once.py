"""Standings on PostgreSQL, where two people's changes may come at once: none is lost, and nobody who left stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.features.checkins import standings
from bot.messages.reply import Reply
from bot.storage.insert import put
from tests.features.checkins.test_standings import rows, wrong
from tests.harness import World, text, world
from tests.storage.fixtures import run_alone

PATIENCE_S = 0.7
"""How long the first change waits for the second, which may itself have to wait for the first."""


@pytest.fixture
async def w(tmp_path: Path, postgres_url: str) -> AsyncIterator[World]:
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    async with world(tmp_path, TRAILMATE_DATABASE_URL=postgres_url) as made:
        await made.begin("ada", "ben")
        await made.say("mo", "join")
        yield made


class Meeting:
    """Somebody's line that is said just before the next standing is stored, in a transaction of its own."""

    def __init__(self, w: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self._w, self._loop = w, asyncio.get_running_loop()
        self._line: tuple[str, str] | None = None
        self._said: Future[Reply] | None = None
        monkeypatch.setattr(standings, "put", self._put)

    async def say(self, who: str, line: str, *, then: str, by: str) -> tuple[str, str]:
        """Say a line, and another one in the midst of it; return both answers."""
        self._line = by, then
        first = text(await self._w.say(who, line))
        assert self._said is not None
        return first, text(await asyncio.wrap_future(self._said))

    async def tick(self, *, then: str, by: str) -> str:
        """Let the schedule look, and say a line in the midst of it; return the answer."""
        self._line = by, then
        await self._w.tick()
        assert self._said is not None
        return text(await asyncio.wrap_future(self._said))

    def _put(self, session: Session, row: Any, made: Sequence[Any], **more: Any) -> None:
        if made and self._line is not None:
            (who, line), self._line = self._line, None
            self._said = asyncio.run_coroutine_threadsafe(self._w.say(who, line), self._loop)
            with suppress(TimeoutError):
                self._said.result(PATIENCE_S)
        put(session, row, made, **more)


@pytest.fixture
async def meeting(w: World, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    return Meeting(w, monkeypatch)


async def test_who_is_removed_in_the_midst_of_a_check_in_is_on_no_board(w: World, meeting: Meeting) -> None:
    checked_in, removed = await meeting.say(
        "ada", "checkin 30 read two papers", then="cohort remove ada confirm=yes", by="mo"
    )
    assert "Checked in" in checked_in
    assert "Ada" in removed
    assert "Ada" not in text(await w.say("ben", "leaderboard"))
    assert not (await rows(w))["Ada"].is_in
    assert await wrong(w) == []


async def test_who_hides_in_the_midst_of_an_excuse_stays_hidden(w: World, meeting: Meeting) -> None:
    await w.say("ada", "checkin 30 read two papers")
    await meeting.say("mo", "excuse ben unit=1 reason=ill", then="settings shown=no", by="ben")
    assert not (await rows(w))["Ben"].is_shown
    assert "Ben" not in text(await w.say("ada", "leaderboard"))


async def test_what_is_ruled_in_the_midst_of_a_check_in_is_counted(w: World, meeting: Meeting) -> None:
    await meeting.say("ada", "checkin 30 read two papers", then="excuse ada unit=1 reason=ill", by="mo")
    await meeting.say("ada", "checkin 20 read one more", then="void ada unit=1 reason=copied confirm=yes", by="mo")
    assert (await rows(w))["Ada"].season_points == 0
    assert await wrong(w) == []


async def test_a_check_in_in_the_midst_of_a_tick_is_counted(w: World, meeting: Meeting) -> None:
    w.clock.move_to(w.clock.now() + timedelta(days=7))
    await meeting.tick(then="checkin 30 read two papers", by="ada")
    assert await wrong(w) == []
    assert (await rows(w))["Ada"].season_points > 0


async def test_a_check_in_reads_again_only_what_another_may_have_changed(w: World) -> None:
    said: list[str] = []
    await w.say("ada", "checkin 30 read two papers")
    event.listen(w.app.database._engines[True], "before_cursor_execute", lambda *given: said.append(given[2]))
    await w.after(minutes=20)
    said.clear()
    assert (await w.say("ada", "checkin 20 solved the exercises")).tone == "good"
    groups = [line for line in said if line.startswith("SELECT study_group.") and "membership" not in line]
    assert ["FOR NO KEY UPDATE" in line for line in groups] == [True]
    assert not any(line.startswith(("SELECT account.", "SELECT notice.")) for line in said)
    assert len(said) <= 15  # the last one reads what the receipt offers: solutions of others
