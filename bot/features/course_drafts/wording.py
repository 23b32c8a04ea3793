"""Texts on drafts of courses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.answers.model.drafting import DraftedUnit, estimate_tokens, estimate_units
from bot.curriculum.content import Unit
from bot.features.course_drafts.service import ShownDraft, StoredUnit
from bot.features.course_drafts.tables import DONE, NEW, RUNNING, DraftedCourse
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import numbered
from bot.messages.reply import Block, Button, Divider, Quote, Reply, Subtext, Text, say

FORM_NOTE = "I'll say what it costs before the model starts. Links aren't opened."
PAGE_MAX, QUOTED_MAX, HEADINGS_SHOWN = 1500, 400, 30
"""Characters of a page of a unit in a chat, and of a passage in a unit; and headings without a unit."""
_PROBLEMS = {
    "budget": "Today's tokens are used up. I'll continue when there are more.",
    "no reply": "The model didn't give a reply that I can use.",
}
_STATES = {NEW: "not started", RUNNING: "being drafted", "stopped": "stopped", DONE: "ready"}


def render_no_model(paste: Call) -> Reply:
    """Return how to write a course without a model."""
    return say(
        "No chat model is set up here, so write the course by hand: paste an outline, then add goals, notes and "
        "questions on the dashboard. The bot's operator can set up a model with `OPENAI_API_KEY`.",
        title="Draft a course",
        buttons=(Button("Paste an outline", paste, "primary"),),
    )


def render_list(rows: Sequence[DraftedCourse], calls: Sequence[Call], draft: Call) -> Reply:
    """Return the drafts, each with its button."""
    lines = [f"- **{_name(row)}**: {_STATES[row.state]}" for row in rows]
    buttons = [
        Button(markup.clip(f"Show {row.title or row.source}", 40), call) for row, call in zip(rows, calls, strict=True)
    ]
    lead = "\n".join(lines) or "There are no drafts. Give me your material, and the model drafts a course from it."
    return say(lead, title="Drafts of courses", buttons=(*buttons, Button("Draft a course", draft, "primary")))


def _name(row: DraftedCourse) -> str:
    return markup.escape(row.title or row.source, 60)


def render_draft(
    shown: ShownDraft,
    left: int | None,
    actions: Mapping[str, Call],
    look: Call | None,
    again: Call,
    set_up: Call | None,
) -> Reply:
    """Return how far a draft is.

    Args:
        left: tokens of the group's day; None without a limit.
        actions: the Calls that start, stop and discard it.
        look: shows the first unit that can be accepted, if there is one.
        again: shows the next unit once it is drafted, until then this reply.
        set_up: sets up a group, once a unit is accepted.
    """
    row = shown.row
    discard = Button("Discard draft", actions["discard"], "danger")
    if row.state == NEW:
        units = estimate_units(shown.passages)
        cost = f"About {numbered(units, 'unit')} and **{estimate_tokens(shown.passages, units):,} tokens**."
        today = (
            f" Today {max(0, left):,} are left. If they run out, I'll continue the next day."
            if left is not None
            else ""
        )
        lead = f"I read {numbered(len(shown.passages), 'passage')} in {markup.escape(row.source, 100)}. {cost}{today}"
        note = Subtext("Nothing is used before you accept it, unit by unit.")
        return Reply((Text(lead), note), (Button("Start drafting", actions["start"], "primary"), discard), _name(row))
    count = sum(unit.draft is not None for unit in shown.units)
    progress = f"{count} of {numbered(len(shown.units), 'unit')} drafted" if shown.units else "I'm planning the units"
    lead = f"{progress}, {len(shown.accepted)} accepted." if shown.units else f"{progress}."
    lines = [
        f"{at}. {markup.escape(unit.title, 60)}: {_describe_unit(unit, is_accepted=at - 1 in shown.accepted)}"
        for at, unit in enumerate(shown.units, 1)
    ]
    problem = [Text(_PROBLEMS[row.problem])] if row.problem in _PROBLEMS else []
    buttons = [Button("Review unit", look, "primary")] if look is not None else []
    buttons += [Button("Start a group", set_up, "plain" if look else "primary")] if set_up is not None else []
    if row.state == RUNNING:
        buttons += [] if look is not None else [Button("Refresh", again, "primary")]
        buttons += [Button("Stop drafting", actions["stop"])]
    elif row.state != DONE:
        buttons += [Button("Continue", actions["start"])]
    blocks: list[Block] = [
        Text(lead),
        *problem,
        *(Text(text) for text in ("\n".join(lines), _list_left_out(shown)) if text),
    ]
    return Reply(tuple(blocks), (*buttons, *([discard] if row.state != RUNNING else [])), _name(row))


def _list_left_out(shown: ShownDraft) -> str:
    """Return the headings or pages of the material that are in no planned unit; "" for none."""
    covered = {number for unit in shown.units for number in range(unit.first, unit.last + 1)}
    passages = [*enumerate(shown.passages, 1)] if shown.units else []
    used = {passage.name for number, passage in passages if number in covered}
    rest = {passage.name or f"passage {number}": None for number, passage in passages if number not in covered}
    names = [markup.escape(name, 60) for name in rest if name not in used]
    more = [f"{len(names) - HEADINGS_SHOWN} more"] if len(names) > HEADINGS_SHOWN else []
    return f"**In no unit**: {markup.series([*names[:HEADINGS_SHOWN], *more])}." if names else ""


def _describe_unit(unit: StoredUnit, *, is_accepted: bool) -> str:
    if unit.draft is None:
        return "waits"
    marks = f", {numbered(len(unit.doubts), 'sentence')} to check" if unit.doubts else ""
    return "accepted" if is_accepted else f"drafted{marks}"


def render_unit(
    shown: ShownDraft,
    number: int,
    page: int,
    *,
    accept: Call,
    undo: Call,
    more: Call,
    following: Call | None,
    draft: Call,
) -> Reply:
    """Return a page of a drafted unit; page 0 is the whole."""
    unit = shown.units[number - 1]
    assert unit.draft is not None
    pages = _split(list(_render_blocks(shown, unit, unit.draft)))
    blocks = [block for part in pages for block in part] if page == 0 else pages[min(page, len(pages)) - 1]
    is_accepted = number - 1 in shown.accepted
    buttons = [Button("Undo", undo)] if is_accepted else [Button("Accept unit", accept, "primary")]
    buttons += [Button("Read on", more)] if 0 < page < len(pages) else []
    buttons += [Button("Next unit", following)] if following is not None and page else []
    buttons += [Button("Show draft", draft)] if page and len(buttons) < 3 else []
    state = "Accepted. " if is_accepted else ""
    marks = f"{numbered(len(unit.doubts), 'sentence')} to check." if unit.doubts else ""
    lead = f"{state}{marks}".strip()
    title = f"Unit {number} of {len(shown.units)}: {markup.escape(unit.title, 60)}"
    return Reply((*([Subtext(lead)] if lead and page < 2 else []), *blocks), tuple(buttons), title)


def _split(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return blocks in pages."""
    pages: list[list[Block]] = [[]]
    for block in blocks:
        length = sum(len(each.markdown) for each in pages[-1] if isinstance(each, Text | Quote))
        if isinstance(block, Text) and pages[-1] and length + len(block.markdown) > PAGE_MAX:
            pages.append([])
        pages[-1].append(block)
    return pages


