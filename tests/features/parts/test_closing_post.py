"""The end of a leg: its post, the certificate, and the word that somebody goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.delivery.outbox import OutboxRow
from bot.drawing.certificate_card import CertificateCard, draw
from bot.drawing.part_card import PartCard
from bot.messages.call import Call
from bot.messages.reply import Image, Reply
from tests.harness import MONDAY, World, text

NINE = MONDAY + timedelta(hours=1)
WEEK = timedelta(weeks=1)


async def to_the_end_of_leg_1(w: World) -> None:
    """Walk its last three units: Ada keeps all, Ben one, Cy two and the third in the break."""
    await w.begin("ada", "ben", "cy", "dev", "eve", extra="first_unit=5")
    for week in range(3):
        await w.to(NINE + week * WEEK + timedelta(hours=3))
        await w.say("ada", "checkin 30 read")
        if week < 1:
            await w.say("ben", "checkin 30 read")
        if week < 2:
            await w.say("cy", "checkin 30 read")
    await w.to(NINE + 3 * WEEK + timedelta(hours=1))


async def test_a_leg_ends_with_thanks_a_break_the_next_leg_and_certificates(w: World) -> None:
    await to_the_end_of_leg_1(w)
    post = (await w.posts())[-1]
    assert post.title == "Night owls: part 1 is complete"
    said = text(post)
    assert "We've finished 3 units on Python and vectors, from Mon 2 Mar 2026 to Sun 22 Mar 2026." in said
    assert "Thank you for learning together" in said and "The next week is free. Nothing is due" in said
    assert "Part 2: 7 units on Mathematics and systems, until Sun 17 May 2026. It begins Mon 30 Mar 2026, 09:00" in said
    assert "go on" not in said and "kept most" not in said  # one alone is not told
    (bars,) = (block for block in post.blocks if isinstance(block, Image))
    leg = PartCard.read(bars.data)
    assert (leg.title, leg.first, leg.kept, leg.of) == ("Part 1, together", 5, (3, 2, 1), 5)
    assert text(Reply((bars.words,))) == "Completed by unit 5: 3, unit 6: 2, unit 7: 1, of 5 members."
    assert bars.alt == "How many completed each unit of part 1: unit 5: 3, unit 6: 2, unit 7: 1, of 5 members."

    await w.say("mo", "cohort edit channel_shows=goal confirm=yes")
    assert "Great! Part 2: 7 units on Mathematics and systems" in text(await w.press("ada", "Continue", of=post))
    await w.press("cy", "Continue", of=post)
    await w.press("cy", "Continue", of=post)
    await w.after(minutes=3)
    assert "2 of us will continue." in text((await w.posts())[-1])
    assert "▰▰▰▰▰▱▱▱▱▱ 6 of 12 completed in this part" in text((await w.posts())[-1])

    mine = await w.press("ada", "Get certificate", of=post)
    assert (mine.title, mine.audience) == ("Certificate: part 1 of Mastering generative-AI engineering", "private")
    assert "Ada completed part 1 of Mastering generative-AI engineering, Python and vectors, with Night owls: " in text(
        mine
    )
    assert "3 of 3 units from Mon 2 Mar 2026 to Sun 22 Mar 2026." in text(mine)
    picture = mine.blocks[0]
    assert isinstance(picture, Image)
    card = CertificateCard.read(picture.data)
    assert (card.name, card.kept, card.group) == ("Ada", (True, True, True), "Night owls")
    assert (card.since.isoformat(), card.until.isoformat()) == ("2026-03-02", "2026-03-22")
    assert picture.alt.endswith("3 of 3 units.")
    assert "bears the name" not in text(mine)
    await w.say("ada", "settings alias=Owl")
    hers = await w.say("ada", "certificate")
    assert "Owl completed part 1" in text(hers) and "Ada" not in str(hers.blocks)
    assert "Your certificate shows your alias, even when you share it." in text(hers)
    assert "post your certificate in the channel" in text(await w.press("ada", "Share certificate", of=mine))
    assert "already shared this certificate" in text(await w.press("ada", "Share certificate", of=mine))
    await w.tick()
    shared = (await w.posts())[-1]
    assert "Owl completed part 1" in text(shared) and isinstance(shared.blocks[-1], Image)
    assert CertificateCard.read(shared.blocks[-1].data).name == "Owl" and "Ada" not in str(shared.to_json())

    short = text(await w.say("ben", "certificate"))
    assert (
        short
        == "You've completed 1 of 3 units in part 1. You need 3 for a certificate. Units you catch up on count too."
    )
    await w.say("cy", "checkin 30 unit=7 late but done")
    assert "3 of 3 units" in text(await w.say("cy", "certificate 1"))
    assert "Part 2 isn't over yet." in text(await w.say("cy", "certificate 2"))
    await w.say("cy", "leave")
    await w.press("ada", "Continue", of=post)
    assert "One of us will continue." in await now_reads(w, post.title)
    elsewhere = await w.call("ada", Call("go on", {"unit": "6"}, 1))
    assert "You can't continue there now." in text(elsewhere)

    await w.to(NINE + 4 * WEEK + timedelta(hours=1))
    assert "Part 2 begins: 7 units on Mathematics and systems, until Sun 17 May 2026." in text((await w.posts())[-1])
    assert [post.title for post in await w.posts()].count(post.title) == 1
    await w.press("ben", "Continue", of=post)
    said = await now_reads(w, post.title)
    assert "2 of us will continue." in said and "week is free" not in said


async def now_reads(w: World, title: str) -> str:
    """Return what a post says once its last change is out, for which the relay would wait by the machine's clock."""
    await w.app.database.run(lambda work: work.session.execute(update(OutboxRow).values(not_before=None)))
    await w.tick()
    return next(text(post) for post in await w.posts() if post.title == title)


