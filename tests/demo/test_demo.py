"""The demo lives whole weeks by visiting every due instant, and touches nothing of the real bot."""

from __future__ import annotations

import asyncio
import shutil
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from bot import cli, demo
from bot.base.clock import MovableClock
from bot.chat.platform import Post, Sent
from bot.commands.context import Place
from bot.curriculum.shelf import CourseShelf
from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.demo import MEMBERS, ROOM, TALK, Season, acts_of_week, began_at, talk_of_week
from bot.features.dashboard_access.service import Visits
from bot.messages.reply import say
from bot.runtime import settings as settings_of
from bot.runtime.answer_engine import bind
from bot.runtime.app import LOCAL
from bot.runtime.composition import build
from tests import harness
from tests.harness import text
from tests.shipped import read_courses, take_courses

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NEXT_POST = START + timedelta(weeks=1)


@asynccontextmanager
async def season(folder: Path, monkeypatch: pytest.MonkeyPatch, weeks: int) -> AsyncIterator[Season]:
    """Seed a demo of some weeks, without embedder."""
    monkeypatch.setattr(demo, "WEEKS", weeks)
    monkeypatch.setattr("bot.llm.embedder_process.load_embedder", lambda: None)
    clock = MovableClock(START - timedelta(hours=1))
    living = Season(clock, START)
    settings = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=folder)
    shutil.copy(harness._template(), folder / "trailmate.db")
    notebook = bind(settings, CourseShelf(read_courses()), harness._index())
    living.app = await asyncio.to_thread(build, settings, clock=clock, chats={}, notebook=notebook, demo=living)
    harness.share_statements(living.app.database)
    harness.run_here(living.app.database)
    try:
        await living.seed()
        yield living
    finally:
        await living.app.close()


async def test_two_weeks_bring_posts_threads_with_talk_reminders_and_a_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with season(tmp_path, monkeypatch, 2) as living:
        assert living.app is not None
        messages = await living.app.feed.list_messages("general")
        titles = [m.reply.title for m in messages]
        assert titles[0].startswith("Welcome to Night owls")
        assert [t.split(":")[0] for t in titles[1:]] == ["Unit 1", "Unit 2", "Unit 3"]
        assert all(m.thread_title for m in messages[1:])
        reminded = [m for m in MEMBERS if await living.app.feed.list_messages(f"@{m.id}")]
        assert reminded and all(m.is_reminded for m in reminded)
        board = await living.say("ada", "leaderboard season")
        assert board is not None and "Ada (you" in text(board) and "Lou" not in text(board)
        own = await living.say("kavya", "leaderboard season")
        assert own is not None and "Night reader (you" in text(own) and "Kavya" not in text(own)
        said = [m for m in await living.app.feed.list_messages("general", messages[1].ref) if m.author]
        assert [m.reply.plain() for m in said] == [line for pair in TALK[:2] for line in pair]
        assert {m.author for m in said} <= {member.name for member in MEMBERS}
        assert said[0].author != said[1].author


def test_no_talk_comes_twice_in_the_weeks_that_the_demo_begins_with() -> None:
    said = [act.line for number in range(1, demo.WEEKS + 1) for act in talk_of_week(START, number)]
    assert len(said) == len(set(said)) == 4 * demo.WEEKS


async def test_a_question_is_read_above_its_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with season(tmp_path, monkeypatch, 0) as living:
        assert living.app is not None
        await living.say("ada", "ask what is an iterator")
        question, answer = (await living.app.feed.list_messages("general"))[-2:]
        assert (question.author, question.reply.plain()) == ("Ada", "ask what is an iterator")
        assert not answer.author


async def test_time_moves_to_the_very_minute_makes_no_trouble_and_signs_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with season(tmp_path, monkeypatch, 0) as living:
        app, began = living.app, living.now
        assert app is not None
        reply = await living.say("ada", "dashboard")
        assert reply is not None
        address = next(button.target for button in reply.buttons if isinstance(button.target, str))
        token = address.rsplit("/", 1)[1].split(".")[0]
        key = await app.database.run(lambda work: Visits(work).begin(token))
        assert key is not None
        until = {"hour": began + timedelta(hours=1), "day": began + timedelta(hours=25), "post": NEXT_POST}
        steps: tuple[Literal["hour", "day", "post"], ...] = ("hour", "day", "post")
        for step in steps:
            await living.move(step)
            assert living.now == until[step]
            health = await app.health({"local": "ready"})
            assert health["ok"] and not health["fixes"], health
            doctor = await living.say("mo", "doctor")
            assert doctor is not None and "schedule last ran" not in text(doctor)
        assert (await app.feed.list_messages("general"))[-1].reply.title.startswith("Unit 2:")
        while living.now < began + timedelta(days=8):
            await living.move("day")
        await app.database.run(lambda work: [sweep(work, living.now) for sweep in app.sweeps])
        assert await app.database.run(lambda work: Visits(work).find(key))


