"""What members say about their own work: check in, edit, move, take back, share."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.drawing.receipt_card import ReceiptCard
from bot.features.checkins.commands import checkin
from bot.messages.call import Call
from bot.messages.reply import Image, Reply
from tests.examples import sample
from tests.harness import MONDAY, World, text

FIRST_POST = MONDAY + timedelta(hours=1)
DUE = MONDAY + timedelta(days=6, hours=13)
GRACE_ENDS = DUE + timedelta(hours=12)


def card_of(receipt: Reply) -> ReceiptCard | None:
    """Return the card of a receipt."""
    return next((ReceiptCard.read(block.data) for block in receipt.blocks if isinstance(block, Image)), None)


async def noted(w: World) -> tuple[str, str]:
    """Return the text and the link of Ada's last check-in, as its form shows them."""
    form = await w.form("ada", w.button("ada", "Edit").target)
    values = {field.key: field.value for field in form.fields}
    return values["note"], values["link"]


async def two_units_open(w: World) -> None:
    """Let an outage lengthen the first unit's grace to the evening after the second one's post."""
    await w.to(DUE - timedelta(hours=1))
    await w.outage(hours=14)


async def test_a_check_in_is_answered_with_a_private_receipt(w: World) -> None:
    await w.begin("ada")
    receipt = await w.say("ada", "checkin 45 read two papers")
    said = text(receipt)
    assert (receipt.tone, receipt.audience, receipt.title) == ("good", "private", "")
    assert said.startswith("Checked in: 45 min on Unit 1. +10 points · streak 1 🔥")
    assert "read two papers" not in said, "a receipt does not repeat the input"
    assert [(b.label, b.style) for b in receipt.buttons] == [
        ("Share", "primary"),
        ("Edit", "plain"),
        ("Undo", "danger"),
    ]


async def test_the_receipt_has_a_card_of_the_unit_that_the_check_in_fills(w: World) -> None:
    await w.begin("ada", "ben")
    first = card_of(await w.say("ada", "checkin 45 read"))
    assert first is not None and first.moment == "Your first check-in" and first.units[first.at] == "kept"
    assert (first.first + first.at, first.streak, first.gained, first.n_in, first.n_part) == (1, 1, 1, 1, 2)
    assert card_of(await w.say("ada", "checkin 45 more")) is None, "a further check-in fills nothing"
    await w.after(weeks=1)
    receipt = await w.say("ada", "checkin 45 read")
    second = card_of(receipt)
    assert second is not None and (second.moment, second.at, second.streak) == ("", 1, 2)
    await w.after(weeks=1)
    third = card_of(await w.say("ada", "checkin 45 read"))
    assert third is not None and third.moment == "Three in a row"


