"""Told to end in the middle of what takes a while: a migration, a verb, an answer, a form, a picture, notes."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
from pathlib import Path

from tests.platforms.slack.people import Person
from tests.platforms.slack.stub import TEAM
from tests.reliability.drills.bot import ROOT, Bot
from tests.reliability.drills.chats import Model
from tests.reliability.drills.frame import Scene, drill, expect
from tests.reliability.drills.kills import MIGRATION

ENDS_S = 10.0
VERB_ENDED = 128 + signal.SIGTERM
WRITING = "TERM!bot.maintenance.table_rows:Tables.write@after*5"


async def _told_to_end(bot: Bot, *words: str, point: str, code: int) -> None:
    """Have a process be told to end at a point, and see that it does."""
    bot.arm()
    await bot.start(*words, kill=point)
    ended = await bot.ended(60)
    assert ended == code, f"{words} at {point} ended with {ended}\n{bot.log_so_far}"
    (bot.folder / "armed").unlink()
    assert "Traceback" not in bot.log_so_far


@drill(
    does="SIGTERM while the first start, or `trailmate db upgrade`, migrates an empty database",
    sees="The process is gone at once. The next start continues from there, and the page answers",
    holds="Only the newest version's tables: `trailmate db check` finds no fault",
)
async def ended_in_a_migration(s: Scene) -> None:
    bot = s.bot()
    await _told_to_end(bot, point=f"TERM!{MIGRATION}*15", code=-signal.SIGTERM)
    await _told_to_end(bot, "db", "upgrade", point=f"TERM!{MIGRATION}*5", code=VERB_ENDED)
    await bot.begin()
    page = await s.page(bot)
    expect(await page.say("mo", "help"), "What you can do")
    assert await s.bot().run("db", "check") == 0, s.bots[-1].log_so_far


@drill(
    does="SIGTERM while `trailmate backup FILE`, `restore FILE --replace` and `db move` write",
    sees="Each command ends at once, without an error message. A second run works",
    holds="Unchanged; no part of a backup, a restored or a moved database remains",
)
async def ended_in_a_verb(s: Scene) -> None:
    bot, page = await s.begun()
    expect(await page.say("ada", "checkin 30 before"), "30 min")
    verb, file = s.bot(), s.folder / "backup.zip"
    target = str(s.folder / "moved.db")
    if s.engine == "sqlite":
        name = s.servers.name()
        server = await asyncio.to_thread(lambda: s.servers.shared)
        server.run(f"CREATE DATABASE {name}")
        target = server.url(name)
    writing = "TERM!bot.maintenance.backup:_write@after"
    await _told_to_end(verb, "backup", str(file), point=writing, code=VERB_ENDED)
    assert not file.exists()
    assert await verb.run("backup", str(file)) == 0, verb.log_so_far
    whole = file.read_bytes()
    await _told_to_end(verb, "backup", str(file), "--force", point=writing, code=VERB_ENDED)
    assert file.read_bytes() == whole
    expect(await page.say("ada", "checkin 30 after"), "30 min")
    await bot.end()
    before = {path.name for path in s.folder.iterdir()}
    restore = ("restore", str(file), "--replace", "--yes")
    await _told_to_end(verb, *restore, point=WRITING, code=VERB_ENDED)
    assert s.count("checkin") == 2
    move = ("db", "move", s.url if s.engine == "postgresql" else str(s.file), target)
    await _told_to_end(verb, *move, point=WRITING, code=VERB_ENDED)
    assert s.count("checkin") == 2
    left = {path.name for path in s.folder.iterdir()} - before
    kept = ("before-", "trailmate.db-", "moved.db.lock")
    assert all(name.startswith(kept) for name in left), left
    assert await verb.run(*move) == 0, verb.log_so_far
    assert await verb.run(*restore) == 0, verb.log_so_far
    assert s.count("checkin") == 1
    await bot.begin()
    expect(await page.say("ada", "progress"), "Your progress")


def _family(pid: int) -> set[int]:
    """Return the processes that a process has begun, and those that these have."""
    begun: set[int] = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        begun |= {int(part) for part in children.read_text().split()}
    return begun.union(*(_family(one) for one in begun))


def _reworded(folder: Path) -> None:
    """Put a roadmap of one's own, of which no vector is carried."""
    shutil.copytree(ROOT / "roadmap" / "everyday-statistics", folder)
    for path in (folder / "roadmap.yaml", *(folder / "notes").rglob("*.md")):
        text = path.read_text().replace("id: everyday-statistics", f"id: {folder.name}")
        path.write_text(text.replace(" the ", " this "))


@drill(
    does="SIGTERM while a slow model answers, a form is open, pictures are drawn and notes are embedded",
    sees="The stopped answer says so and offers a Try again button. The open form still counts",
    holds="The form's check-in; the next start embeds the notes; no process remains",
)
async def ended_while_busy(s: Scene) -> None:
    slack, model = await s.slack(), Model("slow")
    address = await model.start(s)
    await s.live()
    s.change(f"UPDATE tenant SET platform = 'slack', external_id = '{TEAM}'")
    s.change("UPDATE study_group SET room = 'C1'")
    _reworded(s.folder / "roadmaps" / "reworded")
    bot = s.bot(OPENAI_API_KEY="sk-drill", OPENAI_BASE_URL=address)
    await bot.begin(said="slack is ready")
    expect(await slack.told("join", "join", "UADA"), "You're in")
    assert await slack.command("form", "checkin", "UADA")
    await s.until(lambda: slack.sent("views.open"), 10, "the form is open")
    assert await slack.command("asked", "ask what is a tuple?", "UADA")
    await s.until(lambda: model.asked, 20, "the model is asked")
    for n in range(2):
        assert await slack.command(f"drawn{n}", "progress", "UADA")
    assert bot.process is not None
    family = _family(bot.process.pid)
    took = await bot.end()
    assert took < ENDS_S, f"it took {took:.1f} s"
    expect(slack.said["asked"], "couldn't finish this. Please try again in a minute.")
    assert "Try again" in json.dumps(slack.responses[-1])
    assert all(slack.answered[f"drawn{n}"] == 1 for n in range(2)), slack.answered
    await s.until(lambda: not [one for one in family if Path(f"/proc/{one}").exists()], 5, "none is left behind")
    assert "Traceback" not in bot.log_so_far
    await bot.begin(said="slack is ready")
    ada = Person(slack, "UADA", "ada")
    await ada.submit(slack.sent("views.open")[-1]["view"], minutes="30", note="read a chapter")
    await s.until(lambda: s.count("checkin") == 1, 20, "the form counts")
    await bot.says("the note index is ready", 120)
