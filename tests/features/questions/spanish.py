"""A group that learns Spanish with its server's own course and its own questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from bot.curriculum.short_questions import ShortQuestion
from bot.features.groups.service import Groups
from bot.features.people.service import People
from bot.features.questions.service import CourseQuestions
from bot.messages.call import Call
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work
from tests.harness import World, text

T = TypeVar("T")
OUTLINE = "# Spanish A2\n- Greetings\n- The past\n- Food\n"
WORDS = {"hello": "hola", "goodbye": "adiós", "please": "por favor", "thanks": "gracias", "sorry": "perdón"}


def question(english: str, why: str = "It is the usual word.") -> ShortQuestion:
    """Return a question on one of the words; the other words are wrong."""
    wrong = [spanish for other, spanish in WORDS.items() if other != english][:3]
    return ShortQuestion(f"How do you say “{english}”?", WORDS[english], tuple(wrong), why)


GREETINGS = tuple(map(question, WORDS))


async def begin(w: World, *members: str, outline: str = OUTLINE) -> None:
    """Add the course, start a group on it, have people join and go to an hour after its first post."""
    added = await w.call("mo", Call("manage course add", {"text": outline, "confirm": "yes"}))
    assert added.tone == "good", text(added)
    await w.begin(*members, extra="course=own-1")


async def run(w: World, do: Callable[[CourseQuestions, Work], T]) -> T:
    """Do something with the questions of the course."""
    return await w.app.database.run(lambda work: do(CourseQuestions(work, Groups(work, w.app.library)), work))


async def write(w: World, *questions: ShortQuestion, unit: str = "greetings", course: int = 1) -> list[int]:
    """Have Mo add accepted questions to a unit; return their numbers."""

    def add(service: CourseQuestions, work: Work) -> list[int]:
        _, mo = People(work).known(w.account("mo"))
        assert mo is not None
        rows = [
            service.add(course, unit, each, w.clock.now(), author_id=mo.id, accepted_by=mo.id) for each in questions
        ]
        return [row.id for row in rows]

    return await run(w, add)


def letter(reply: Reply, *, right: bool = True) -> str:
    """Return the letter of the right answer to the question that a reply asks, or of a wrong one."""
    lines = "\n".join(str(getattr(block, "markdown", "")) for block in reply.blocks)
    asked = re.search(r"“(\w+)”", lines)
    assert asked is not None, lines
    options: list[tuple[str, str]] = re.findall(r"\*\*([A-D])\.\*\* (.+)", lines)
    assert options, lines
    return next(mark for mark, option in options if (option == WORDS[asked[1]]) == right)


async def play(w: World, who: str, *, right: bool = True) -> Reply:
    """Answer everything that the person's last reply asks, and return the result."""
    while any(button.label == "A" for button in w.last[who].all_buttons):
        await w.press(who, letter(w.last[who], right=right))
        reply = await w.press(who, "Next" if any(b.label == "Next" for b in w.last[who].all_buttons) else "Result")
    return reply