def _render_blocks(shown: ShownDraft, unit: StoredUnit, draft: DraftedUnit) -> Iterator[Block]:
    goals = "".join(f"\n- {markup.escape(goal, 100)}" for goal in draft.goals)
    yield Text(f"{markup.escape(draft.summary, 300)}{goals}")
    took = f" ({numbered(draft.minutes, 'minute')})" if draft.minutes > 0 else ""
    done = f"\nDone when {markup.escape(draft.done_when, 200)}" if draft.done_when else ""
    yield Text(f"**Exercise**{took}: {markup.escape(draft.exercise, 300)}{done}")
    place = 0
    for section in draft.note:
        sentences: list[tuple[str, Sequence[int]]] = []
        doubted: list[tuple[str, Sequence[int]]] = []
        for sentence in section.sentences:
            text = f"{markup.escape(sentence.text, 600)} {_cite(unit, sentence.passages)}"
            (doubted if place in unit.doubts else sentences).append((text, sentence.passages))
            place += 1
        yield Text(f"**{markup.escape(section.heading, 100)}**\n{' '.join(text for text, _ in sentences)}")
        for text, passages in doubted:
            yield from _render_doubt(shown, unit, text, passages)
    for question in draft.questions:
        answers = [
            f"✓ {markup.escape(question.right, 200)}",
            *(f"✗ {markup.escape(w, 200)}" for w in question.wrong[:3]),
        ]
        text = (
            f"**{markup.escape(question.question, 300)}**\n{chr(10).join(answers)}\n{markup.escape(question.why, 300)}"
        )
        cited = f"{text} {_cite(unit, question.passages)}"
        if place in unit.doubts:
            yield from _render_doubt(shown, unit, cited, question.passages)
        else:
            yield Text(cited)
        place += 1


def _cite(unit: StoredUnit, numbers: Sequence[int]) -> str:
    return markup.escape("".join(f"[{number}]" for number in unit.name_passages(numbers)))


def _render_doubt(shown: ShownDraft, unit: StoredUnit, text: str, numbers: Sequence[int]) -> Iterator[Block]:
    """Yield a sentence that its passages don't show, with the first of them below it."""
    yield Text(f"⚠️ **Check this:** {text}")
    named = [number for number in unit.name_passages(numbers) if number <= len(shown.passages)]
    if not named:
        yield Quote("It names no passage.")
        return
    passage = shown.passages[named[0] - 1]
    yield Quote(markup.escape(f"[{named[0]}] {passage.name}: {markup.clip(passage.text, QUOTED_MAX)}", 600))


def render_accepted(unit: Unit, then: Reply, undo: Call) -> Reply:
    """Return that a unit was accepted, above the next unit or the draft."""
    lead = Text(f"**{markup.escape(unit.title, 60)}** is in the course, with its note and questions.")
    buttons = (*then.buttons, Button("Undo", undo))
    return replace(then, blocks=(lead, Divider(), *then.blocks), buttons=buttons, tone="good", replaces=True)


def render_undone(unit: Unit, then: Reply) -> Reply:
    """Return that an accepted unit is out of the course, above its draft."""
    lead = Text(f"**{markup.escape(unit.title, 60)}** is no longer in the course. You can accept it again.")
    return replace(then, blocks=(lead, Divider(), *then.blocks), tone="good", replaces=True)


def render_discarded() -> Reply:
    """Return that a draft was deleted."""
    return say("The draft is gone. Accepted units stay in their course.", title="Draft discarded", tone="good")
