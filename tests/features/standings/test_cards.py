"""What the cards of a member and of a board say, and that nobody is on them who does not want to be."""

from __future__ import annotations

import json
from datetime import date, timedelta

from bot.drawing.board_card import BOARD, BoardCard, LeaderboardRow
from bot.drawing.progress_card import PROGRESS, ProgressCard
from bot.messages.reply import Image, Reply
from tests.harness import MONDAY, World, text

WEEK = timedelta(weeks=1)


def image(reply: Reply) -> Image:
    return next(block for block in reply.blocks if isinstance(block, Image))


async def test_cards_show_what_their_reader_may_know_and_turn_into_words(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    await w.say("ada", "settings alias='Night reader'")
    await w.say("ben", "settings shown=no")
    await w.say("ada", "checkin 90 read")
    await w.say("ben", "checkin 20 read")
    assert "Studied on 1 day so far." in image(await w.say("ada", "progress")).alt
    await w.to(MONDAY + WEEK + timedelta(hours=2))

    mine = image(await w.say("ada", "progress"))
    card = ProgressCard.read(mine.data)
    assert (mine.drawing, card.name, card.streak, card.points) == (PROGRESS, "Night reader", 1, 10)
    assert card.units[:3] == ("kept", "open", "to come") and len(card.units) > 30
    assert (card.since, card.days[0], sum(card.days)) == (date(2026, 3, 2), 3, 3)
    assert "1 completed, 1 open" in mine.alt and "Studied on 1 day of the last 8." in mine.alt

    reply = await w.say("chloe", "leaderboard season")
    seen = image(reply)
    rows = [row for row in BoardCard.read(seen.data).rows if isinstance(row, LeaderboardRow)]
    assert (
        seen.drawing == BOARD
        and [(row.name, row.is_me) for row in rows]
        == [
            ("Night reader", False),
            ("Chloe", True),
            ("Mo", False),
        ][: len(rows)]
    )
    assert "Ben" not in json.dumps(dict(seen.data)) + seen.alt and "Ada" not in json.dumps(dict(seen.data))

    own = image(await w.say("ben", "leaderboard season"))
    assert ("Ben", "only you see this") in [
        (r.name, r.note) for r in BoardCard.read(own.data).rows if isinstance(r, LeaderboardRow)
    ]

    assert "Pictures: off, text instead" in text(await w.say("chloe", "settings pictures=no"))
    in_words = await w.say("chloe", "leaderboard season")
    assert text(in_words) == text(reply) and seen.table in in_words.blocks
    for line in ("progress", "leaderboard season", "read"):
        assert not any(isinstance(block, Image) for block in (await w.say("chloe", line)).blocks), line
    assert image(await w.say("ada", "leaderboard season")), "that is each one's own to say"
