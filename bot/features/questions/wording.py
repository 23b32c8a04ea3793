"""Texts on the quiz questions of own courses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.curriculum.content import Unit
from bot.curriculum.short_questions import ENOUGH, ShortQuestion, list_lacks
from bot.curriculum.track import Track
from bot.features.courses.tables import ACCEPTED, RETIRED, SUGGESTED, CourseQuestion
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Button, Reply, Subtext, Text, say

ADD_NOTE = "Quizzes, reviews and warm-ups will ask this question and show its author."
SUGGEST_NOTE = "A moderator will review your question. It will show your name."
EDIT_NOTE = "If you change the right answer or the number of answers, it becomes a new question."
REFUSED = "Refused."
EDITED = "Saved. Earlier answers still count."
REPLACED = "Saved as a new question. The old one isn't asked any more."
UNITS_SHOWN, UNIT_BUTTONS, BUTTONS = 40, 3, 3


def render_added(unit: Unit, count: int, question: ShortQuestion, *, another: Call, show: Call) -> Reply:
    """Return the receipt of a new question.

    Args:
        count: questions of its unit.
    """
    needed = f" {_more(ENOUGH - count)} for a whole quiz." if count < ENOUGH else ""
    reason = "" if question.why else " A reason would help people who get it wrong."
    return say(
        f"{markup.escape(unit.label)} has {counted(count, 'question')} now.{needed}{reason}",
        title="Question added",
        buttons=(Button("Add a question", another, "primary"), Button("Show questions", show)),
        tone="good",
    )


def _more(count: int) -> str:
    return f"Add {counted(count, 'more question')}"


def render_suggested(unit: Unit, *, another: Call, accept: Call | None) -> Reply:
    """Return the receipt of a suggestion.

    Args:
        accept: accepts it, for a moderator.
    """
    first = (Button("Accept question", accept, "primary"),) if accept is not None else ()
    return say(
        "Thank you! A moderator will review it. "
        f"If they accept it, quizzes on {markup.escape(unit.label)} will ask it.",
        title="Question suggested",
        buttons=(*first, Button("Suggest a question", another)),
        tone="good",
    )


def describe_waiting(name: str, unit: Unit) -> str:
    """Return the notice to moderators that a suggestion waits."""
    who = markup.escape(name, 40)
    return f"{who} suggested a quiz question for {markup.escape(unit.label)}. See {markup.typed('questions list')}."


def describe_used(name: str) -> str:
    """Return the notice to the author of a message that became a question."""
    return f"{markup.escape(name, 40)} used your message as a quiz question. Your name appears with it."


def describe_unnamed(author_id: int | None) -> str:
    """Return who wrote a question whose author isn't named in the group."""
    return "a former member" if author_id is None else "somebody outside this group"


def describe_accepted(name: str, prompt: str) -> str:
    """Return the notice to an author whose question was accepted."""
    return f"{markup.escape(name, 40)} accepted your quiz question “{markup.escape(prompt, 80)}”. Thank you!"


def render_overview(
    track: Track,
    counts: Mapping[int, int],
    opens: Sequence[tuple[Unit, Call]],
    waiting: int,
    *,
    review: Call | None,
    add: Call,
    quiz: Call,
    moderates: bool,
) -> Reply:
    """Return how many questions each unit has.

    Args:
        counts: by the unit's number.
        opens: units with the Calls that list their questions, those that lack questions first.
        waiting: suggestions.
        review: shows the first suggestion; None if none waits.
    """
    units = track.roadmap.units[:UNITS_SHOWN]
    lines = [f"- {unit.number} {markup.escape(unit.title)}: {_count(counts[unit.number])}" for unit in units]
    if (left := len(track.roadmap.units) - len(units)) > 0:
        lines.append(f"- _and {left} more units_")
    total = sum(counts.values())
    lead = f"{numbered(total, 'question')} in {numbered(len(track.roadmap.units), 'unit')}."
    if waiting:
        lead += f" {counted(waiting, 'suggestion').capitalize()} from members {'waits' if waiting == 1 else 'wait'}."
    elif not total:
        lead += f" A quiz asks {ENOUGH} on one unit."
    buttons = [Button("Review suggestions", review, "primary")] if review is not None else []
    buttons.append(
        Button("Add a question" if moderates else "Suggest a question", add, "plain" if buttons else "primary")
    )
    if moderates:
        most = UNIT_BUTTONS if len(opens) >= UNIT_BUTTONS else BUTTONS - len(buttons)
        buttons += [Button(markup.clip(unit.label, 40), call) for unit, call in opens[:most]]
    elif total:
        buttons.append(Button("Take a quiz", quiz))
    return say(lead, "\n".join(lines), title="Quiz questions", buttons=tuple(buttons))


