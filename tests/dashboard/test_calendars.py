"""A member's calendar at its secret address: what stands in it, how it moves, and how it ends."""

from __future__ import annotations

from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from bot.delivery.processed_events import Draft
from bot.messages.reply import Listing, Reply
from tests.dashboard.browsing import Shown, Site
from tests.harness import text


def address(reply: Reply) -> str:
    """Return the path of the address that a reply tells."""
    (told,) = [block.code for block in reply.blocks if isinstance(block, Listing)]
    return "/" + told.split("/", 3)[3]


def events(shown: Shown) -> dict[str, tuple[int, str]]:
    """Return sequence and start of each event."""
    read: Any = Calendar.from_ical(shown.html)
    found = read.walk("VEVENT")
    return {str(one["uid"]): (int(one["sequence"]), str(one["dtstart"].to_ical())) for one in found}


async def test_what_moves_in_the_group_moves_in_the_calendar(site: Site) -> None:
    w, phone = site.w, site.browser()
    await w.say("ada", "settings zone=America/New_York")
    await w.say("mo", "session plan 'sat 18:00' confirm=yes")
    path = address(await w.say("ada", "calendar"))
    shown = await phone.get(path)
    assert shown.status == 200 and shown.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "TZID=America/New_York" in shown.html
    before = events(shown)
    again = await phone.get(path, If_None_Match=shown.headers["ETag"])
    assert (again.status, again.html) == (304, "")
    await w.say("mo", "session move 'sun 18:00' confirm=yes")
    await w.say("mo", "cohort edit rhythm='tue 09:00 - sun 20:00' confirm=yes")
    moved = await phone.get(path, If_None_Match=shown.headers["ETag"])
    after = events(moved)
    assert moved.status == 200 and set(after) == set(before)
    hour = "c1-hour-1@trailmate"
    assert before[hour][0] == 0 and after[hour][0] == 1 and before[hour][1] != after[hour][1]
    risen = {uid for uid in after if after[uid] != before[uid]}
    assert all(after[uid][0] == before[uid][0] + 1 for uid in risen) and len(risen) > 10
    assert events(await phone.get(path)) == after
    await w.say("mo", "session cancel confirm=yes")
    assert "STATUS:CANCELLED" in (await phone.get(path)).html


async def test_what_lies_behind_stays_when_a_group_has_ended(site: Site) -> None:
    w, phone = site.w, site.browser()
    await w.say("mo", "session plan 'wed 18:00' confirm=yes")
    path = address(await w.say("ada", "calendar"))
    await w.after(days=9)
    behind = {"c1-hour-1@trailmate", f"c1-{w.app.library['genai-2026'].roadmap.units[0].id}-post@trailmate"}
    assert behind < events(await phone.get(path)).keys()
    await w.say("mo", "cohort end confirm=yes")
    await w.after(days=3)
    left = events(await phone.get(path)).keys()
    assert behind <= left and not any("unit-9" in one for one in left), left
    await w.after(days=70)
    assert events(await phone.get(path)) == {}


async def test_an_address_ends_when_it_is_renewed_or_turned_off_and_is_empty_for_who_has_left(
    site: Site,
) -> None:
    w, phone = site.w, site.browser()
    assert "You aren't in a running group" in text(await w.say("stranger", "calendar"))
    first = address(await w.say("ada", "calendar"))
    assert "can't show its address again" in text(await w.say("ada", "calendar"))
    second = address(await w.say("ada", "calendar new"))
    assert (await phone.get(first)).status == 404 and (await phone.get(second)).status == 200
    assert (await phone.get("/calendar/" + "x" * 32 + ".ics")).status == 404
    w.eyes.left.add("ada")
    assert events(await phone.get(second)) == {}
    w.eyes.left.clear()
    await w.say("ada", "leave")
    assert events(await phone.get(second)) == {}
    await w.say("ada", "calendar off")
    assert (await phone.get(second)).status == 404
    browser, _ = await site.signed_in("ben")
    made = await browser.press(await browser.get("/dashboard/schedule"), "My calendar")
    assert "/calendar/" in made.text and "I won't be able to show it again" in made.text
    kept = await w.app.database.run(lambda work: [str(row.reply) for row in work.session.scalars(select(Draft))])
    assert not any("/calendar/" in one for one in kept)


async def test_people_on_a_chat_platform_get_no_address_of_this_machine(site: Site) -> None:
    w, chat = site.w, {"platform": "slack", "tenant": "T1"}
    await w.start(**chat)
    await w.say("ada", "join", **chat)
    for line, what in (("dashboard", "The dashboard"), ("calendar", "Your calendar")):
        refused = text(await w.say("ada", line, **chat))
        assert refused == f"{what} isn't set up yet. Ask a moderator to set it up with the bot's operator."
        await w.say("mo", "join", **chat)
        told = text(await w.say("mo", line, **chat))
        assert f"{what} isn't set up yet." in told and "TRAILMATE_PUBLIC_URL" in told and "127.0.0.1" not in told
