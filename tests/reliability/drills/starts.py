"""Begun and ended: two at once, on what cannot be read, in the middle of everything, without names."""

from __future__ import annotations

import asyncio
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import aiohttp

from tests.platforms.slack.stub import TEAM
from tests.reliability.drills.bot import ROOT
from tests.reliability.drills.chats import Model
from tests.reliability.drills.discord import GUILD, OPEN, Discord
from tests.reliability.drills.frame import NotHere, Scene, drill, expect
from tests.reliability.drills.slack import ROOMS


@drill(
    does="Two processes start at once on an empty database",
    sees="PostgreSQL: both answer. SQLite: one answers; the other stops and names the first",
    holds="One set of tables, of the newest migration",
    processes=2,
)
async def two_begin_at_once(s: Scene) -> None:
    bots = [s.bot(), s.bot()]
    await asyncio.gather(*(bot.start() for bot in bots))
    if s.engine == "postgresql":
        await asyncio.gather(*(bot.says("Trailmate is at ") for bot in bots))
        assert len((await bots[0].health())["processes"]) == 2
        return
    await s.until(lambda: sum(not bot.is_there for bot in bots) == 1, 90, "one ends")
    first, second = sorted(bots, key=lambda bot: not bot.is_there)
    await first.says("Trailmate is at ")
    expect(second.log_so_far, f"already running on this database (process {first.process.pid if first.process else 0}")


SMALL = "everyday-statistics"
"""A small roadmap of the package."""


def put_roadmap(folder: Path) -> None:
    """Put a whole roadmap of one's own into a folder, in the place of what is there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "roadmap" / SMALL, folder)
    outline = folder / "roadmap.yaml"
    outline.write_text(outline.read_text().replace(f"id: {SMALL}", f"id: {folder.name}"))


@drill(
    does="One of the operator's own roadmaps is damaged while the bot is stopped, another before a reload",
    sees="Other roadmaps work. The log says what is wrong. A reload keeps the old version",
    holds="Unchanged; a repaired roadmap is there after a reload",
)
async def roadmap_is_damaged(s: Scene) -> None:
    await s.live()
    good, bad = (s.folder / "roadmaps" / name for name in ("good", "bad"))
    for folder in (good, bad):
        put_roadmap(folder)
    (bad / "roadmap.yaml").write_bytes(b"units: [\xff\xfe {")
    bot, verb = s.bot(), s.bot()
    await bot.begin()
    expect(bot.log_so_far, "bad is left out")
    assert "good is left out" not in bot.log_so_far, bot.log_so_far
    page = await s.page(bot)
    expect(await page.say("ada", "progress"), "Your progress")
    (good / "roadmap.yaml").write_bytes(b"units: [\xff\xfe {")
    put_roadmap(bad)
    assert await verb.run("roadmap", "reload") == 1
    expect(verb.log_so_far, "good: stays as it was")
    expect(verb.log_so_far, "bad: new")
    put_roadmap(good)
    assert await verb.run("roadmap", "reload") == 0
    assert "stays as it was" not in verb.log_so_far, verb.log_so_far
    expect(await page.say("ada", "progress"), "Your progress")
    assert s.count("study_group") == 1
    assert "Traceback" not in bot.log_so_far


@drill(
    does="SIGTERM during thirty check-ins and several posts to Slack",
    sees="Each acknowledged check-in is there after the next start. The process is gone within ten seconds",
    holds="Every acknowledged check-in; each post `sent` once",
)
async def ended_in_the_middle(s: Scene) -> None:
    slack = await s.slack()
    await s.live()
    bot = s.bot()
    await bot.begin(said="the note index is ready")
    page = await s.page(bot)
    for n in range(10):
        s.announce(f"post {n}", f"C{n % 3 + 1}", "slack", TEAM)
    await page.say("ada", "progress")
    saying = [asyncio.create_task(page.say("ada", f"checkin 1 line {n}")) for n in range(30)]
    await asyncio.sleep(0.4)
    assert await bot.end(signal.SIGTERM) < 10
    told = await asyncio.gather(*saying, return_exceptions=True)
    kept = sum(isinstance(one, str) and "30 min" in one for one in told)
    assert all(isinstance(one, str | aiohttp.ClientError | OSError) for one in told), told
    assert s.count("checkin") >= kept
    await bot.begin(said="slack is ready")
    await s.until(lambda: s.count("outbox", "state = 'sent' AND platform = 'slack'") == 10, 90, "all are sent")
    found = [post for room in ROOMS for post in slack.posts(room)]
    assert sorted(found) == [f"This is post {n}." for n in range(10)]


@drill(
    does="DNS doesn't resolve Slack, Discord and the model during the first ten seconds",
    sees="The page works at once, answers come from the notes. Each post comes once DNS works, without a restart",
    holds="The rows stay due, then `sent`; the model is asked again",
)
async def names_are_gone(s: Scene) -> None:
    await s.live()
    slack, discord, model = await s.slack(), Discord(), Model("malformed")
    await discord.start(s)
    hosts = s.folder / "hosts"
    hosts.write_text("127.0.0.1 localhost\n")
    for name in ("DISCORD_API_URL", "DISCORD_GATEWAY_URL", "SLACK_API_URL"):
        s.given[name] = s.given[name].replace("127.0.0.1", "chat.drill")
    slack.base, discord.url = (url.replace("127.0.0.1", "chat.drill") for url in (slack.base, discord.url))
    address = (await model.start(s)).replace("127.0.0.1", "model.drill")
    bot = s.bot(OPENAI_API_KEY="sk-drill", OPENAI_BASE_URL=address)
    bot.prefix = ("unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', str(hosts))
    if shutil.which("unshare") is None or await cannot(*bot.prefix, "true"):
        raise NotHere("mounts nothing")
    await bot.begin()
    s.announce("post", "C1", "slack", TEAM)
    s.announce("post there", OPEN, "discord", GUILD)
    page = await s.page(bot)
    expect(await page.say("mo", "help"), "What you can do")
    expect(await page.say("ada", "ask what is a tuple?"), "tuple")
    await asyncio.sleep(10)
    assert not slack.posts() and not discord.sent and not model.asked
    with hosts.open("a") as file:
        file.write("127.0.0.1 chat.drill model.drill\n")
    await s.until(lambda: len(slack.posts()) == 1, 120, "Slack's post is there")
    await s.until(lambda: discord.has(OPEN, "post there") == 1, 120, "Discord's post is there")
    expect(await page.say("ada", "ask what is a list?"), "list")
    assert model.asked, "the model is asked again"


async def cannot(*words: str) -> bool:
    """Whether this machine cannot run a program."""
    with suppress(OSError):
        tried = await asyncio.create_subprocess_exec(*words, stderr=asyncio.subprocess.DEVNULL)
        return bool(await tried.wait())
    return True
