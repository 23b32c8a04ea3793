"""Where the group stands, and its members: who sees what, and that a moderator's buttons are the commands."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlalchemy import select

from bot.features.audit.service import AuditEntry
from bot.features.checkins.tables import Ruling
from bot.features.groups.tables import Occurrence
from bot.messages.call import Call
from bot.storage.unit_of_work import Work
from tests.dashboard.browsing import Site, served
from tests.harness import World, text, world

HOSTILE = "<b>=eve</b>"


async def ruled(w: World) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return what was ruled and what stands on the audit of it, without whom it was about."""

    def read(work: Work) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        rulings = work.session.scalars(select(Ruling).order_by(Ruling.id)).all()
        deeds = work.session.scalars(
            select(AuditEntry).where(AuditEntry.about_id.is_not(None)).order_by(AuditEntry.id)
        ).all()
        return (
            [(ruling.account_id, ruling.unit_id, ruling.kind, ruling.reason, ruling.author_id) for ruling in rulings],
            [(deed.about_id, deed.command, deed.reason, deed.account_id) for deed in deeds],
        )

    return await w.app.database.run(read, writes=False)


async def test_a_moderator_sees_names_and_a_member_counts(site: Site) -> None:
    w = site.w
    ada, _ = await site.signed_in("ada")
    assert "0 of 2 have checked in" in (await ada.get("/dashboard/group?cohort=1")).text
    await w.say("mo", "cohort edit channel_shows=nothing confirm=yes")
    none = await ada.get("/dashboard/group?cohort=1")
    assert "This group shows no counts to its members." in none.text and "have checked in" not in none.text
    await w.say("mo", "cohort edit channel_shows=board confirm=yes")
    for who in ("cleo", "dan", HOSTILE):
        await w.say(who, "join")
    await w.say("ben", "checkin 30 read")
    await w.say("cleo", "pledge two papers")
    member = await ada.get("/dashboard/group?cohort=1")
    assert "1 of 5 have checked in , 1 made a plan In: Ben" in member.text
    assert "You haven't checked in yet. Check in" in member.text
    for secret in ("Not yet", "Checked in 1", "Cleo", "two papers", "Checking in less", "Digest"):
        assert secret not in member.text, secret
    assert (await ada.get("/dashboard/members?cohort=1")).status == 403
    mo, _ = await site.signed_in("mo")
    now = await mo.get("/dashboard/group?cohort=1")
    for words in (
        "1 of 5 have checked in",
        "Not yet 4",
        "Checked in 1 Ben",
        "Nobody. All good!",
        "how many members completed",
    ):
        assert words in now.text, words
    assert "&lt;b&gt;=eve" in now.html and "<b>=eve" not in now.html and "two papers" not in now.text


async def test_this_week_shows_what_members_shared_and_asked_and_the_next_session(site: Site) -> None:
    w = site.w
    await w.say("ben", "checkin 30 drew thirty numbers")
    await w.press("ben", "Share")
    await w.say("mo", "manage session plan at='sat 18:00' topic=Questions confirm=yes")
    await w.tick()
    ada, _ = await site.signed_in("ada")
    page = await ada.get("/dashboard/group?cohort=1")
    assert "Ben worked for 30 minutes: drew thirty numbers" in page.text
    assert "Next live session" in page.text and "Questions" in page.text
    assert "an hour before" in (await ada.press(page, "I'll come")).text
    await w.say("ben", "undo")
    await w.tick()
    assert "drew thirty numbers" not in (await ada.get("/dashboard/group?cohort=1")).text


async def test_people_lists_members_as_they_show_themselves(site: Site) -> None:
    w = site.w
    for who in ("cleo", HOSTILE):
        await w.say(who, "join")
    await w.say("ben", "settings alias=Owl")
    await w.say("cleo", "settings visible=no")
    ada, _ = await site.signed_in("ada")
    page = await ada.get("/dashboard/people?cohort=1")
    assert "Ada you" in page.text and "Owl" in page.text and " more" not in page.text
    assert "Ben" not in page.text and "Cleo" not in page.text and "<b>=eve" not in page.html
    cleo, _ = await site.signed_in("cleo")
    assert "You aren't on this list." in (await cleo.get("/dashboard/people?cohort=1")).text
    await w.say("mo", "manage edit channel_shows=nothing confirm=yes")
    assert "shows no names" in (await ada.get("/dashboard/people?cohort=1")).text


async def test_a_group_in_its_break_is_not_called_small(tmp_path: Path) -> None:
    async with world(tmp_path, TRAILMATE_PORT=0) as w:
        await w.begin("ada", "ben", "cleo", "dan", "eve", "fay", extra="first_unit=7")
        await w.after(days=7)
        async with served(w) as site:
            ada, _ = await site.signed_in("ada")
            now = await ada.get("/dashboard/group?cohort=1")
    assert "The group has a break now. Nothing is due" in now.text and "shows no counts" not in now.text


