"""What moderators read after each unit, and what they have members told."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.delivery.outbox import OutboxRow
from bot.features.people.tables import AccountRow
from bot.messages.call import Call
from bot.messages.reply import Reply
from bot.platforms.discord import render as discord_render
from tests.harness import World, text
from tests.kit import Partner


async def sent(w: World, kind: str, who: str) -> list[Reply]:
    """Return what somebody was sent of a kind by direct message, oldest first."""

    def read(work: Any) -> list[Reply]:
        chosen = select(OutboxRow).where(OutboxRow.key.contains(f":{kind}:"), OutboxRow.state == "sent")
        rows = work.session.scalars(chosen.order_by(OutboxRow.id))
        return [Reply.from_json(row.reply) for row in rows if row.place.reader == who]

    return await w.app.database.run(read, writes=False)


def labels(reply: Reply, start: str = "") -> list[str]:
    return [button.label for button in reply.all_buttons if button.label.startswith(start)]


async def test_moderators_get_one_message_after_a_unit_in_their_first_waking_hour(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("mo", "settings")
    await w.say("ada", "checkin 30 read")
    assert "No unit has closed yet" in text(await w.say("mo", "digest"))
    await w.to(datetime.fromisoformat("2026-03-09T08:59:00+00:00"))
    assert await sent(w, "digest", "mo") == []
    await w.after(minutes=2)
    (first,) = await sent(w, "digest", "mo")
    assert "Unit 1" in text(first) and "One member completed it." in text(first)
    assert "Not started yet - Ben: Hasn't checked in yet." in text(first)
    assert "> Hi Ben, it's good to have you in Night owls" in text(first) and "…" not in text(first)
    assert await sent(w, "digest", "ada") == []
    await w.after(days=5)
    assert len(await sent(w, "digest", "mo")) == 1
    await w.say("mo", "digest weekly=no")
    await w.after(days=5)
    assert len(await sent(w, "digest", "mo")) == 1
    assert "Unit 2" in text(await w.say("mo", "digest")), "it can be read all the same"
    await w.press("mo", "Send weekly")
    await w.after(days=8)
    assert len(await sent(w, "digest", "mo")) >= 2


async def test_a_moderator_of_several_groups_gets_one_message_with_a_section_for_each(w: World) -> None:
    for n, room in enumerate(("general", "birds", "moths")):
        await w.start(name=f"Group {n}", room=room)
        await w.say("ada", "join", room=room)
    await w.say("mo", "cohort edit moderators=max confirm=yes", room="birds")
    await w.after(days=8)
    (one,) = await sent(w, "digest", "mo")
    said = text(one)
    assert one.title == "Weekly digest: your groups"
    assert said.index("Group 0") < said.index("Group 1") < said.index("Group 2")
    assert labels(one, "Send to") == ["Send to Ada"] * 3 and len(labels(one, "Report")) == 3
    writes = [button.target for button in one.all_buttons if button.label.startswith("Send to")]
    assert [call.group for call in writes if isinstance(call, Call)] == [1, 2, 3]
    await w.after(days=7)
    assert len(await sent(w, "digest", "mo")) == 2


@pytest.mark.nightly
async def test_a_digest_of_two_groups_forgets_a_member_of_the_second(wide: World, partner: Partner) -> None:
    account: dict[str, Any] = {"platform": "slack", "tenant": "T1"}
    for n, member in ((1, "bea"), (2, "ada")):
        await wide.start(name=f"Group {n}", room=f"C{n}", **account)
        await wide.say(member, "join", room=f"C{n}", **account)
    await wide.after(days=8)
    (digest,) = [post for post in partner.sent if ":digest:" in post.key]
    assert "Bea" in text(digest.reply) and "Ada" in text(digest.reply)
    assert (await wide.say("ada", "privacy forget confirm=yes", room="@ada", **account)).tone == "good"

    def read(work: Any) -> list[str]:
        return [row.key for row in work.session.scalars(select(OutboxRow)) if "Ada" in json.dumps(row.reply)]

    assert await wide.app.database.run(read, writes=False) == []


async def test_a_moderator_who_sleeps_reads_it_in_the_morning(w: World) -> None:
    await w.start(extra="rhythm='mon 12:00 - sun 12:00'")
    for who in ("ada", "mo"):
        await w.say(who, "join")
    await w.after(days=6)
    await w.to(datetime.fromisoformat("2026-03-09T07:59:00+00:00"))
    assert await sent(w, "digest", "mo") == [], "the unit closed at midnight"
    await w.after(minutes=2)
    assert len(await sent(w, "digest", "mo")) == 1


async def test_one_click_writes_to_a_member_once_a_week_and_never_to_who_is_left_in_peace(w: World) -> None:
    await w.begin("ada", "ben", "chloe", "dev")
    await w.say("dev", "checkin 30 read")
    await w.after(days=7)
    await w.say("chloe", "away in 2 weeks")
    read = await w.say("mo", "digest")
    assert labels(read, "Send to") == ["Send to Ada", "Send to Ben"]
    assert "Chloe" not in text(read) and "Dev" not in text(read)
    done = await w.press("mo", "Send to Ada")
    assert "Ada will get your message. It's signed with your name." in text(done)
    await w.tick()
    (message,) = await sent(w, "word", "ada")
    assert "Hi Ada, it's good to have you in Night owls." in text(message)
    assert "Mo, who moderates Night owls, asked me to send you this." in text(message)
    assert labels(message) == ["Check in", "Be away"]
    assert "already had a message this week" in text(await w.press("mo", "Send to Ada", of=read))
    again = await w.say("mo", "digest")
    assert labels(again, "Send to") == ["Send to Ben"] and "Messaged on Mon 9 Mar 2026" in text(again)
    copied = await w.press("mo", "Copy messages", of=again)
    assert "Hi Ben, it's good to have you in Night owls." in text(copied)
    await w.say("ben", "checkin 20 begun")
    assert "This member doesn't need a message any more" in text(await w.press("mo", "Send to Ben", of=read))
    for stranger in ("ada", "ben"):
        refused = await w.press(stranger, "Send to Ben", of=read)
        assert refused.tone == "error" and "Sent" not in refused.title
    await w.tick()
    assert await sent(w, "word", "ben") == []
    assert "messages from moderators (1)" in text(await w.call("ada", Call("kept")))
    await w.after(days=7)
    assert "Send to Ada" in labels(await w.say("mo", "digest"))


async def test_whoever_takes_no_messages_is_left_to_the_moderator(w: World) -> None:
    await w.begin("ada")
    await w.after(days=7)
    now = w.clock.now()
    await w.app.database.run(
        lambda work: work.session.execute(update(AccountRow).where(AccountRow.name == "Ada").values(unreachable_at=now))
    )
    read = await w.say("mo", "digest")
    assert labels(read, "Send to") == [] and "Doesn't accept direct messages." in text(read)
    assert "Copy messages" in labels(read)


@pytest.mark.nightly
async def test_who_fades_is_told_by_the_rule_of_the_report_and_who_rests_is_not(w: World) -> None:
    await w.begin("ada")
    for _ in range(3):
        await w.say("ada", "checkin 30 read")
        await w.after(days=7)
    assert "Checking in less" not in text(await w.say("mo", "digest"))
    await w.after(days=14)
    read, report = text(await w.say("mo", "digest")), text(await w.say("mo", "report"))
    why = "Missed units 4 and 5 after completing 3 of the 3 units before."
    assert why in read and why in report and "Hi Ada, it's good to have you in Night owls" in read
    await w.after(days=21)
    read = text(await w.say("mo", "digest"))
    assert "Ada" not in read and "Nobody needs a message" in read


@pytest.mark.nightly
async def test_who_never_began_is_named_although_they_were_excused_after_units_that_they_missed(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("mo", "excuse ben 1 ill")
    await w.after(days=7)
    assert "Ben" not in text(await w.say("mo", "digest"))
    await w.after(days=7)
    await w.say("mo", "excuse ada 3 ill")
    for _ in range(2):  # while the excuse lasts, and once its unit has closed
        assert "Ada: Hasn't checked in yet. Missed 2 units, then was excused." in text(await w.say("mo", "digest"))
        await w.after(days=7)


@pytest.mark.nightly
async def test_a_late_joiner_has_until_the_next_leg_and_a_draft_in_a_free_week_says_so(w: World) -> None:
    await w.begin("ada", "mo", extra="first_unit=5")
    await w.after(days=8)
    assert "Or wait for part 2." in text(await w.say("eve", "join"))
    await w.after(days=14)
    read = await w.say("mo", "digest")
    assert "Eve" not in text(read) and "- Ada:" in text(read)
    assert "This week is free" in text(read) and "week's unit" not in text(read)
    await w.press("mo", "Send to Ada", of=read)
    await w.tick()
    (message,) = await sent(w, "word", "ada")
    assert "This week is free" in text(message) and labels(message) == ["Be away"]
    await w.after(days=7)
    assert "Eve" not in text(await w.say("mo", "digest"))
    await w.after(days=7)
    assert "Eve: Hasn't checked in yet." in text(await w.say("mo", "digest"))


async def test_two_drafts_for_one_name_carry_numbers(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    await w.app.database.run(
        lambda work: work.session.execute(update(AccountRow).where(AccountRow.name == "Chloe").values(name="Ada"))
    )
    await w.after(days=7)
    read = await w.say("mo", "digest")
    assert labels(read, "Send to") == ["Send to Ada (1)", "Send to Ada (2)", "Send to Ben"]
    assert "- Ada (1): Hasn't" in text(read) and "- Ada (2): Hasn't" in text(read) and "- Ben: Hasn't" in text(read)
    assert "“Send to” puts in the member's name, signs with yours and sends this message at once." in text(read)


@pytest.mark.nightly
async def test_more_than_ten_are_counted(w: World) -> None:
    await w.begin(*(f"m{n:02}" for n in range(14)))
    await w.after(days=7)
    read = await w.say("mo", "digest")
    assert len(labels(read, "Send to")) == 10 and "and 4 more: `manage report`" in text(read)


async def test_thanks_and_questions_are_told(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ben", "session host")
    await w.say("mo", "session plan at='wed 18:00' confirm=yes")
    await w.say("ada", "checkin 30 read *two* papers")
    await w.press("ada", "Share")
    await w.say("ada", "thanks member=ben for=hosting")
    await w.say("ada", "ask who sells the *quokka* @everyone?")
    await w.after(days=7)
    read = await w.say("mo", "digest")
    assert "Ben hosted the live session and was thanked by others" in text(read), "on one line"
    assert "who sells the *quokka* @everyone?" in text(read) and "See questions" in labels(read)
    assert "Ada shared a check-in with the group" in text(read)
    for _ in range(3):
        await w.say("ada", "checkin 30 read on")
        await w.after(days=7)
    assert "Ada completed 4 units in a row" in text(await w.say("mo", "digest"))


@pytest.mark.nightly
async def test_who_hosted_twice_is_thanked_in_one_clause(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ben", "session host")
    for at in ("wed 18:00", "thu 18:00"):
        await w.say("mo", f"session plan at='{at}' confirm=yes")
    await w.say("ada", "thanks @ben")
    await w.after(days=7)
    assert "- Ben hosted two live sessions and was thanked by others" in text(await w.say("mo", "digest"))


@pytest.mark.nightly
async def test_a_moderator_is_asked_neither_to_thank_nor_to_write_to_herself(w: World) -> None:
    await w.begin("ada", "mo", "max")
    await w.say("mo", "cohort edit moderators=max confirm=yes")
    await w.say("mo", "session host")
    await w.say("mo", "session plan at='wed 18:00' confirm=yes")
    await w.say("ada", "checkin 30 read")
    await w.after(days=7)
    (mine,), (other,) = await sent(w, "digest", "mo"), await sent(w, "digest", "max")
    assert "hosted the live session" not in text(mine) and labels(mine, "Send to") == ["Send to Max"]
    assert "Mo hosted the live session" in text(other) and labels(other, "Send to") == ["Send to Mo"]
    copied = text(await w.press("mo", "Copy messages", of=await w.say("mo", "digest")))
    assert "Hi Max" in copied and "Hi Mo," not in copied


async def test_who_came_back_is_thanked_after_a_silence_and_not_after_one_week(w: World) -> None:
    await w.begin("ada", "ben")
    kept = {"ada": (1, 5), "ben": (1, 3, 5)}
    for unit in range(1, 6):
        for who, units in kept.items():
            if unit in units:
                await w.say(who, "checkin 30 read")
        await w.after(days=7)
    read = text(await w.say("mo", "digest"))
    assert "Ada came back after a break" in read
    assert "Ben" not in read, "one unit was covered by a freeze, one was missed"


async def test_who_moderates_by_a_role_hears_of_it_for_a_month_after_reading_it_and_no_name_before_a_click(
    w: World,
) -> None:
    await w.begin("ada", "ben")
    lea: dict[str, Any] = {"moderator": True}
    await w.to(datetime.fromisoformat("2026-03-09T10:00:00+00:00"))
    assert await sent(w, "digest", "lea") == []
    read = await w.press("lea", "Digest", of=await w.say("lea", "report", **lea), **lea)
    assert read.title.startswith("Weekly digest")
    await w.after(days=7)
    (news,) = await sent(w, "digest", "lea")
    assert "Ada" not in news.plain() and "Ben" not in news.plain()
    assert "Ada" in text(await w.press("lea", "Digest", of=news, **lea))
    assert (await w.press("lea", "Digest", of=news)).tone == "error", "the role is gone"
    await w.press("lea", "Turn off notices", of=news, **lea)
    await w.after(days=7)
    assert len(await sent(w, "digest", "lea")) == 1
    await w.press("lea", "Turn on notices", of=await w.say("lea", "digest", **lea), **lea)
    await w.after(days=42)
    assert len(await sent(w, "digest", "lea")) == 1 + 4


@pytest.mark.nightly
async def test_the_digest_of_many_groups_comes_in_pages_that_keep_every_button(wide: World, partner: Partner) -> None:
    partner.holds = discord_render.fits
    account: dict[str, Any] = {"platform": "slack", "tenant": "T1"}
    for n in range(10, 18):
        await wide.start(name=f"Group {n}", room=f"C{n}", **account)
        await wide.say("ada", "join", room=f"C{n}", **account)
    await wide.after(days=8)
    (first,) = [post for post in partner.sent if ":digest:" in post.key]
    assert first.place.reader == "mo"
    pages = [first.reply]
    refused = await wide.press("ada", "More", of=first.reply, room="@ada", **account)
    assert "no longer have the rest" in text(refused)
    while any(button.label == "More" for button in pages[-1].buttons):
        pages.append(await wide.press("mo", "More", of=pages[-1], room="@mo", **account))
    assert len(pages) > 1 and all(map(discord_render.fits, pages)) and all(page.replaces for page in pages[1:])
    said, shown = " ".join(map(text, pages)), [label for page in pages for label in labels(page)]
    assert [n for n in range(10, 18) if f"Group {n}" not in said] == []
    assert not [page for page in pages if re.search(r"Group \d+$", text(page))], "a group's name ends a page"
    assert (shown.count("Send to Ada"), shown.count("Report")) == (8, 8)
    assert text(await wide.press("mo", "Back", of=pages[1], room="@mo", **account)) == text(first.reply)


async def test_without_a_moderator_a_regular_member_offers_to_lead_and_others_decide(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 read")
    await w.after(days=8)
    (asked,) = await sent(w, "absent", "mo")
    assert "No moderator has changed anything since" in text(asked) and labels(asked) == ["I'm here"]
    await w.say("ada", "checkin 30 read")
    await w.after(days=7)
    assert await sent(w, "search", "ben") == [], "ben has no streak"
    (search,) = await sent(w, "search", "ada")
    assert "I haven't heard from Mo since" in text(search)
    assert "I've posted your offer" in text(await w.press("ada", "I can help", of=search))
    assert "You've offered to help already" in text(await w.press("ada", "I can help", of=search))
    await w.tick()
    offer = (await w.posts())[-1]
    assert "Ada offers to help lead Night owls" in text(offer)
    for who in ("ada", "ben"):
        assert "Mo" in text(await w.press(who, "Add as moderator", of=offer)) and w.last[who].tone == "error"
    await w.press("mo", "Add as moderator", of=offer)
    assert "New moderators: Ada" in text(await w.press("mo", "Confirm"))
    assert "Moderators: Mo, Ada" in text(await w.say("ada", "manage status"))


async def test_a_moderator_who_is_there_is_not_searched_for(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read")
    await w.after(days=8)
    (asked,) = await sent(w, "absent", "mo")
    assert "I won't ask anybody else" in text(await w.press("mo", "I'm here", of=asked))
    assert "said that they still lead the group" in text(await w.say("mo", "manage audit"))
    await w.say("ada", "checkin 30 read")
    await w.after(days=7)
    assert await sent(w, "search", "ada") == []
