"""Members suggest quiz questions, moderators write and judge them, and the list says what a unit lacks."""

from __future__ import annotations

import pytest

from bot.messages.call import Call
from bot.messages.errors import NotAllowed
from tests.features.questions.spanish import GREETINGS, begin, play, question, write
from tests.harness import World, text

HELLO = {"question": "How do you say “hello”?", "right": "hola", "wrong": "adiós\ngracias", "why": "It greets."}


async def test_a_moderator_adds_questions_in_one_form_and_sees_what_is_missing(w: World) -> None:
    await begin(w, "ada")
    empty = await w.say("mo", "questions list")
    assert "0 questions in 3 units. A quiz asks 5 on one unit." in text(empty)
    added = await w.press("mo", "Add a question", HELLO)
    assert added.title == "Question added" and added.tone == "good"
    assert "Unit 1: Greetings has one question now. Add four more questions for a whole quiz." in text(added)
    assert "How do you say “hello”?" in text(await w.say("ada", "quiz"))
    more = {"question": "What is 2 + 2 in Spanish?", "right": "cuatro", "wrong": "cinco"}
    again = await w.press("mo", "Add a question", more)
    assert "A reason would help" in text(again)
    listed = await w.press("mo", "Show questions")
    assert listed.title == "Unit 1: Greetings: 2 questions"
    assert "1. How do you say “hello”? hola (not adiós and gracias) By Mo." in text(listed)
    assert "To improve - A quiz asks 5 questions. Add 3 more. - No reason: “What is 2 + 2 in Spanish?”." in text(listed)
    assert "Mo added a quiz question to unit 1" in text(await w.say("mo", "manage audit"))


async def test_each_fault_is_said_in_its_form(w: World) -> None:
    await begin(w)
    faulty = await w.call("mo", Call("manage course question", HELLO | {"wrong": "Hola\nadiós"}))
    assert "Wrong answers: “hola” is also the right answer. Only one may be right." in text(faulty)
    corrected = await w.press("mo", "Correct it", {"wrong": "adiós"})
    assert corrected.tone == "good"
    assert "already has that question" in text(await w.call("mo", Call("manage course question", HELLO)))
    await w.say("mo", "manage end confirm=yes")


async def test_a_member_suggests_and_a_moderator_accepts_with_a_click(w: World) -> None:
    await begin(w, "ada", "ben")
    assert "A moderator will review it. If they accept it, quizzes on Unit 1: Greetings will ask it." in text(
        await w.call("ada", Call("questions suggest", HELLO))
    )
    assert "has no quiz questions yet" in text(await w.say("ben", "quiz"))
    assert "Ada suggested a quiz question for Unit 1: Greetings" in text(await w.say("mo", "help"))
    listed = await w.say("mo", "questions list")
    assert "One suggestion from members waits." in text(listed)
    shown = await w.press("mo", "Review suggestions")
    assert "✓ hola - ✗ adiós - ✗ gracias It greets. By Ada. Unit 1: Greetings." in text(shown)
    accepted = await w.press("mo", "Accept question")
    assert accepted.tone == "good" and "Accepted." in text(accepted) and "By Ada, accepted by Mo." in text(accepted)
    assert "Mo accepted your quiz question “How do you say “hello”?”" in text(await w.say("ada", "help"))
    await w.say("ben", "quiz")
    assert "1 of 1 right. Perfect!" in text(await play(w, "ben"))
    assert "How do you say “hello”? By Ada." in text(await w.say("ben", "questions list 1"))
    assert "hola" not in text(await w.say("ben", "questions list 1"))


async def test_a_refused_suggestion_gives_way_to_the_next(w: World) -> None:
    await begin(w, "ada")
    await w.call("ada", Call("questions suggest", HELLO))
    await w.call("ada", Call("questions suggest", HELLO | {"question": "What does “hola” mean?"}))
    await w.say("mo", "questions list")
    await w.press("mo", "Review suggestions")
    after = await w.press("mo", "Refuse question")
    assert "Refused." in text(after) and "What does “hola” mean?" in text(after)
    edited = await w.press("mo", "Edit question", {"why": "It is Spanish."})
    assert "Saved. Earlier answers still count." in text(edited) and "It is Spanish." in text(edited)
    new = await w.press("mo", "Edit question", {"right": "hello"})
    assert "Saved as a new question." in text(new)
    assert (await w.say("eve", "questions list")).tone == "error"
    assert (await w.call("ada", Call("question accept", {"of": "2"}))).tone == "error"