async def test_what_fades_gets_a_word_and_weeks_are_beside_each_other(site: Site) -> None:
    w = site.w
    for who in ("cleo", "dan", "eve"):
        await w.say(who, "join")
    for week in range(3):
        for who in ("ben", "cleo", "dan", "eve", *(("ada",) if week == 0 else ())):
            await w.say(who, f"checkin 30 read {week}")
        await w.after(days=7)
    mo, _ = await site.signed_in("mo")
    now = await mo.get("/dashboard/group?cohort=1")
    assert (
        "This week 1" in now.text and "Checking in less 1" in now.text and "good to have you in Night owls" in now.text
    )
    assert "5 of 5 100" in now.text and "4 of 5 80" in now.text and "Completed" in now.text
    file = await mo.get("/dashboard/group.csv?cohort=1")
    assert [line[2:5] for line in csv.reader(file.html.splitlines()[1:])] == [
        ["5", "5", "100"],
        ["4", "5", "80"],
        ["4", "5", "80"],
    ]

    def stored(work: Work) -> list[tuple[int | None, int | None]]:
        rows = work.session.scalars(select(Occurrence).order_by(Occurrence.number)).all()
        return [(row.kept, row.counted_for) for row in rows]

    assert (await w.app.database.run(stored, writes=False))[:3] == [(5, 5), (4, 5), (4, 5)]
    sent = await mo.press(now, "Write to them")
    record = text(await w.say("mo", "audit"))
    assert "messaged Ada from the digest" in record and "who=" not in record
    assert "Sent" in sent.text and "Messaged on" in sent.text and "Write to them" not in sent.text
    assert "already had a message this week" in text(await w.call("mo", Call("digest write", {"who": "2"})))
    member = await (await site.signed_in("ben"))[0].get("/dashboard/group?cohort=1")
    assert "Ben Cleo Dan Eve" in member.text and "5 of 5 100" in member.text and "Checking in less" not in member.text


async def test_rulings_of_the_page_are_those_of_the_chat(site: Site) -> None:
    w = site.w
    for who in ("ada", "ben"):
        await w.say(who, "checkin 300 read")
    for line in ("excuse ada 1 was ill", "lift ada 1 a mistake", "correct ada 1 300 was 30 minutes=30"):
        assert (await w.say("mo", line)).tone == "good", line
    await w.press("mo", "Void unit", of=await w.say("mo", "void ada 1 not theirs"))
    by_chat, deeds_by_chat = await ruled(w)
    mo, _ = await site.signed_in("mo")
    page = await mo.get("/dashboard/members?cohort=1&q=BE")
    assert "Ben" in page.text and "Ada" not in page.text
    ben = await mo.get("/dashboard/members?cohort=1&member=3")
    assert "Ben" in ben.text
    for label, values in (
        ("Excuse", {"reason": "was ill"}),
        ("Lift", {"reason": "a mistake"}),
        ("Correct", {"reason": "300 was 30", "minutes": "30"}),
        ("Void", {"reason": "not theirs"}),
    ):
        form = await mo.press(ben, label)
        assert "About Ben ." in form.text and 'name="member"' not in form.html
        ben = await mo.press(ben, label, **values)
        assert "member=" in ben.url, label
    ben = await mo.press(ben, "Void unit")
    assert "Voided: not theirs" in ben.text
    both, deeds = await ruled(w)
    ours, ours_on_record = both[len(by_chat) :], deeds[len(deeds_by_chat) :]
    assert [our[1:] for our in ours] == [one[1:] for one in by_chat] and len({one[0] for one in both}) == 2
    assert [one[1:] for one in ours_on_record] == [one[1:] for one in deeds_by_chat]
    strange = await mo.get("/dashboard/members?cohort=1&member=99")
    assert strange.status == 403 and "isn't a member of the group" in strange.text


async def test_a_register_pages_through_its_members(site: Site) -> None:
    w = site.w
    for n in range(52):
        await w.say(f"m{n:02}", "join")
    await w.say("m51", "checkin 30 read")
    await w.tick()
    mo, _ = await site.signed_in("mo")
    first = await mo.get("/dashboard/members?cohort=1")
    assert "54 members, page 1 of 2" in first.text and "M47" in first.text and "M48" not in first.text
    last = await mo.get("/dashboard/members?cohort=1&page=9999999")
    assert "M51" in last.text and "page 2 of 2" in last.text and "kept" in last.text
    assert "53 members" in (await mo.get("/dashboard/members?cohort=1&of=missing")).text
    for none in ("q=%25", "of=fading", "q=zzz", "of=resting&q=m0"):
        assert "Nobody matches" in (await mo.get(f"/dashboard/members?cohort=1&{none}")).text, none
    file = await mo.get("/dashboard/members.csv?cohort=1&q=m5")
    assert file.html.splitlines() == [
        "Name,Streak,Points,Checks in less,Missed several units,Unit 1",
        "M50,0,0,,,open",
        "M51,1,10,,,kept",
    ]