async def test_time_that_was_moved_makes_no_post_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with season(tmp_path, monkeypatch, 0) as living:
        app = living.app
        assert app is not None
        due_at, seen = living.now + timedelta(hours=3), []
        room = Place(LOCAL, LOCAL, ROOM)
        said = Announcement("word", room, say("A word"), due_at)
        await app.database.run(lambda work: outbox.announce(work, said))
        take = app.platforms[LOCAL].deliver

        async def deliver(post: Post, again: bool) -> Sent:
            seen.append((post.reply.plain(), living.now))
            return await take(post, again)

        app.relays[LOCAL]._deliver = deliver
        await living.move("day")
        assert ("A word", due_at) in seen
        early = Announcement("missed", room, say("Missed"), due_at)
        await app.database.run(lambda work: outbox.announce(work, early))
        await app.step()
        assert seen[-1][0] == "Missed"


def test_the_same_week_always_brings_the_same() -> None:
    assert list(acts_of_week(START, 3)) == list(acts_of_week(START, 3))
    assert any("away" in act.line for act in acts_of_week(START, 3))


def test_somebody_fades_and_some_know_little_in_quizzes() -> None:
    heard = {number: {act.who for act in acts_of_week(START, number) if not act.in_thread} for number in range(1, 7)}
    assert all("jonas" in heard[number] for number in (3, 4)) and not any("jonas" in heard[n] for n in (5, 6))
    assert sum(act.is_quiz for act in acts_of_week(START, 4)) >= 3


@pytest.mark.parametrize("day", range(1, 15))
def test_the_demo_begins_six_weeks_before_the_present_week(day: int) -> None:
    now = datetime(2026, 6, day, 15, tzinfo=UTC)
    start = began_at(now)
    assert start.weekday() == 0 and start.hour == 9
    assert timedelta(weeks=6) - timedelta(hours=9) <= now - start < timedelta(weeks=7)


async def test_the_demo_serves_a_page_of_its_own_and_leaves_no_data_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`trailmate demo` runs until it is told to stop, whatever database the settings name."""
    monkeypatch.setattr(demo, "WEEKS", 0)
    monkeypatch.setattr("bot.llm.embedder_process.load_embedder", lambda: None)
    monkeypatch.setattr("bot.runtime.answer_engine.kept_of", take_courses)
    monkeypatch.setattr("bot.runtime.answer_engine._index", lambda _: harness._index())
    seen: list[str] = []
    playable: list[str] = []

    async def run(app: object, supervisors: object, indexing: object) -> int:
        seen.append(app.settings.url)  # type: ignore[attr-defined]
        playable.extend(person.name for person in app.platforms["local"]._people)  # type: ignore[attr-defined]
        assert app.settings.discord_token is None  # type: ignore[attr-defined]
        return 0

    monkeypatch.setattr("bot.runtime.process.run", run)
    settings = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path, DISCORD_TOKEN="not-used-by-the-demo")
    assert await demo.serve(settings, 0) == 0
    assert playable == ["Mo", *(member.name for member in MEMBERS)]
    assert "trailmate-demo-" in seen[0] and str(tmp_path) not in seen[0]
    assert not list(tmp_path.iterdir())
    assert not Path(seen[0].removeprefix("sqlite:///")).exists()


def test_the_demo_says_at_once_that_it_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def serve(_settings: object, _port: object) -> int:
        said.append(capsys.readouterr().out)
        return 0

    said: list[str] = []
    monkeypatch.setattr("bot.demo.serve", serve)
    assert cli.demo(settings_of.load(_env_file=None), Namespace(port=0)) == 0
    assert said[0].startswith("Starting the demo")
