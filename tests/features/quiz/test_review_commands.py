"""What was answered comes back, a few questions a day."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select

from bot.features.quiz import reviews
from bot.features.quiz.tables import QuizAnswer, QuizCard
from bot.messages.call import Call
from bot.storage.insert import put
from bot.storage.unit_of_work import Work
from tests.features.questions import spanish
from tests.features.quiz.player import answer, posed
from tests.harness import World, text


async def cards(w: World) -> dict[str, tuple[dict[str, object], list[tuple[int, datetime]]]]:
    """Return the card of each question, and the ratings that it rests on."""

    def read(work: Work) -> dict[str, tuple[dict[str, object], list[tuple[int, datetime]]]]:
        found = {}
        for card in work.session.scalars(select(QuizCard)):
            history = select(QuizAnswer.rating, QuizAnswer.at).where(QuizAnswer.item_id == card.item_id)
            rated = [(rating, at) for rating, at in work.session.execute(history.order_by(QuizAnswer.id))]
            found[card.item_id] = (card.state, rated)
            assert card.due_at == reviews.due_at(card.state)
        return found

    return await w.app.database.run(read, writes=False)


async def go_through(w: World, *, right: bool = True) -> int:
    """Answer everything that Ada's last reply asks, and return how much that was."""
    asked = await posed(w)
    for one in asked:
        await answer(w, "ada", one, right=right)
        await w.press("ada", "Next" if one is not asked[-1] else "Result")
    return len(asked)


async def test_what_is_due_is_asked_across_units_up_to_the_daily_cap_and_rated_as_it_felt(w: World) -> None:
    await w.begin("ada")
    assert "Review brings back quiz questions just before you forget them." in text(await w.say("ada", "review"))
    for unit in ("1", "2"):
        await w.say("ada", f"quiz {unit} count=4")
        assert await go_through(w, right=unit == "1") == 4
    assert "due on Tue 3 Mar 2026" in text(await w.say("ada", "review"))
    w.set_clock(days=2)
    assert "up to six questions a day" in text(await w.say("ada", "review cap=6"))
    first = await w.press("ada", "Review now")
    assert first.title == "Question 1 of 6" and first.replaces
    one, *rest = await posed(w)
    told = await answer(w, "ada", one)
    assert "sooner" in text(await w.press("ada", "Guessed", of=told))
    assert "later" in text(await w.press("ada", "Was easy", of=told))
    await w.press("ada", "Next", of=told)
    missed = await answer(w, "ada", rest[0], right=False)
    assert not any(button.label in ("Was easy", "Guessed") for button in missed.buttons)
    kept = await cards(w)
    assert all(state == reviews.card(rated) for state, rated in kept.values()) and len(kept) == 8
    assert [kept[of.item.id][1][-1][0] for of in (one, rest[0])] == [reviews.EASY, reviews.AGAIN]
    again = await w.say("ada", "review")
    assert again.title == "Question 3 of 6", "a review that was begun is gone on with"
    for other in rest[1:]:
        await answer(w, "ada", other)
        await w.press("ada", "Next" if other is not rest[-1] else "Result")
    assert "You've reviewed today's six questions." in text(await w.say("ada", "review"))
    w.set_clock(days=1)
    assert (await w.say("ada", "review")).title == "Question 1 of 3"


async def test_a_habit_is_said_in_a_line_and_a_wrong_one_is_refused(w: World) -> None:
    told = text(await w.say("ada", "review cap=20 hour=7pm nudge=weekly"))
    assert "up to 20 questions a day" in told and "Weekly review reminder: on, at 19:00." in told
    daily = text(await w.say("ada", "review nudge=daily"))
    assert "Daily review reminder: on, at 19:00." in daily and "up to 20 questions" in daily
    assert "Daily review reminder: on, at 00:00." in text(await w.say("ada", "review 20 12am daily"))
    assert "Review reminder: off. I saved 07:30 for later." in text(await w.say("ada", "review hour=7:30 nudge=no"))
    assert "Hour of the reminder: “late” is not a time of day. Example: 18:00" in text(
        await w.say("ada", "review hour=late")
    )
    assert "between 1 and 50" in text(await w.say("ada", "review cap=0"))


async def test_review_says_what_comes_back_when_and_how_much_is_remembered(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "quiz 1 count=4")
    asked = await posed(w)
    for one in asked:
        await answer(w, "ada", one)
        result = await w.press("ada", "Next" if one is not asked[-1] else "Result")
    assert "●●●● 4 of 4 right." in text(result) and re.search(r"Next review: 4 on \w{3} \d+ \w{3}\.", text(result))
    nothing = text(await w.say("ada", "review"))
    assert "There's nothing to review." in nothing and "To review: 4 on" in nothing
    assert "What you'll remember in a week without review" in nothing
    assert re.search(r"Part 1 ▰{6,9}▱{1,4} \d\d %", nothing)
    w.set_clock(days=3)
    assert "To review: 4 today." in text(await w.say("ada", "review"))


async def test_memory_counts_a_group_s_own_course_and_names_courses_if_there_are_several(w: World) -> None:
    await spanish.begin(w, "ada")
    await w.call("mo", Call("manage course question", {"question": "Say “hello”.", "right": "hola", "wrong": "adiós"}))
    await w.say("ada", "quiz")
    await spanish.play(w, "ada")
    assert re.search(r"review - Part 1 ▰+▱* \d+ %", text(await w.say("ada", "review")))

    def answer_elsewhere(work: Work) -> None:
        known = work.session.scalars(select(QuizCard)).one()
        course = next(course for course in w.app.library.values() if course.items)
        of = {"account_id": known.account_id, "roadmap_id": course.id, "item_id": next(iter(course.items))}
        put(work.session, QuizCard, [{**of, "state": known.state, "due_at": known.due_at}])

    await w.app.database.run(answer_elsewhere)
    several = text(await w.say("ada", "review"))
    assert len(re.findall(r"- [^▰]+, part \d ▰", several)) == 2
