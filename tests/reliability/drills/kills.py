"""Killed in the middle: of a command, a delivery, a look at what is due, a migration, a restore."""

from __future__ import annotations

import asyncio

import aiohttp

from tests.platforms.slack.stub import TEAM
from tests.reliability.drills.frame import Scene, drill, expect
from tests.reliability.drills.page import Page

START = "2026-01-01 00:00:00.000000"
ANSWER = "bot.commands.dispatcher:Dispatcher.answer"
COMMAND = (
    f"{ANSWER}@before",
    f"{ANSWER}>bot.storage.group_commit:CommitState.commit@before",
    "bot.commands.dispatcher:Dispatcher._run_command@after",
    f"{ANSWER}@after",
)
"""Come in; written, not committed; committed, not told; told, not sent."""

DELIVERY = (
    "bot.delivery.outbox_lease:claim@after",
    "bot.delivery.relay:attempt@before",
    "bot.delivery.relay:attempt@after",
    "bot.delivery.relay:Relay._store@after",
    "bot.delivery.relay:Relay._mark@after",
)
"""Being leased; leased, not sent; sent, not marked; marked, not committed; all done."""


@drill(
    does="kill -9 at each step of a check-in: received, written, committed, answered. Then the line is sent again",
    sees="The first line gets no answer. The repeated line is answered or recognised as a repeat",
    holds="One check-in for each line",
)
async def killed_in_a_command(s: Scene) -> None:
    await s.live()
    bot = s.bot()
    page = await s.page(bot)
    for n, point in enumerate(COMMAND, 1):
        await bot.begin(kill=point)
        line, key = f"checkin {n}0 read chapter {n}", f"line-{n}"
        if n > 1:
            await _sent_again(s, page, n - 1)
        bot.arm()
        try:
            answer = await page.say("ada", line, key)
            raise AssertionError(f"it was answered: {answer}")
        except aiohttp.ClientError:
            await bot.was_killed()
        assert s.count("checkin") == n - (point in COMMAND[:2]), f"{point} left something else than all or nothing"
    await bot.begin()
    await _sent_again(s, page, len(COMMAND))


async def _sent_again(s: Scene, page: Page, n: int) -> None:
    for _ in range(2):
        await page.say("ada", f"checkin {n}0 read chapter {n}", f"line-{n}")
    assert s.count("checkin") == n, f"after {COMMAND[n - 1]} the line counts once"


QUESTION = (
    "bot.features.ask.answering:Answering._load@after",
    "bot.features.ask.answering:Answering._answer@after",
    "bot.features.ask.answering:_keep_turn@after",
    "bot.commands.dispatcher:Dispatcher._run_command@after",
)
"""Claimed and read, not answered; answered, not stored; stored, not committed; committed, not shown."""


@drill(
    does="kill -9 at each step of an answer: read, answered, stored, committed. Then somebody asks again",
    sees="The second question is answered. Within 90 s the first answer says that it was interrupted",
    holds="One stored question for each answer that was committed",
)
async def killed_in_an_answer(s: Scene) -> None:
    await s.live()
    bot = s.bot()
    page = await s.page(bot)
    for n, point in enumerate(QUESTION):
        await bot.begin(kill=point, said="the note index is ready")
        before = s.count("conversation_turn")
        bot.arm()
        try:
            answer = await page.say("ada", "ask what is a tuple?")
            raise AssertionError(f"it was answered: {answer}")
        except aiohttp.ClientError:
            await bot.was_killed()
        is_committed = n == len(QUESTION) - 1
        assert s.count("conversation_turn") == before + is_committed, f"{point} left something else than all or nothing"
        await bot.begin(said="the note index is ready")
        expect(await page.say("ada", "ask what is a tuple?"), "uple")
        assert s.count("conversation_turn") == before + is_committed + 1
        await s.until(lambda: _is_told(page), 90, "the first answer says that it stopped")
        await bot.end()


async def _is_told(page: Page) -> bool:
    return "Searching our notes" not in await page.room()