async def test_a_voided_check_in_has_no_card(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 45 read")
    asked = await w.say("mo", "void member=ada unit=1 reason=copied")
    await w.press("mo", "Void unit", of=asked)
    receipt = await w.say("ada", "checkin 45 read again")
    assert card_of(receipt) is None and "doesn't count" in text(receipt)


async def test_a_second_check_in_says_what_it_adds(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read two papers")
    receipt = await w.say("ada", "checkin 45 did the exercise")
    assert text(receipt) == "Added 45 min: 75 min now on Unit 1. Points come once a unit."
    assert [b.label for b in receipt.buttons] == ["Edit", "Undo", "Share"]


async def test_who_sends_the_same_again_is_told_and_can_take_the_second_one_back(w: World) -> None:
    await w.begin("ada")
    assert "sent this" not in text(await w.say("ada", "checkin 45 read two papers"))
    again = await w.say("ada", "checkin 45 read two papers")
    assert text(again).startswith("You've sent this twice in a few minutes.")
    assert "sent this 3 times" in text(await w.say("ada", "checkin 45 read two papers"))
    assert "Undo" in [b.label for b in again.buttons]
    await w.press("ada", "Undo", of=again)
    assert "sent this twice" not in text(await w.say("ada", "checkin 45 read two more"))
    await w.to(FIRST_POST + timedelta(hours=5))
    assert "sent this" not in text(await w.say("ada", "checkin 45 read two papers"))


@pytest.mark.parametrize(
    ("line", "minutes"),
    [("1h30 read", "90 min"), ("1.5 h read", "90 min"), ("1m read", "1 min"), ("12h read", "720 min")],
)
async def test_time_is_read_kindly(w: World, line: str, minutes: str) -> None:
    await w.begin("ada")
    assert f"Checked in: {minutes} on Unit 1." in text(await w.say("ada", f"checkin {line}"))
    assert await noted(w) == ("read", "")


async def test_a_link_in_the_note_becomes_the_link_and_reads_whole(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 45 wrote it up https://example.org/_my_notes_/*all*/x")
    assert await noted(w) == ("wrote it up", "https://example.org/_my_notes_/*all*/x")


async def test_who_names_the_values_may_give_them_in_any_order(w: World) -> None:
    await w.begin("ada")
    assert "Checked in: 45 min" in text(await w.say("ada", "checkin note=read two papers minutes=45"))
    assert await noted(w) == ("read two papers", "")


async def test_before_the_first_post_the_date_of_it_is_told_and_what_was_typed_is_kept(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    reply = await w.say("ada", "checkin 45 read ahead")
    assert text(reply) == "No unit is open yet. The first one opens Mon 2 Mar 2026, 09:00 (UTC)."
    assert (reply.tone, [b.label for b in reply.buttons]) == ("error", ["Try again"])


async def test_a_missing_value_opens_the_form_with_what_was_typed(w: World) -> None:
    await w.begin("ada")
    reply = await w.say("ada", "checkin 45")
    assert "You can also type it: `checkin 45m read two papers`" in text(reply)
    form = await w.form("ada", w.button("ada", "Check in").target)
    assert (form.title, form.note) == ("Check in", "Only you see this until you share it.")
    assert {f.key: f.value for f in form.fields if f.value} == {"minutes": "45"}
    assert "Checked in: 45 min" in text(await w.press("ada", "Check in", {"note": "read"}))


@pytest.mark.parametrize(
    ("line", "told", "better"),
    sample(
        [
            ("checkin soon read", "Time spent: “soon” is not a length of time. Example: 45m", {"minutes": "45"}),
            ("checkin 0 read", "Time spent: 1 to 720 minutes a day. Example: 45m", {"minutes": "1"}),
            ("checkin 721 read", "Time spent: 1 to 720 minutes a day. Example: 45m", {"minutes": "720"}),
            (
                "checkin 45 read link=nowhere",
                "Link to your work: “nowhere” is not a web address",
                {"link": "https://x.org"},
            ),
            ("checkin 45 read unit=zebra", "Unit: There is no unit “zebra”.", {"unit": "1"}),
            ("checkin 45 read unit=59", "Unit: There is no unit 59. The course has units 1 to 58.", {"unit": "1"}),
        ],
        2,
    ),
)
async def test_a_wrong_value_names_field_reason_and_example_and_keeps_the_rest(
    w: World, line: str, told: str, better: dict[str, str]
) -> None:
    await w.begin("ada")
    reply = await w.say("ada", line)
    assert (reply.tone, reply.audience) == ("error", "private")
    assert text(reply).startswith(told) and "Example: " in text(reply)
    call = w.button("ada", "Correct it").target
    assert isinstance(call, Call)
    kept = {f.key: f.value for f in (await w.form("ada", call)).fields}
    assert kept["note"] == "read"
    fixed = await w.press_call("ada", Call(call.name, dict(call.args), ask=True), kept | better)
    assert fixed.tone == "good", text(fixed)


async def test_the_form_begins_with_the_last_time_and_other_takes_any_time(w: World) -> None:
    await w.begin("ada")
    form = await w.form("ada", checkin.ask())
    assert [(f.label, f.value, f.is_folded) for f in form.fields] == [
        ("Time spent", "30", False),
        ("Other time", "", False),
        ("What did you do?", "", False),
        ("Link to your work", "", True),
        ("Unit (leave empty for the open one)", "", True),
    ]
    assert [o.label for o in form.fields[0].options] == ["15 min", "30 min", "45 min", "60 min", "Other"]
    refused = await w.press_call("ada", checkin.ask(), {"minutes": "other", "note": "read"})
    assert text(refused).startswith("Other time: write a value. Example: 1h20")
    assert "Checked in: 80 min" in text(
        await w.press_call("ada", checkin.ask(), {"minutes": "other", "other": "1h20", "note": "read"})
    )
    again = (await w.form("ada", checkin.ask())).fields[0]
    assert again.value == "80"
    assert [o.label for o in again.options] == ["15 min", "30 min", "45 min", "60 min", "80 min", "Other"]


async def test_a_note_of_five_thousand_characters_is_refused_and_kept_for_correction(w: World) -> None:
    await w.begin("ada")
    reply = await w.say("ada", "checkin 45 " + "x" * 5000)
    assert text(reply).startswith("What did you do: that's 5000 characters, 500 fit.")
    form = await w.form("ada", w.button("ada", "Correct it").target)
    assert {f.key: len(f.value) for f in form.fields}["note"] == 5000
    assert (await w.press("ada", "Correct it", {"note": "x" * 500})).tone == "good"


async def test_an_hour_later_what_was_typed_is_gone_and_says_so(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 0 read")
    draft = w.button("ada", "Correct it").target
    assert isinstance(draft, Call)
    await w.after(hours=1, minutes=1)
    reply = await w.call("ada", Call("checkin", {**draft.args, "minutes": "45"}))
    assert reply.tone == "error" and "over an hour old" in text(reply)


async def test_a_day_holds_720_minutes_over_all_its_check_ins(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 10h read")
    refused = await w.say("ada", "checkin 2h1m more")
    assert text(refused).startswith("Time spent: that makes 721 minutes today. The limit is 720. Choose at most 120.")
    assert (await w.say("ada", "checkin 2h more")).tone == "good"
    await w.after(days=1)
    assert (await w.say("ada", "checkin 12h a new day")).tone == "good"


async def test_an_edit_is_bound_by_the_same_day_and_does_not_count_itself_twice(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 2h first")
    receipt = await w.say("ada", "checkin 1h second")
    assert "makes 721 minutes" in text(await w.press("ada", "Edit", {"minutes": "601"}, of=receipt))
    assert "Changed: 600 min on" in text(await w.press("ada", "Edit", {"minutes": "600"}, of=receipt))


async def test_points_are_ten_and_one_for_each_further_day_three_at_most(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 10 one")
    assert "point" not in text(await w.say("ada", "checkin 10 again the same day"))
    told = []
    for day in range(4):
        await w.after(days=1)
        told.append(text(await w.say("ada", f"checkin 10 day {day}")))
    assert ["+1 point ·" in receipt for receipt in told] == [True, True, True, False]
    assert "Includes 3 points for extra days. +13 points" in text(await w.call("ada", Call("ledger")))
    assert "13 points this season" in text(await w.say("ada", "progress"))


async def test_within_the_grace_a_check_in_is_late_and_still_keeps_the_streak(w: World) -> None:
    await w.begin("ada")
    await w.to(DUE + timedelta(seconds=1))
    receipt = await w.say("ada", "checkin 30 just after nine")
    assert text(receipt).startswith("Checked in late: 30 min on Unit 1. +8 points · streak 1 🔥")


async def test_at_the_very_deadline_it_is_on_time_and_at_the_end_of_the_grace_it_is_not_this_unit(w: World) -> None:
    await w.begin("ada", "ben")
    await w.to(DUE)
    assert "10 points" in text(await w.say("ada", "checkin 30 on the dot"))
    await w.to(GRACE_ENDS)
    assert "Unit 2." in text(await w.say("ben", "checkin 30 a new week"))


async def test_the_time_of_the_event_counts_and_not_the_time_of_its_arrival(w: World) -> None:
    await w.begin("ada", "ben")
    await w.to(DUE + timedelta(minutes=5))
    line = Call("checkin", {"minutes": "30", "note": "sent in time"})
    assert "10 points" in text(await w.call("ada", line, at=DUE - timedelta(seconds=1)))
    assert "8 points" in text(await w.call("ben", line, at=DUE + timedelta(seconds=1)))


async def test_a_check_in_dated_just_before_its_unit_opened_counts_for_it(w: World) -> None:
    await w.begin("ada")
    line = Call("checkin", {"minutes": "30", "note": "the clock here runs ahead"})
    receipt = await w.call("ada", line, at=FIRST_POST - timedelta(seconds=90))
    assert text(receipt).startswith("Checked in: 30 min on Unit 1. +10 points")
    assert "Streak 1" in text(await w.say("ada", "progress"))


async def test_its_receipt_can_be_edited_by_the_same_clock(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 by our clock")
    edit = Call("amend", {"id": "1", "minutes": "40", "note": "by theirs"})
    assert "40 min" in text(await w.call("ada", edit, at=FIRST_POST - timedelta(seconds=90)))


async def test_a_check_in_from_long_before_its_unit_opened_finds_no_unit(w: World) -> None:
    await w.begin("ada")
    line = Call("checkin", {"minutes": "30", "note": "too early"})
    assert "No unit was open" in text(await w.call("ada", line, at=FIRST_POST - timedelta(minutes=30)))
    named = Call("checkin", {"minutes": "30", "note": "too early", "unit": "1"})
    assert "You can check in then." in text(await w.call("ada", named, at=FIRST_POST - timedelta(minutes=30)))


async def test_an_earlier_unit_is_caught_up_for_four_points_and_never_touches_the_streak(w: World) -> None:
    await w.begin("ada")
    await w.to(GRACE_ENDS)
    receipt = await w.say("ada", "checkin 30 unit=1 after all")
    assert text(receipt).startswith("Caught up: 30 min on Unit 1. +4 points") and "streak" not in text(receipt)
    assert "Streak 0." in text(await w.say("ada", "progress"))
    receipt = await w.say("ada", "checkin 30 and this week")
    assert "Unit 2." in text(receipt) and "streak 1" in text(receipt)


async def test_a_later_unit_is_refused_with_its_date(w: World) -> None:
    await w.begin("ada")
    reply = await w.say("ada", "checkin 30 unit=2 reading ahead")
    assert text(reply) == (
        "Unit: Unit 2: Classes, protocols and composition opens Mon 9 Mar 2026, 09:00 (UTC). You can check in then."
    )
    assert "Unit 1." in text(await w.press("ada", "Correct it", {"unit": "1"}))


async def test_the_oldest_open_unit_not_kept_is_meant(w: World) -> None:
    await w.begin("ada")
    await two_units_open(w)
    assert "Unit 1." in text(await w.say("ada", "checkin 30 the old one first"))
    receipt = await w.say("ada", "checkin 30 then the new one")
    assert "Unit 2." in text(receipt)
    assert "Unit 2." in text(await w.say("ada", "checkin 30 both are kept"))


async def test_a_check_in_button_means_the_unit_of_its_own_post(w: World) -> None:
    await w.begin("ada")
    await two_units_open(w)
    old, new = [p for p in await w.posts() if p.title.startswith("Unit")]
    values = {"minutes": "30", "note": "from the post"}
    assert "Unit 2." in text(await w.press("ada", "Check in", values, of=new))
    assert "Unit 1." in text(await w.press("ada", "Check in", values, of=old))


async def test_the_form_lists_the_units_that_are_out_by_their_names_newest_first(w: World) -> None:
    await w.begin("ada")
    await w.after(days=7)
    form = await w.form("ada", Call("checkin", {"unit": "py-data-structures"}, ask=True))
    unit = next(f for f in form.fields if f.key == "unit")
    assert [(o.value, o.label) for o in unit.options] == [
        ("2", "Unit 2: Classes, protocols and composition"),
        ("1", "Unit 1: Python data structures"),
    ]
    assert unit.value == "1"
    receipt = await w.press_call(
        "ada",
        Call("checkin", {"unit": "py-data-structures"}, ask=True),
        {
            "minutes": "30",
            "note": "read it",
        },
    )
    assert "Unit 1." in text(receipt)


async def test_a_unit_that_nobody_knows_stays_in_the_form_as_it_was_typed(w: World) -> None:
    await w.begin("ada")
    form = await w.form("ada", Call("checkin", {"unit": "zzz"}, ask=True))
    assert next(f.value for f in form.fields if f.key == "unit") == "zzz"


async def test_the_receipt_can_move_a_check_in_to_another_unit(w: World) -> None:
    await w.begin("ada")
    await w.to(GRACE_ENDS)
    receipt = await w.say("ada", "checkin 30 was for last week")
    assert "Unit 2." in text(receipt)
    edited = await w.press("ada", "Edit", {"note": "for last week"}, of=receipt)
    moved = await w.press("ada", "Move check-in", {"unit": "1"}, of=edited)
    assert text(moved).startswith("Moved: 30 min on Unit 1. 4 points")
    assert "opens Mon 16 Mar 2026" in text(await w.press("ada", "Move check-in", {"unit": "3"}, of=edited))


async def test_a_check_in_cannot_move_to_a_unit_that_was_not_out_then(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 in the first week")
    await two_units_open(w)
    refused = await w.call("ada", Call("move", {"id": "1", "unit": "2"}))
    assert "wasn't open yet when you checked in" in text(refused)


async def test_one_more_after_the_grace_for_a_unit_kept_in_it_is_noted(w: World) -> None:
    await w.begin("ada")
    await w.to(DUE + timedelta(hours=1))
    assert text(await w.say("ada", "checkin 30 read")).startswith("Checked in late")
    await w.to(GRACE_ENDS + timedelta(hours=1))
    assert text(await w.say("ada", "checkin 20 unit=1 more of it")).startswith("Noted")


async def test_a_clock_that_was_set_back_is_said_to_be_wrong_and_no_later_unit_is_promised(w: World) -> None:
    await w.begin("ada")
    w.set_clock(hours=-2)
    said = text(await w.say("ada", "checkin 45 read"))
    assert "The first one opened Mon 2 Mar 2026, 09:00" in said
    assert "ask the bot's operator to check the clock" in said
    assert "9 Mar" not in said
