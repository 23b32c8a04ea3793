"""What becomes of a check-in afterwards: undone, edited, shared, or repeated by the platform."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.reply import Quote, Text
from tests.examples import sample
from tests.harness import MONDAY, World, text, world

pytestmark = pytest.mark.long

GRACE_ENDS = MONDAY + timedelta(days=7, hours=1)
NOTE = {"minutes": "45", "note": "read"}


async def test_undo_takes_back_the_last_check_in_and_then_the_one_before(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 first")
    await w.say("ada", "checkin 40 second")
    reply = await w.say("ada", "undo")
    assert text(reply).startswith(
        "Undone I've removed your second check-in for Unit 1: Python data structures. "
        "Your first one (30 min) still counts."
    )
    assert "Streak 1" in text(reply)
    last = text(await w.say("ada", "undo"))
    assert (
        last.startswith("Undone I've removed your check-in for Unit 1: Python data structures.") and "Streak 0" in last
    )
    assert text(await w.say("ada", "undo")) == "You have no check-in to undo."


async def test_undo_of_one_of_three_says_what_still_counts(w: World) -> None:
    await w.begin("ada")
    first = await w.say("ada", "checkin 30 first")
    await w.say("ada", "checkin 40 second")
    await w.say("ada", "checkin 20 third")
    reply = text(await w.press("ada", "Undo", of=first))
    assert "I've removed your first check-in for Unit 1" in reply and "Your other two (60 min) still count." in reply


async def test_undo_offers_to_check_in_again(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 first")
    await w.say("ada", "undo")
    assert "Unit 1." in text(await w.press("ada", "Check in again", NOTE))


async def test_undo_lasts_until_the_grace_ends(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 first")
    await w.say("ben", "checkin 30 first")
    await w.to(GRACE_ENDS - timedelta(seconds=1))
    assert (await w.say("ada", "undo")).title == "Undone"
    await w.to(GRACE_ENDS)
    reply = await w.say("ben", "undo")
    assert text(reply) == (
        "That unit's late period is over, so the check-in stays. If it's wrong, ask a moderator to void it."
    )
    assert "● completed" in text(await w.say("ben", "progress"))


async def test_a_unit_caught_up_by_mistake_can_be_taken_back(w: World) -> None:
    await w.begin("ada")
    await w.to(GRACE_ENDS)
    await w.say("ada", "checkin 30 unit=1 oh no")
    assert (await w.say("ada", "undo")).title == "Undone"
    assert "0 points this season" in text(await w.say("ada", "progress"))


async def test_the_undo_button_of_a_receipt_means_that_check_in_and_works_once(w: World) -> None:
    await w.begin("ada")
    receipt = await w.say("ada", "checkin 30 first")
    await w.say("ada", "checkin 40 second")
    reply = await w.press("ada", "Undo", of=receipt)
    assert reply.replaces and reply.title == "Undone" and "Streak 1" in text(reply)
    assert text(await w.press("ada", "Undo", of=receipt)) == "That check-in isn't yours, or you've undone it."


async def test_nobody_touches_the_check_in_of_somebody_else(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 hers")
    told = "That check-in isn't yours, or you've undone it."
    for name, more in (("retract", {}), ("amend", NOTE), ("move", {"unit": "1"}), ("share", {"note": "his now"})):
        assert text(await w.call("ben", Call(name, {"id": "1", **more}))) == told
    assert text(await w.call("mo", Call("retract", {"id": "1"}))).startswith("That's for members of the group.")
    assert "Streak 1" in text(await w.say("ada", "progress"))


@pytest.mark.parametrize("id", sample(["x", "\0", "9" * 5000, "1e5", "", "-1", "\u0663"], 3))
async def test_a_form_about_no_check_in_is_refused_in_a_sentence(w: World, id: str) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read")
    for name in ("amend", "share"):
        with pytest.raises(NotFound, match="isn't yours, or you've undone it"):
            await w.form("ada", Call(name, {"id": id}, ask=True))


async def test_the_edit_form_opens_with_what_stands(w: World) -> None:
    await w.begin("ada")
    receipt = await w.say("ada", "checkin 30 first https://example.org/a")
    form = await w.form("ada", w.button("ada", "Edit").target)
    assert {f.key: f.value for f in form.fields} == {"minutes": "30", "note": "first", "link": "https://example.org/a"}
    changed = await w.press("ada", "Edit", {"note": "better said"}, of=receipt)
    assert text(changed).startswith("Changed: 30 min on Unit 1.")
    assert (await w.form("ada", w.button("ada", "Edit").target)).fields[1].value == "better said"


async def test_an_edit_leaves_the_time_of_the_check_in(w: World) -> None:
    await w.begin("ada")
    receipt = await w.say("ada", "checkin 30 first")
    await w.to(GRACE_ENDS + timedelta(days=1))
    changed = await w.press("ada", "Edit", {"minutes": "60"}, of=receipt)
    assert "Changed: 60 min on Unit 1. 10 points" in text(changed)


async def test_a_wrong_edit_can_be_corrected_and_still_means_the_same_check_in(w: World) -> None:
    await w.begin("ada")
    receipt = await w.say("ada", "checkin 30 first")
    wrong = await w.press("ada", "Edit", {"minutes": "1000"}, of=receipt)
    assert text(wrong) == "Time spent: 1 to 720 minutes a day. Example: 45m"
    fixed = await w.press("ada", "Correct it", {"minutes": "50"})
    assert text(fixed).startswith("Changed: 50 min on Unit 1.")


async def test_sharing_says_who_will_read_it_and_puts_the_note_into_the_units_thread(w: World) -> None:
    await w.begin("ada")
    await w.tick()
    receipt = await w.say("ada", "checkin 1 tried it https://example.org/a")
    form = await w.form("ada", w.button("ada", "Share").target)
    assert form.note == "I'll post it in the unit's thread, with your name or alias and your minutes."
    assert [f.value for f in form.fields] == ["tried it\nMy first check-in!"]
    assert (
        text(await w.press("ada", "Share", {"note": "tried it"}, of=receipt))
        == "Done! I'll post it in the unit's thread."
    )
    await w.tick()
    [(title, posts)] = await w.threads()
    assert title == "Unit 1: Python data structures"
    assert text(posts[-1]) == "Ada worked for 1 minute: > tried it > https://example.org/a"


async def test_a_check_in_is_shared_once(w: World) -> None:
    await w.begin("ada")
    receipt = await w.say("ada", "checkin 30 first")
    await w.press("ada", "Share", of=receipt)
    assert text(await w.press("ada", "Share", of=receipt)) == "You've already shared this check-in."
    await w.tick()
    [(_, posts)] = await w.threads()
    assert sum("worked for 30 minutes" in text(p) for p in posts) == 1


@pytest.mark.parametrize(
    "link", ["https://discord.com/channels/@me/5/6", "https://acme.slack.com/files/U1/F1/a.png#direct-message"]
)
async def test_a_file_of_a_direct_message_is_not_shared_and_its_owner_is_told(w: World, link: str) -> None:
    await w.begin("ada")
    receipt = await w.say("ada", f"checkin 45 my exercise link={link}")
    ledger = str((await w.call("ada", Call("ledger"))).blocks)
    assert link.partition("#")[0] in ledger and "#direct-message" not in ledger
    told = await w.press("ada", "Share", {"note": "my exercise"}, of=receipt)
    assert text(told).endswith("Your file stays private, because others can't open it.")
    await w.tick()
    [(_, said)] = await w.threads()
    assert "my exercise" in text(said[-1]) and "link" not in text(said[-1]) and "@me" not in text(said[-1])


async def test_who_has_an_alias_shares_under_it(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "settings alias=Night reader")
    receipt = await w.say("ada", "checkin 30 first")
    await w.press("ada", "Share", of=receipt)
    await w.tick()
    [(_, posts)] = await w.threads()
    assert text(posts[-1]).startswith("Night reader worked for 30 minutes:")
    assert "ada" not in posts[-1].plain().lower() + str(posts[-1].to_json()).lower()


async def test_a_shared_note_is_words_and_never_markup_or_a_mention(w: World) -> None:
    await w.begin("ada")
    hostile = "**bold** [here](//evil.example) `code` <@everyone> @here\nsecond\x02n|1|x\x03 line"
    receipt = await w.call("ada", Call("checkin", {"minutes": "30", "note": hostile}))
    await w.press("ada", "Share", {"note": hostile}, of=receipt)
    await w.tick()
    [(_, posts)] = await w.threads()
    quote = next(b for b in posts[-1].blocks if isinstance(b, Quote))
    assert "\x02" not in quote.markdown
    assert posts[-1].plain().endswith("> **bold** [here](//evil.example) `code` <@everyone> @here\n> secondn|1|x line")


async def test_the_name_of_who_shares_cannot_break_out_of_its_bold(w: World) -> None:
    await w.begin()
    name = "**Evil** _a_ <@everyone>"
    await w.say(name, "join")
    receipt = await w.say(name, "checkin 30 first")
    await w.press(name, "Share", of=receipt)
    await w.tick()
    [(_, posts)] = await w.threads()
    block = posts[-1].blocks[0]
    assert isinstance(block, Text)
    assert block.markdown.startswith("**\x02n|") and posts[-1].plain().startswith(f"{name.capitalize()} worked")


async def test_a_repeated_event_is_silent_and_changes_nothing_even_after_a_restart(tmp_path: Path) -> None:
    line = Call("checkin", {"minutes": "30", "note": "once"})
    async with world(tmp_path) as w:
        await w.begin("ada")
        assert await w.maybe("ada", line, key="event:1") is not None
        assert await w.maybe("ada", line, key="event:1") is None
    async with world(tmp_path, at=MONDAY + timedelta(hours=2)) as w:
        assert await w.maybe("ada", line, key="event:1") is None
        await w.say("ada", "undo")
        assert text(await w.say("ada", "undo")) == "You have no check-in to undo."


async def test_the_same_button_pressed_in_two_events_counts_the_day_once(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 once")
    assert "point" not in text(await w.say("ada", "checkin 30 once"))


async def test_a_shared_note_goes_with_the_check_in_that_is_taken_back(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 my private story")
    await w.press("ada", "Share", {"note": "my private story"})
    await w.tick()
    [(_, shown)] = await w.threads()
    assert any("my private story" in text(post) for post in shown)
    await w.say("ada", "undo")
    await w.tick()
    [(_, left)] = await w.threads()
    assert not any("my private story" in text(post) for post in left)