async def test_a_members_message_becomes_a_question(w: World) -> None:
    await begin(w, "ada")
    menu = w.app.registry.find("manage course question")
    assert menu is not None
    form = await w.press_call("mo", menu.upon("How do you say “hello”?", "ada"), {"right": "hola", "wrong": "adiós"})
    assert form.tone == "good"
    assert "By Ada." in text(await w.say("mo", "questions list 1"))
    notices = text(await w.say("ada", "help"))
    assert "Mo used your message as a quiz question. Your name appears with it." in notices


async def test_a_shipped_course_says_why_it_takes_none(w: World) -> None:
    await w.begin("ada")
    assert "comes with its own questions" in text(await w.say("mo", "questions list"))


async def test_a_unit_lists_its_questions_page_by_page(w: World) -> None:
    await begin(w, "ada")
    await write(w, *GREETINGS, question("hello").__class__("What is “sí”?", "yes", ("no", "maybe", "never"), "It is."))
    first = await w.say("mo", "questions list 1")
    assert first.title == "Unit 1: Greetings: 6 questions, page 1 of 2"
    second = await w.press("mo", "Next")
    assert "3. What is “sí”? yes" in text(second) and second.replaces
    shown = await w.press("mo", "Open question 3")
    assert "✓ yes" in text(shown)
    await w.press("mo", "Retire question")
    assert (await w.say("mo", "questions list 1")).title.startswith("Unit 1: Greetings: 5 questions")


async def test_a_note_opens_the_form_for_a_question_on_its_unit(w: World) -> None:
    await begin(w, "ada")
    await w.call("mo", Call("manage notes add", {"title": "Being polite", "text": "Say hola.", "unit": "1"}))
    await w.press("mo", "Show note")
    added = await w.press("mo", "Add quiz question", HELLO)
    assert "Unit 1: Greetings has one question now." in text(added)
    assert not any(b.label == "Add quiz question" for b in (await w.say("ada", "notes show polite")).all_buttons)


async def test_a_member_has_ten_suggestions_waiting_at_most_and_one_notice_a_day(w: World) -> None:
    await begin(w, "ada", "ben")
    for number in range(10):
        suggested = await w.call("ada", Call("questions suggest", HELLO | {"question": f"What is {number}?"}))
        assert suggested.tone == "good"
    assert "10 of your suggestions wait" in text(await w.call("ada", Call("questions suggest", HELLO)))
    assert (await w.call("ben", Call("questions suggest", HELLO))).tone == "good"
    assert text(await w.say("mo", "help")).count("suggested a quiz question") == 1


async def test_names_are_those_of_the_group(w: World) -> None:
    await begin(w, "ada", "eve")
    await w.call("ada", Call("settings", {"alias": "Night reader"}))
    await w.call("ada", Call("questions suggest", HELLO))
    notices = text(await w.say("mo", "help"))
    assert "Night reader suggested a quiz question" in notices and "Ada" not in notices
    await w.call("mo", Call("question accept", {"of": "1"}))
    await w.start(extra="course=own-1", name="Larks", room="larks")
    await w.after(hours=2)
    await w.say("ben", "join", room="larks")
    elsewhere = text(await w.say("ben", "questions list 1", room="larks"))
    assert "How do you say “hello”?" in elsewhere and "Ada" not in elsewhere and "Night" not in elsewhere
    shown = await w.call("mo", Call("question show", {"of": "1"}), room="larks")
    assert "By somebody outside this group, accepted by Mo." in text(shown)


async def test_a_moderator_of_one_group_changes_no_question_of_the_servers_course(w: World) -> None:
    await begin(w, "ada", "ben")
    await w.call("ben", Call("questions suggest", HELLO))
    await w.say("mo", "manage edit moderators=@ada confirm=yes")
    for name, args in (
        ("question show", {"of": "1"}),
        ("question accept", {"of": "1"}),
        ("question retire", {"of": "1"}),
        ("question edit", {"of": "1", **HELLO}),
        ("manage course question", HELLO),
    ):
        refused = await w.call("ada", Call(name, args))
        assert "Only its author or a moderator of the whole server" in text(refused), name
    for name in ("manage course question", "manage course unit"):
        with pytest.raises(NotAllowed, match="Only its author or a moderator"):
            await w.form("ada", Call(name, {}, ask=True))
    listed = await w.say("ada", "questions list")
    assert [button.label for button in listed.all_buttons] == ["Suggest a question"]