@drill(
    does="kill -9 at each step of a post to Slack: leased, checked, sent, marked, committed",
    sees="Each post is in the channel once, at the latest when the dead process's one-minute lease expires",
    holds="Each row is `sent`, with the message's id",
)
async def killed_in_a_delivery(s: Scene) -> None:
    slack = await s.slack()
    bot = s.bot()
    for n, point in enumerate(DELIVERY):
        await bot.begin(kill=point, said="slack is ready")
        bot.arm()
        room = f"C{n + 1}"
        slack.messages[room] = []
        s.announce(f"post {n}", room, "slack", TEAM)
        await bot.was_killed()
    await bot.begin(said="slack is ready")
    await s.until(lambda: s.count("outbox", "state = 'sent'") == len(DELIVERY), 90, "all are sent")
    await asyncio.sleep(3)
    for n, point in enumerate(DELIVERY):
        assert len(slack.posts(f"C{n + 1}")) == 1, f"{point}: {slack.posts(f'C{n + 1}')}"
    assert not s.count("outbox", "sent_ref IS NULL")


LOOK = (
    "bot.features.schedule.service:Tick._take@after",
    "bot.features.schedule.service:Tick._look@after",
    "bot.features.schedule.service:Tick._store@before",
    "bot.features.schedule.service:Tick._store@after",
)
"""A group being taken; what is due found; not stored; stored, not committed."""


@drill(
    does="kill -9 at each step of scheduling a group's first post: taken, read, stored, committed",
    sees="The unit's post and its thread are there once, at most two minutes after the last kill",
    holds="Each outbox row once, all `sent`; the unit opened once",
)
async def killed_in_a_look(s: Scene) -> None:
    await s.live(is_due=True)
    bot = s.bot()
    for n, point in enumerate(LOOK):
        bot.arm()
        await bot.start(kill=point)
        await bot.was_killed()
        if n < len(LOOK) - 1:  # the last lease is waited for
            s.change(f"UPDATE study_group SET wake_at = '{START}'")
    await bot.begin()
    await s.until(lambda: s.count("opened_unit"), 120, "the unit is opened")
    await s.until(lambda: s.count("outbox", "action = 'post'") > 2, 120, "its post is queued")
    await s.until(lambda: not s.count("outbox", "state IN ('due', 'sending')"), 60, "all are sent")
    assert s.count("opened_unit") == 1
    assert not s.count("outbox", "state <> 'sent'")
    posted, stood = s.count("outbox", "action = 'post'"), s.count("feed_message", "key IN (SELECT key FROM outbox)")
    assert posted == stood, f"{posted} posts, {stood} messages"


MIGRATION = "alembic.operations:Operations.create_table@after"


@drill(
    does="kill -9 early, halfway and late in the migration of an empty database",
    sees="The next start continues from there, and the page answers",
    holds="Only the newest version's tables: `trailmate db check` finds no fault",
)
async def killed_in_a_migration(s: Scene) -> None:
    bot = s.bot()
    for n in (2, 15, 25):
        bot.arm()
        await bot.start(kill=f"{MIGRATION}*{n}")
        await bot.was_killed()
    await bot.begin()
    page = await s.page(bot)
    expect(await page.say("mo", "help"), "What you can do")
    assert await s.bot().run("db", "check") == 0, s.bots[-1].log_so_far


RESTORE = (
    "bot.maintenance.restore:_load@before",
    "bot.maintenance.table_rows:Tables.write@after*5",
    "bot.maintenance.restore:_load@after",
    "bot.cli.backup:_put_files_back@before",
)
"""Nothing loaded; some tables; all, not in place; in place."""


@drill(
    does="kill -9 at each step of `trailmate restore FILE --replace`: nothing loaded, half, all, swapped in",
    sees="After the next start the old data or the backup's, never a mix. A second restore works",
    holds="All of the old data or all of the backup; at the end the backup",
)
async def killed_in_a_restore(s: Scene) -> None:
    bot, page = await s.begun()
    expect(await page.say("ada", "checkin 30 before"), "30 min")
    verb, file = s.bot(), str(s.folder / "backup.zip")
    assert await verb.run("backup", file) == 0, verb.log_so_far
    expect(await page.say("ada", "checkin 30 after"), "30 min")
    await bot.end()
    for n, point in enumerate(RESTORE):
        verb.arm()
        await verb.start("restore", file, "--replace", "--yes", kill=point)
        await verb.was_killed()
        assert s.count("checkin") == (1 if n == len(RESTORE) - 1 else 2), f"{point} left a part"
    assert await verb.run("restore", file, "--replace", "--yes") == 0, verb.log_so_far
    await bot.begin()
    told = await page.say("ada", "progress")
    expect(told, "Your progress")
    assert s.count("checkin") == 1
