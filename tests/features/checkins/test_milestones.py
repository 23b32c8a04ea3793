"""Milestones: a warm line once each, and before the group only by the member's own hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.features.checkins.milestones import list_reached
from bot.features.checkins.wording import render_milestone, render_milestone_share
from bot.messages.call import Call
from tests.curriculum.test_parts import built
from tests.features.checkins.test_scoring import DAY, checkin, story
from tests.harness import World, text

WAY = built([3, 6, 20])
"""Its first legs have three and six units."""


@pytest.mark.parametrize(
    ("before", "number", "after_opening", "keys"),
    [
        (".", 1, DAY, ["first"]),
        ("-.", 1, 8 * DAY, ["first"]),  # caught up is a check-in too
        ("k.", 1, 3 * DAY, []),
        ("kkk.", 4, DAY, ["kept:4"]),
        ("kkk-.", 4, 8 * DAY, []),  # caught up is done, and not kept
        ("kkk.", 3, 5 * DAY, []),
        ("kkkkkkk.", 8, DAY, ["kept:8"]),
        ("k" * 11 + ".", 12, DAY, ["kept:12"]),
        ("k-.", 3, DAY, []),
        ("k--.", 4, DAY, ["back:u3"]),
        ("k--.", 3, 8 * DAY, ["back:u3"]),  # whatever wakes
        ("k-e-.", 5, DAY, ["back:u4"]),  # held units count neither way
        ("k-c.", 4, DAY, []),
        ("--.", 3, DAY, ["first"]),  # nobody comes back who was never here
        ("kkk--.", 6, DAY, ["back:u5", "kept:4"]),
        ("kk.", 3, DAY, ["leg:1"]),
        ("ke.", 3, DAY, ["leg:1"]),
        ("k-k.", 2, 8 * DAY, ["leg:1"]),
        ("k" * 8 + ".", 9, DAY, ["leg:2"]),
        ("kkkk-kk.", 8, DAY, []),
    ],
)
def test_a_check_in_brings_to_what_it_reaches(
    before: str, number: int, after_opening: timedelta, keys: list[str]
) -> None:
    done = story(before[:-1], running=before[-1])
    then = story(before[:-1], running=before[-1], extra=[checkin(number, after_opening)])
    assert [one.key for one in list_reached(done, then, WAY)] == keys


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (1, "You've completed every unit of part 2 since you joined. Well done!"),
        (3, "You've completed every unit of part 2 since you joined. Well done!"),
        (4, None),  # less than half of its six units
    ],
)
def test_who_came_into_a_leg_late_has_been_through_it_from_there(after: int, told: str | None) -> None:
    letters, joined = "k" * (5 - after), 7 * DAY * (3 + after) + 3 * DAY
    done = story("-" * (3 + after) + letters, running=".", joined=joined)
    then = story("-" * (3 + after) + letters, running=".", joined=joined, extra=[checkin(9, DAY)])
    assert (
        next((render_milestone(one) for one in list_reached(done, then, WAY) if one.key.startswith("leg")), None)
        == told
    )


def test_who_was_excused_from_a_unit_has_been_through_the_leg_and_not_through_each_of_its_units() -> None:
    done, then = story("ke", running="."), story("ke", running=".", extra=[checkin(3, DAY)])
    told = [
        (render_milestone(one), render_milestone_share(one))
        for one in list_reached(done, then, WAY)
        if one.key == "leg:1"
    ]
    assert told == [("You've completed part 1. Well done!", "I've completed part 1!")]


def test_nothing_is_reached_by_a_check_in_that_does_not_count() -> None:
    assert not list(list_reached(story("", running="."), story("", running="k", voided=["u1"]), WAY))


async def test_a_milestone_is_told_once_with_the_receipt_and_reaches_the_thread_by_share_alone(w: World) -> None:
    await w.begin("ada")
    assert "That was your first check-in" in text(await w.say("ada", "checkin 30 read"))
    await w.say("ada", "undo")
    assert "first check-in" not in text(await w.say("ada", "checkin 30 read"))
    await w.press("ada", "Share", {"note": "read"})
    await w.after(weeks=1)
    for week in (2, 3, 4):
        receipt = await w.say("ada", f"checkin 30 week {week}")
        assert ("Four units completed: a habit begins." in text(receipt)) is (week == 4)
        if week < 4:
            await w.after(weeks=1)
    assert "Four units" not in text(await w.say("ada", "checkin 30 more"))
    assert all("check-in!" not in text(one) for _, thread in await w.threads() for one in thread)
    await w.press("ada", "Share", of=receipt)
    await w.tick()
    shared = [text(one) for _, thread in await w.threads() for one in thread if "worked" in text(one)]
    assert len(shared) == 2 and shared[0].endswith("read") and "I've completed four units!" in shared[1]


async def test_a_first_check_in_is_the_persons_and_told_in_one_of_their_groups_alone(w: World) -> None:
    await w.begin("ada")
    await w.say("mo", "cohort create name=Larks timezone=UTC confirm=yes", room="larks")
    await w.say("ada", "join", room="larks")
    assert "your first check-in" in text(await w.say("ada", "checkin 30 read"))
    await w.after(weeks=1)
    again = await w.say("ada", "checkin 30 read", room="larks")
    assert again.tone == "good" and "your first check-in" not in text(again)
    share = w.button("ada", "Share").target
    assert isinstance(share, Call)
    form = await w.form("ada", share)
    assert "My first check-in!" not in str(form.fields)