@pytest.mark.nightly
async def test_of_who_came_late_most_is_asked_of_what_was_left_and_half_of_the_leg_at_least(w: World) -> None:
    await w.begin("ada", "ben", "cy", "dev", "fay", extra="first_unit=2")
    for week in range(6):
        await w.to(NINE + week * WEEK + timedelta(hours=30))
        if week == 2:
            await w.say("eve", "join")
        if week == 4:
            await w.say("gil", "join")
        there = {"eve": (2, 3, 5), "gil": (4, 5)} | dict.fromkeys(("ben", "cy", "dev", "fay"), (0, 3))
        for who in ("ada", *(one for one, weeks in there.items() if week in weeks)):
            await w.say(who, f"checkin 30 week {week}")
    await w.to(NINE + 6 * WEEK + timedelta(hours=1))
    post = next(post for post in await w.posts() if "part 1 is complete" in post.title)
    assert "2 of us completed most of it." in text(post) and "of 7 members (2 joined later)" in text(post)
    hers = text(await w.say("eve", "certificate"))
    (picture,) = (block for block in (await w.say("eve", "certificate")).blocks if isinstance(block, Image))
    assert picture.alt.endswith("3 of 6 units, from unit 4 on.") and picture.data["from"] == "4"
    assert "3 of 6 units from Mon 16 Mar 2026 to Sun 12 Apr 2026, from unit 4 on, when they joined." in hers
    short = text(await w.say("gil", "certificate"))
    assert "You've completed 2 of 6 units in part 1. You need 3 for a certificate." in short
    assert "came in" not in text(await w.say("ada", "certificate"))


async def test_no_leg_is_over_before_its_last_grace(w: World) -> None:
    await w.begin("ada", extra="first_unit=7 breaks=no")
    assert "You have no certificate yet." in text(await w.say("ada", "certificate"))
    await w.say("ada", "checkin 30 read")
    await w.to(NINE + WEEK + timedelta(hours=1))
    told = [post for post in await w.posts() if "part 1 is complete" in post.title]
    assert len(told) == 1 and "week is free" not in text(told[0])
    assert "Part 2: 7 units on Mathematics and systems, until Sun 26 Apr 2026." in text(told[0])
    assert "It begins" not in text(told[0])
    gone = await w.press("ada", "Continue", of=told[0])
    assert [button.label for button in gone.buttons] == ["Make a plan"]
    assert "1 of 1 unit from" in text(await w.say("ada", "certificate"))


async def test_a_roadmap_of_one_leg_has_a_certificate_of_its_own_and_its_end_promises_no_freeze(w: World) -> None:
    slack: dict[str, Any] = {"platform": "slack", "tenant": "T1"}
    await w.call("mo", Call("outline add", {"text": "# Our club\n## All\n- One\n- Two\n"}), **slack)
    await w.press("mo", "Confirm", **slack)
    await w.start(extra="roadmap=own-1", **slack)
    await w.say("ada", "join", **slack)
    for week in range(2):
        await w.to(NINE + week * WEEK + timedelta(hours=1))
        assert "streak" in text(await w.say("ada", "checkin 30 read", **slack))
    await w.to(NINE + 2 * WEEK + timedelta(hours=2))
    mine = await w.say("ada", "certificate", **slack)
    assert mine.title == "Certificate: Our club" and "completed Our club, " in text(mine)
    assert "leg 1" not in str(mine) and isinstance(mine.blocks[0], Image)
    card = draw(CertificateCard.read(mine.blocks[0].data))
    assert "Certificate of leg" not in str(card) and "Certificate" in str(card)
    assert "Streak 2. Freezes: 1. " in text(await w.say("ada", "progress", **slack))
