"""A group's own questions are asked as those of an installed course are: quiz, review, warm-up, cards and results."""

from __future__ import annotations

from dataclasses import replace

from bot.features.courses.tables import ACCEPTED, RETIRED, SUGGESTED
from bot.features.quiz.tables import QuizCard
from bot.messages.call import Call
from bot.messages.reply import File
from tests.features.questions.spanish import GREETINGS, OUTLINE, begin, letter, play, question, run, write
from tests.harness import World, text


async def test_a_quiz_asks_them_and_a_review_brings_them_back(w: World) -> None:
    await begin(w, "ada")
    assert "has no quiz questions yet" in text(await w.say("ada", "quiz"))
    await write(w, *GREETINGS)
    assert "Question 1 of 5" in (await w.say("ada", "quiz")).title
    wrong = await w.press("ada", letter(w.last["ada"], right=False))
    assert "Not this time." in text(wrong) and "It is the usual word." in text(wrong)
    await w.press("ada", "Next")
    result = await play(w, "ada")
    assert "4 of 5 right." in text(result) and "- Unit 1: Greetings" in text(result)
    assert "There's nothing to review." in text(await w.say("ada", "review"))
    await w.after(days=2)
    assert (await w.say("ada", "review")).title == "Question 1 of 5"
    await play(w, "ada")
    cards = await w.say("ada", "anki questions=all")
    (file,) = (block for block in cards.blocks if isinstance(block, File))
    assert file.name == "own-1-all.csv" and "Source: Unit 1: Greetings" in file.text
    assert "How do you say “hello”?" in file.text and "It is the usual word." in file.text


async def test_a_group_is_asked_one_below_the_next_units_post(w: World) -> None:
    await begin(w, "ada", "ben", "cleo")
    await write(w, *(replace(each, why="") for each in GREETINGS[:3]))
    await w.after(days=7)
    (thread,) = (messages for title, messages in await w.threads() if "The past" in title)
    asked = next(reply for reply in thread if "Warm-up" in text(reply))
    for who in ("ada", "ben", "cleo"):
        outcome = await w.press(who, letter(asked, right=who == "ada"), of=asked)
    assert "Source: Unit 1: Greetings" in text(outcome)
    await w.tick()
    await w.after(days=7)
    texts = [text(reply) for _, messages in await w.threads() for reply in messages]
    assert any("Last warm-up" in said and "3 answers" in said for said in texts)
    assert "Quiz questions people got wrong" in text(await w.say("mo", "manage report"))


async def test_answers_stay_true_when_a_question_is_edited(w: World) -> None:
    await begin(w, "ada")
    number, *_ = await write(w, *GREETINGS[:2])
    await w.say("ada", "quiz")
    await play(w, "ada", right=False)
    clearer = replace(question("hello"), prompt="What do you say to greet somebody, in one word?")

    same = await run(w, lambda s, _: s.edit(s.get(1, number), clearer, 1, w.clock.now()).id)
    assert same == number
    right = replace(clearer, right="buenas", wrong=clearer.wrong)
    new = await run(w, lambda s, _: s.edit(s.get(1, number), right, 1, w.clock.now()).id)
    states = await run(w, lambda s, _: {row.id: row.state for row in s.list(1)})
    assert states == {number: RETIRED, number + 1: ACCEPTED, new: ACCEPTED}
    await w.after(days=2)
    assert (await w.say("ada", "review")).title == "Question 1 of 1"  # the retired one doesn't come back


async def test_a_suggestion_is_not_asked(w: World) -> None:
    await begin(w, "ada")
    await run(w, lambda s, _: s.add(1, "greetings", GREETINGS[0], w.clock.now(), author_id=2))
    assert await run(w, lambda s, _: [row.state for row in s.list(1)]) == [SUGGESTED]
    assert "has no quiz questions yet" in text(await w.say("ada", "quiz"))
    assert await run(w, lambda s, _: s.accept(s.get(1, 1), 1, w.clock.now()))
    assert not await run(w, lambda s, _: s.accept(s.get(1, 1), 1, w.clock.now()))
    assert "How do you say “hello”?" in text(await w.say("ada", "quiz"))


async def test_reviews_end_with_the_unit_or_the_course(w: World) -> None:
    added = await w.call("mo", Call("manage course add", {"text": OUTLINE, "confirm": "yes"}))
    assert added.tone == "good"
    await write(w, *GREETINGS[:2])
    await write(w, GREETINGS[2], unit="food")

    async def count() -> int:
        return await w.app.database.run(lambda work: work.session.query(QuizCard).count())

    for unit, cards in (("1", 2), ("3", 3)):
        await w.say("ada", f"quiz {unit} course=own-1")
        await play(w, "ada")
        assert await count() == cards
    shorter = OUTLINE.replace("- Food\n", "")
    await w.call("mo", Call("manage course edit", {"course": "own-1", "text": shorter, "confirm": "yes"}))
    assert await count() == 2
    await w.say("mo", "manage course remove own-1 confirm=yes")
    assert await count() == 0


async def test_a_unit_with_a_note_of_the_group_is_not_said_to_have_none(w: World) -> None:
    await begin(w, "ada")
    assert "has no notes yet" in text(await w.say("ada", "ask who is the zanzibar quokka"))
    await w.call("mo", Call("manage notes add", {"title": "Polite words", "text": "Say hola.", "unit": "1"}))
    assert "has no notes yet" not in text(await w.say("ada", "ask who is the zanzibar quokka"))
