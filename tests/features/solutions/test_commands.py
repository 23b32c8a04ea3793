"""Solutions: sharing, who sees them, feedback by the exercise's criteria, and what is taken back."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image as Pillow

from bot.delivery.outbox import OutboxRow
from bot.features.solutions.service import PICTURES_LAST, sweep
from bot.features.solutions.tables import Solution, SolutionFeedback
from bot.messages import attachment
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.reply import Image, Reply
from tests.harness import MONDAY, World, text

NINE = MONDAY + timedelta(hours=1)


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.all_buttons]


async def share(w: World, who: str, **values: str) -> Reply:
    return await w.call(who, Call("solution share", {"unit": "1", "seen": "group", **values}))


async def begin(w: World) -> None:
    """Have Ada share a solution to the first unit, and Ben check in for it."""
    await w.begin("ada", "ben", "cy")
    await w.say("ada", "checkin 30 sorted a list link=https://example.org/ada")
    await share(w, "ada", text="A sorted list", link="https://example.org/ada")
    await w.say("ben", "checkin 20 tried it")


async def test_a_check_in_becomes_a_solution_that_those_see_who_have_checked_in(w: World) -> None:
    await w.begin("ada", "ben", "cy")
    receipt = await w.say("ada", "checkin 30 sorted a list link=https://example.org/ada")
    assert labels(receipt) == ["Share", "Edit", "Undo"] and "solution" not in text(receipt)
    receipt = await w.say("ada", "solutions 1")
    form = await w.form("ada", w.button("ada", "Show my solution", of=receipt).target)
    values = {field.key: field.value for field in form.fields}
    assert form.title == "Solution to Unit 1"
    assert (values["text"], values["link"], values["seen"]) == ("sorted a list", "https://example.org/ada", "group")
    shared = await w.press("ada", "Show my solution", {"text": "A *sorted* list"}, of=receipt)
    assert shared.tone == "good" and "your solution to Unit 1. Everybody in your group" in text(shared)

    locked = await w.say("ben", "solutions 1")
    assert text(locked).endswith(
        "1 member shared a solution. You'll see the solutions once you've checked in for this unit."
    )
    assert "sorted" not in str(locked.to_json()) and labels(locked) == ["Check in"]
    checked_in = await w.say("ben", "checkin 20 tried it")
    assert " 1 member shared a solution. That was" in text(checked_in)
    assert labels(checked_in) == ["See solutions", "Edit", "Undo"]
    seen = await w.press("ben", "See solutions", of=checked_in)
    assert "Ada A *sorted* list https://example.org/ada" in text(seen)
    assert labels(seen) == ["Give feedback", "Thanks", "Show my solution"]
    assert "Check in for Unit 1 first" in text(await share(w, "cy", text="Mine"))


async def test_feedback_ticks_the_criteria_and_reaches_its_author_without_a_direct_message(w: World) -> None:
    await begin(w)
    seen = await w.say("ben", "solutions 1")
    form = await w.form("ben", w.button("ben", "Give feedback", of=seen).target)
    (done,) = (field for field in form.fields if field.key == "done")
    assert form.title == "Feedback on Unit 1" and done.options and done.options[0].value == "1"
    given = await w.press("ben", "Give feedback", of=seen, values={"done": "1", "sentence": "Clear *names*"})
    assert given.tone == "good" and "Ada will read your feedback" in text(given)
    assert "Clear *names*" in text(again := await w.say("ben", "solutions 1")) and "(1 of 1)" in text(again)
    assert "Edit feedback" in labels(again)

    notice = text(await w.say("ada", "progress"))
    assert "Ben on your solution to Unit 1: 1 of 1 done. “Clear *names*”" in notice
    assert not [message for message in await w.messages("@ada") if "solution" in text(message.reply)]
    own = await w.say("ada", "solutions 1")
    assert "Your solution" in text(own) and labels(own)[:3] == ["Edit solution", "Remove solution", "Thanks"]
    assert "Ben will see your thanks." in text(await w.press("ada", "Thanks", of=own))
    assert "already said thanks" in text(await w.press("ada", "Thanks", of=own))
    assert "Ada thanks you for your feedback on Unit 1." in text(await w.say("ben", "progress"))
    assert "your own solution" in text(await w.call("ada", Call("solution feedback", {"of": "1", "sentence": "Great"})))


async def test_a_solution_that_waits_three_days_is_offered_where_people_look(w: World) -> None:
    await begin(w)
    assert "waits" not in text(await w.say("ben", "home"))
    await w.after(days=3)
    assert "A solution to Unit 1 waits for your feedback" in text(await w.say("ben", "home"))
    assert "waits" not in text(await w.say("ada", "home")) and "waits" not in text(await w.say("cy", "home"))
    assert "One waits for feedback." in text(await w.say("ben", "checkin 5 once more"))
    await w.call("ben", Call("solution feedback", {"of": "1", "sentence": "Good"}))
    assert "waits" not in text(await w.say("ben", "home"))


async def test_the_author_decides_who_sees_a_solution(w: World) -> None:
    await begin(w)
    await w.say("cy", "checkin 20 done")
    await w.say("ada", "buddy on")
    await w.say("ben", "buddy on")
    await w.after(days=7)
    for who in ("ada", "ben", "cy"):
        await w.say(who, "checkin 20 second")
    await w.call("ada", Call("solution share", {"unit": "2", "seen": "buddy", "text": "For Ben"}))
    assert "For Ben" in text(await w.say("ben", "solutions 2"))
    assert "Nobody else has shared a solution yet." in text(await w.say("cy", "solutions 2"))
    await w.call("ada", Call("solution share", {"unit": "2", "seen": "nobody", "text": "For Ben"}))
    assert "Nobody else has shared a solution yet." in text(await w.say("ben", "solutions 2"))
    assert "Only you see it." in text(await w.say("ada", "solutions 2"))

    await w.say("ada", "settings visible=no")
    hidden = text(await w.say("ben", "solutions 1"))
    assert "A member" in hidden and "A sorted list" in hidden and "Ada" not in hidden
    await w.say("ada", "leave")
    assert "Nobody else has shared a solution yet." in text(await w.say("ben", "solutions 1"))


async def test_a_picture_is_stored_as_a_png_and_shown_by_its_key(w: World) -> None:
    await begin(w)
    out = io.BytesIO()
    Pillow.new("RGB", (40, 30), "red").save(out, "JPEG")
    assert (await share(w, "ada", picture=attachment.raw_binary("a.jpg", out.getvalue()))).tone == "good"
    (picture,) = (block for block in (await w.say("ben", "solutions 1")).blocks if isinstance(block, Image))
    drawn = await w.app.gallery.find(picture, is_for_chat=True)
    assert drawn is not None and drawn.png.startswith(b"\x89PNG") and len(picture.data["key"]) >= 20
    wrong = await share(w, "ada", text="A long text", picture=attachment.raw_binary("a.svg", b"<svg/>"))
    assert "I can't read this picture." in text(wrong) and "A long text" in str(
        await w.form("ada", w.button("ada", "Correct it", of=wrong).target)
    )
    await w.app.database.run(lambda work: sweep(work, w.clock.now() + PICTURES_LAST))
    assert await w.app.gallery.find(picture) is not None
    await share(w, "ada", seen="nobody")
    assert await w.app.gallery.find(picture) is None  # Ben knows its old address
    (picture,) = (block for block in (await w.say("ada", "solutions 1")).blocks if isinstance(block, Image))
    assert await w.app.gallery.find(picture) is not None
    await w.press("ada", "Remove solution", of=await w.say("ada", "solutions 1"))
    assert await w.app.gallery.find(picture) is None


async def test_the_post_at_a_parts_end_shows_solutions_until_they_are_taken_back(w: World) -> None:
    await w.begin("ada", "ben", "cy", extra="first_unit=5")
    for who in ("ada", "ben", "cy"):
        await w.say(who, "checkin 30 read")
    for who, closing in (("ada", "yes"), ("ben", "yes"), ("cy", "no")):
        await w.call(
            who, Call("solution share", {"unit": "5", "seen": "group", "text": f"Work {who}", "closing": closing})
        )
    await w.to(NINE + timedelta(weeks=3, hours=1))
    post = text((await w.posts())[-1])
    assert "What we made - Ben, Unit 5: “Work ben” - Ada, Unit 5: “Work ada”" in post and "Work cy" not in post
    await w.say("ben", "privacy forget confirm=yes")
    await w.call("ada", Call("solution remove", {"unit": "5"}))
    await w.after(minutes=3)
    assert "Work" not in text((await w.posts())[-1]) and "What we made" not in text((await w.posts())[-1])

    def stored(work: object) -> str:
        session = work.session  # type: ignore[attr-defined]
        return str([row.reply for row in session.query(OutboxRow)] + [row.text for row in session.query(Solution)])

    kept = await w.app.database.run(stored)
    assert "Work ben" not in kept and "Work ada" not in kept and "Work cy" in kept


async def test_a_member_who_hides_leaves_the_post_at_a_parts_end_and_an_equal_line_stays(w: World) -> None:
    await w.begin("ada", "ben", extra="first_unit=5")
    for who in ("ada", "ben"):
        await w.say(who, "checkin 30 read")
        await w.call(
            who, Call("solution share", {"unit": "5", "seen": "group", "text": "A sorted list", "closing": "yes"})
        )
    await w.to(NINE + timedelta(weeks=3, hours=1))
    assert "- Ben, Unit 5: “A sorted list” - Ada, Unit 5: “A sorted list”" in text((await w.posts())[-1])
    await w.say("ada", "settings visible=no")
    await w.after(minutes=3)
    assert "What we made - Ben, Unit 5: “A sorted list” Thank you" in text((await w.posts())[-1])


async def test_a_solution_shows_the_newest_feedback_and_counts_the_rest(w: World) -> None:
    givers = [f"g{n}" for n in range(7)]
    await w.begin("ada", *givers)
    await w.say("ada", "checkin 30 sorted a list")
    await share(w, "ada", text="A sorted list")
    for who in givers:
        await w.say(who, "checkin 20 tried it")
        await w.call(who, Call("solution feedback", {"of": "1", "sentence": f"From {who}"}))
    await w.say("ada", "progress")  # its answer brings the notices
    own = text(await w.say("ada", "solutions 1"))
    assert "From g1" not in own and "From g2" in own and "From g6 and 2 more" in own


async def test_a_moderator_removes_a_solution_and_a_forgotten_giver_takes_feedback_along(w: World) -> None:
    await begin(w)
    await w.call("ben", Call("solution feedback", {"of": "1", "sentence": "Good"}))
    await w.say("ben", "privacy forget confirm=yes")
    assert await w.app.database.run(lambda work: work.session.query(SolutionFeedback).count()) == 0
    await w.say("mo", "join")
    seen = await w.say("mo", "solutions 1")
    await w.press("mo", "Remove solution", of=seen)
    told = text(await w.say("ada", "progress"))
    assert "A moderator removed your solution to Unit 1." in told and "Good" not in told
    assert "solution" in text(await w.say("mo", "manage audit"))


async def test_a_button_of_a_removed_solution_never_reaches_another(w: World) -> None:
    await begin(w)
    seen = await w.say("ben", "solutions 1")
    await w.press("ada", "Remove solution", of=await w.say("ada", "solutions 1"))
    await w.say("cy", "checkin 20 tried it")
    await share(w, "cy", text="Mine")
    with pytest.raises(NotFound, match="its author has removed it"):
        await w.press("ben", "Give feedback", of=seen, values={"done": "1", "sentence": "Clear"})