def _count(count: int) -> str:
    if count >= ENOUGH:
        return numbered(count, "question")
    return f"{count} of {ENOUGH}" if count else "none yet"


def render_unit_questions(
    unit: Unit,
    listed: Sequence[tuple[CourseQuestion, ShortQuestion, str]],
    every: Sequence[ShortQuestion],
    place: tuple[int, int],
    turns: Mapping[int, Call],
    *,
    opens: Sequence[Call],
    add: Call,
    moderates: bool,
) -> Reply:
    """Return a page of the questions of a unit; moderators also see the answers and what the unit lacks.

    Args:
        listed: each question of the page, with its author's name.
        every: all questions of the unit.
        place: the page, and how many there are.
        turns: the Calls for the pages around it.
        opens: shows each listed question; empty for members.
    """
    page, pages = place
    lines = [_describe(at, question, author, moderates=moderates) for at, (_, question, author) in enumerate(listed, 1)]
    lacks = list_lacks(every) if moderates else []
    numbered_buttons = (Button(f"Open question {at}", call) for at, call in enumerate(opens, 1))
    paging = (Button("Next" if n > page else "Previous", call) for n, call in sorted(turns.items(), reverse=True))
    first = Button("Add a question" if moderates else "Suggest a question", add, "primary")
    return say(
        "\n".join(lines) or "This unit has no questions yet.",
        "\n".join(["**To improve**", *(f"- {lack}" for lack in lacks)]) if lacks else "",
        title=f"{markup.escape(unit.label)}: {numbered(len(every), 'question')}"
        + (f", page {page} of {pages}" if pages > 1 else ""),
        buttons=(first, *paging, *numbered_buttons),
    )


def _describe(at: int, question: ShortQuestion, author: str, *, moderates: bool) -> str:
    line = f"{at}. {markup.prose(question.prompt)}"
    if moderates:
        line += f" **{markup.prose(question.right)}** (not {markup.series([*map(markup.prose, question.wrong)])})"
    return f"{line}{f' _By {markup.escape(author, 40)}._' if author else ''}"


def render_question(
    question: ShortQuestion,
    unit: Unit | None,
    state: str,
    *,
    author: str,
    decider: str,
    lead: str,
    accept: Call | None,
    edit: Call,
    retire: Call | None,
) -> Reply:
    """Return a question with its answers, and what a moderator can do.

    Args:
        unit: None if the course no longer has it.
        author, decider: names; "" for an unknown decider.
        lead: what was just done; "" for nothing.
    """
    choices = [f"- ✓ {markup.prose(question.right)}", *(f"- ✗ {markup.prose(answer)}" for answer in question.wrong)]
    facts = [f"By {markup.escape(author, 40)}"]
    if state != SUGGESTED and decider and decider != author:
        facts.append(f"{state} by {markup.escape(decider, 40)}")
    if question.source:
        facts.append(f"from {markup.escape(question.source, 100)}")
    buttons = [
        *(
            [Button("Accept question" if state == SUGGESTED else "Ask question again", accept, "primary")]
            if accept is not None
            else []
        ),
        Button("Edit question", edit),
        *(
            [Button("Refuse question" if state == SUGGESTED else "Retire question", retire, "danger")]
            if retire is not None
            else []
        ),
    ]
    where = markup.escape(unit.label) if unit is not None else "Deleted unit"
    title = {SUGGESTED: "Suggested question", ACCEPTED: "Question", RETIRED: "Retired question"}[state]
    return Reply(
        (
            *([Text(f"_{lead}_")] if lead else []),
            Text(f"**{markup.prose(question.prompt)}**\n" + "\n".join(choices)),
            *([Text(markup.prose(question.why))] if question.why else []),
            Subtext(f"{', '.join(facts)}. {where}."),
        ),
        tuple(buttons),
        title=title,
    )


def describe_decided(state: str, *, is_new: bool) -> str:
    """Return what was decided about a question."""
    done = {ACCEPTED: "accepted", RETIRED: "retired"}[state]
    return f"{done.capitalize()}." if is_new else f"Already {done}."
