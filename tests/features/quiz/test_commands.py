"""A quiz as a person goes through it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.curriculum.bank import NumericAnswer, SingleChoice
from bot.features.quiz.tables import QuizAnswer
from bot.messages.call import Call
from bot.storage.unit_of_work import Work
from tests.features.quiz.player import answer, posed
from tests.harness import MONDAY, World, text


async def answers(w: World) -> list[tuple[str, bool]]:
    """Return what is kept of every answer, oldest first."""

    def read(work: Work) -> list[tuple[str, bool]]:
        chosen = select(QuizAnswer.item_id, QuizAnswer.is_right).order_by(QuizAnswer.id)
        return [(item_id, is_right) for item_id, is_right in work.session.execute(chosen)]

    return await w.app.database.run(read, writes=False)


async def test_every_kind_of_question_is_answered_in_one_message_and_what_was_missed_is_asked_again(w: World) -> None:
    await w.begin("ada")
    units = w.app.library["genai-2026"].banks
    most = max(units, key=lambda unit: (len({type(item.form) for item in units[unit].items}), -len(units[unit].items)))
    reply = await w.say("ada", f"quiz {most} count=20")
    asked = await posed(w)
    assert len({type(one.item.form) for one in asked}) == 4
    missed = [one for one in asked if one.place in (1, 3)]
    for one in asked:
        assert reply.replaces and reply.title == f"Question {one.place} of {len(asked)}"
        assert [o for o in one.letters if f"{o}. " not in text(reply)] == []
        told = await answer(w, "ada", one, right=one not in missed)
        assert told.replaces and ("Right." in text(told)) is (one not in missed), told.plain()
        opened = await w.press("ada", "Read about it", of=told)
        assert one.item.source.heading in text(opened) and not opened.replaces
        reply = await w.press("ada", "Next" if one.place < len(asked) else "Result", of=told)
    assert f"{len(asked) - 2} of {len(asked)} right." in text(reply)
    assert all(one.item.source.heading in text(reply) for one in missed)
    assert await answers(w) == [(one.item.id, one not in missed) for one in asked]
    await w.press("ada", "Repeat missed")
    assert [one.item.id for one in await posed(w)] == [one.item.id for one in missed]


async def test_a_quiz_is_stopped_gone_on_with_and_over_after_two_weeks(w: World) -> None:
    await w.begin("ada")
    banks = w.app.library["genai-2026"].banks
    plain = next(k for k, bank in banks.items() if all(isinstance(item.form, SingleChoice) for item in bank.items))
    first = await w.say("ada", f"quiz {plain} count=3")
    one, *_ = await posed(w)
    wrong = await answer(w, "ada", one, right=False)
    assert wrong.tone == "plain"
    again = await w.press("ada", one.right, of=first)
    assert again.blocks == wrong.blocks, "a second click changes nothing"
    assert "two questions left" in text(await w.say("ada", "quiz"))
    two = await w.press("ada", "Continue quiz")
    assert two.title == "Question 2 of 3"
    assert "two questions left" in text(await w.press("ada", "Stop for now"))
    await w.press("ada", "Continue quiz")
    await answer(w, "ada", (await posed(w))[1])
    late = await w.press("ada", one.right, of=first)
    assert "You're at question 3." in text(late) and len(await answers(w)) == 2
    assert "That quiz is over" in text(await w.press("ben", "Stop for now", of=two)), "it is Ada's alone"
    assert (await w.press("ada", "New questions", of=await w.say("ada", "quiz"))).title.startswith("Question 1 of 5")
    w.set_clock(days=15)
    assert "That quiz is over" in text(await w.press("ada", "Stop for now", of=two))
    assert (await w.say("ada", "quiz")).title == "Question 1 of 5"


async def test_without_a_unit_the_newest_that_is_out_is_asked(w: World) -> None:
    await w.begin("ada", extra="first_unit=6")
    assert await asked_of(w) == 6
    await w.to(MONDAY + timedelta(weeks=2, hours=2))
    assert await asked_of(w) == 7, "in the free week the next is not out"
    await w.say("mo", "cohort end confirm=yes")
    await w.tick()
    assert await asked_of(w) == 7, "after the finish, the last of the way that was walked"


async def asked_of(w: World) -> int:
    """Return the number of the unit that a bare `quiz` asks of."""
    reply = await w.say("ada", "quiz")
    if " left in your quiz" in text(reply):
        await w.press("ada", "New questions")
    await w.press("ada", "Stop for now")
    (first, *_), track = await posed(w), w.app.library["genai-2026"]
    return next(u.number for u in track.roadmap.units if u.id in track.banks and first.item in track.banks[u.id].items)


async def test_what_was_never_asked_comes_first_and_a_number_that_is_none_is_refused(w: World) -> None:
    units = w.app.library["genai-2026"].banks
    unit_id, bank = next((k, b) for k, b in units.items() if any(isinstance(i.form, NumericAnswer) for i in b.items))
    seen: set[str] = set()
    reply = await w.say("ada", f"quiz {unit_id} roadmap=genai-2026 count=8")
    for number in range(2):
        asked = await posed(w)
        seen |= {one.item.id for one in asked}
        for one in asked:
            if isinstance(one.item.form, NumericAnswer):
                refused = await w.press("ada", "Answer", {"number": "plenty"}, of=reply)
                assert "as a number. Example" in text(refused)
                w.last["ada"] = reply
            reply = await answer(w, "ada", one)
            reply = await w.press("ada", "Next" if one is not asked[-1] else "Result")
        assert len(seen) == min(len(bank.items), 8 + 5 * number)
        reply = await w.press("ada", "More questions")
    assert "between 1 and 20" in text(await w.say("ada", "quiz count=99"))
    kept = text(await w.call("ada", Call("kept")))
    assert (
        "quizzes from the last two weeks (3)" in kept and f"answers to quiz questions ({len(await answers(w))})" in kept
    )


async def test_each_roadmap_that_a_quiz_may_be_of_has_a_button_of_its_own(w: World) -> None:
    for room in ("general", "lobby"):
        await w.start(name=f"Group of {room}", room=room)
    asked = await w.say("mo", "quiz count=3", room="@mo")
    assert "which course should I quiz you on" in text(asked)
    assert len({button.target for button in asked.buttons}) == len(asked.buttons) == 3
    assert (await w.press("mo", "Statistics", room="@mo")).title == "Question 1 of 3"
