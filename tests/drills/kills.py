"""Killed in the middle: of a command, a delivery, a look at what is due, a migration, a restore."""

from __future__ import annotations

import asyncio

import aiohttp

from tests.drills.frame import Scene, drill
from tests.drills.page import Page
from tests.platforms.slack.stub import TEAM

ANSWER = "bot.core.dispatch:Dispatcher.answer"
COMMAND = (
    f"{ANSWER}@before",
    f"{ANSWER}>bot.db.promise:Promise.commit@before",
    f"{ANSWER}>bot.db.work:Database._kept@before",
    f"{ANSWER}@after",
)
"""Come in; written, not committed; committed, and nobody knows; known, not sent."""

DELIVERY = (
    "bot.db.claim:claim@after",
    "bot.db.relay:attempt@before",
    "bot.db.relay:attempt@after",
    "bot.db.relay:Relay._store@after",
    "bot.db.relay:Relay._mark@after",
)
"""Being leased; leased, not sent; sent, not marked; marked, not committed; all done."""


@drill(
    does="kill -9 at each step of a check-in: come in, written, committed, answered; then the same line is sent again",
    sees="The line gets no answer; sent again it does, or is taken for the repetition that it is",
    holds="One check-in for each line, whichever step it was",
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


@drill(
    does="kill -9 at each step of a post to Slack: leased, asked a last time, sent, marked, committed",
    sees="Each post stands in the channel once, at the latest when the dead one's lease of a minute is over",
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
