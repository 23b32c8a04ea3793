"""The record of what moderators did: every deed once, with its reason, for moderators of the group alone."""

from __future__ import annotations

from sqlalchemy import select

from bot.features.audit.service import AuditEntry, in_zone
from tests.harness import World, text


async def deeds(w: World) -> list[tuple[str, str, str]]:
    chosen = select(AuditEntry.command, AuditEntry.said, AuditEntry.reason).order_by(AuditEntry.id)
    found = await w.app.database.run(lambda work: work.session.execute(chosen).all(), writes=False)
    return [(name, said, reason) for name, said, reason in found]


async def test_what_moderators_do_stands_on_record_once_and_what_they_only_look_at_does_not(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 a secret")
    before = len(await deeds(w))
    await w.say("mo", "excuse ben 1 was ill")
    await w.say("mo", "excuse ben 1 was ill")  # nothing changed
    preview = await w.say("mo", 'void ada 1 "copied it"')
    assert preview.tone == "warn" and len(await deeds(w)) == before + 1
    await w.press("mo", "Void unit")
    await w.say("mo", "cohort pause 2 reason=holidays confirm=yes")
    await w.say("mo", "cohort edit name=Larks confirm=yes")
    await w.say("mo", "report")
    assert (await w.say("ada", "excuse ben 1 please")).tone == "error"
    assert (await deeds(w))[before:] == [
        ("manage excuse", "unit: 1", "was ill"),
        ("manage void", "unit: 1", "copied it"),
        ("manage pause", "weeks: 2", "holidays"),
        ("manage edit", "name: Larks", ""),
    ]

    told = await w.say("mo", "audit")
    said = text(told)
    assert told.audience == "private"
    assert "Mo excused Ben from unit 1. Reason: “was ill”." in said
    assert "Mo decided that Ada's unit 1 doesn't count. Reason: “copied it”." in said
    assert "Mo paused the group (weeks: 2). Reason: “holidays”." in said
    assert said.index("changed the group (name: Larks)") < said.index("excuse") and "a secret" not in said
    assert "doesn't count" not in text(await w.say("mo", "audit person=ben"))
    assert "excuse" not in text(await w.say("mo", "audit what=cohort"))
    assert "No changes fit that." in text(await w.say("mo", "audit since=tomorrow"))
    assert "doesn't fit exactly one person here" in text(await w.say("mo", "audit person=zoe"))
    assert (await w.say("ada", "audit")).tone == "error"


async def test_the_record_is_paged_and_texts_leave_no_trace_on_it(w: World) -> None:
    await w.begin("ada")
    for number in range(11):
        await w.say("mo", f"notes add text='Owls meet by night {number}'")
    page = await w.say("mo", "audit")
    assert text(page).count("Mo added a note.") == 10 and "night" not in text(page)
    assert "added a note" in text(await w.press("mo", "Show earlier"))


async def test_what_concerns_the_whole_server_is_for_whom_it_trusts(w: World) -> None:
    await w.begin("ada")
    await w.say("mo", "cohort edit moderators=@ada confirm=yes")
    await w.say("mo", "outline add title=Club confirm=yes text='- One'")
    assert "Mo added a course" in text(await w.say("mo", "audit"))
    said = text(await w.say("ada", "audit"))
    assert "Mo changed the group (moderators)." in said and "course" not in said


async def test_an_hour_stands_on_record_as_the_clocks_of_the_group_show_it(w: World) -> None:
    await w.begin("ada", zone="Asia/Kolkata")
    await w.say("mo", "session plan at='wed 18:00'")
    await w.press("mo", "Post it")
    assert "Mo planned a live session for Wed 4 Mar 2026, 18:00." in text(await w.say("mo", "audit"))
    assert in_zone("at=2026-13-04T18:00Z, topic=x", "UTC") == "at=2026-13-04T18:00Z, topic=x"
