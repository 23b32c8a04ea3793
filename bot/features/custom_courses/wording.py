"""Texts on a server's own courses: the preview of an outline, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.curriculum.content import Phase, Roadmap, Unit
from bot.curriculum.faults import LineRemark, by_sentence
from bot.curriculum.outline_reader import TITLE_MAX
from bot.curriculum.track import Track
from bot.features.custom_courses.service import CourseDraft
from bot.features.groups import wording as group_wording
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Block, Button, File, Listing, Reply, Table, Text, Tone, say

UNITS_SHOWN, DETAILED, LINES_SHOWN, HEADINGS_SHOWN = 30, 10, 5, 30
"""Units of a preview, those of them with their exercise and links, lines of each other list, and headings left out."""
LINKS_SHOWN, BUTTONS_SHOWN = 2, 5

TEXT_NOTE = "Below a unit you can add a sentence, links and hours, such as (3 h). Tables work too."
ADD_NOTE = "You'll see a preview first. Only this server can see the course."
EDIT_NOTE = "You'll see a preview first. Leave the outline empty to keep it. You can attach a file instead."
UNIT_NOTE = "Members see this in the unit."
COPY_NOTE = "The copy has the same units and questions. Changes to the copy don't affect the original."
PASTE_OUTLINE = (
    f"Paste your outline, or attach it to {markup.typed('manage course add')} as a Markdown, CSV or ZIP file."
)


def render_addition(draft: CourseDraft, confirm: Call, change: Call) -> Reply:
    """Return the preview of a new course."""
    buttons = (group_wording.confirm_button(confirm), group_wording.change_button(change))
    return _render_draft(draft, "Press Confirm to add this course to your server.", buttons)


def render_edit(draft: CourseDraft, confirm: Call, change: Call, *, is_stale: bool) -> Reply:
    """Return the preview of a changed outline.

    Args:
        is_stale: whether the course has changed since the form was opened.
    """
    lead = "Press Confirm to replace the current outline. Units that have opened keep their dates."
    return _render_draft(
        draft,
        f"{group_wording.CHANGED} {lead}" if is_stale else lead,
        (group_wording.confirm_button(confirm), group_wording.change_button(change)),
        "warn" if is_stale else "plain",
    )


def render_setup_outline(draft: CourseDraft, realm: str, *, confirm: Call, change: Call, back: Call) -> Reply:
    """Return the preview of an outline within the setup of a group.

    Args:
        realm: the platform's word for a server.
    """
    return _render_draft(
        draft,
        f"If you use this outline, it becomes a course on your {realm}. Nobody outside can see it.",
        (
            group_wording.confirm_button(confirm, "Use outline"),
            group_wording.change_button(change),
            Button("Back", back),
        ),
    )


def _render_draft(draft: CourseDraft, lead: str, buttons: tuple[Button, ...], tone: Tone = "plain") -> Reply:
    return Reply((Text(lead), *render_preview(draft)), buttons, title(draft), tone)


def render_added(title: str, questions: int, notes: int, left_out: Sequence[str], set_up: Call, show: Call) -> Reply:
    """Return that a course was added.

    Args:
        questions: those that were added.
        left_out: why others weren't.
    """
    has = f"It has {_number(questions, 'quiz question')}" if questions else "It has"
    if notes:
        has += f"{' and' if questions else ''} {_number(notes, 'note')}. A group that you set up gets the notes."
    else:
        has += ", but no notes yet." if questions else " no notes yet."
        has += f" Add some to a group with {markup.typed('manage notes add')}, and `ask` will answer from them."
    return say(
        f"Only this server can use this course. {has}",
        _list_left_out(left_out),
        title=f"Course added: {markup.escape(title, TITLE_MAX)}",
        buttons=(Button("Start a group", set_up, "primary"), Button("Show course", show)),
        tone="good",
    )


def render_no_courses(add: Call) -> Reply:
    """Return that the server has no course of its own."""
    lead = "This server has no courses of its own yet. Paste an outline to create one."
    return say(lead, buttons=(Button("Paste an outline", add, "primary"),))


def render_courses(courses: Sequence[Track], calls: Sequence[Call], *, verb: str = "") -> Reply:
    """Return the list of the server's own courses, with a button for each of the first.

    Args:
        verb: what the buttons do; "" to show a course.
    """
    if not courses:
        return say("This server has no courses of its own yet.")
    lines = (
        f"- **{markup.escape(course.title, TITLE_MAX)}** (`{course.id}`): {describe_length(course.roadmap)}"
        for course in courses
    )
    shown = list(zip(courses, calls, strict=True))[:BUTTONS_SHOWN]
    buttons = tuple(Button(markup.clip(f"{verb} {course.title}".strip(), 40), call) for course, call in shown)
    return say("\n".join(lines), title="Courses on this server", buttons=buttons)


def render_course(
    course: Track, text: str, page: tuple[int, int], turns: Mapping[int, Call], edit: Call, copy: Call, remove: Call
) -> Reply:
    """Return a page of a course's outline.

    Args:
        page: its number, and how many there are.
        turns: the Calls for the pages around it.
    """
    at, pages = page
    directions = (("Next", at + 1), ("Previous", at - 1))
    paging = (Button(label, turns[number]) for label, number in directions if number in turns)
    buttons = (
        *paging,
        Button("Edit course", edit, "primary"),
        Button("Copy course", copy),
        Button("Remove course", remove, "danger"),
    )
    paged = f", page {at} of {pages}" if pages > 1 else ""
    lead = f"{describe_length(course.roadmap)}{_describe_questions(course)}. ID: `{course.id}`."
    title = f"{markup.escape(course.title, TITLE_MAX)}{paged}"
    return Reply((Text(lead), Listing(text)), buttons, title=title)


def render_no_change(edit: Call) -> Reply:
    """Return the question what to change."""
    lead = "What would you like to change? The form shows the current title and outline."
    return say(lead, buttons=(Button("Open form", edit, "primary"),))


def _list_left_out(reasons: Sequence[str]) -> str:
    """Return how many questions of an outline were left out, and why; "" for none."""
    if not reasons:
        return ""
    return f"Left out {_number(len(reasons), 'question')}. " + " ".join(dict.fromkeys(reasons))


def render_edited(title: str, left_out: Sequence[str], show: Call) -> Reply:
    """Return that a course was changed.

    Args:
        left_out: why questions of its outline weren't added.
    """
    name = f"Course updated: {markup.escape(title, TITLE_MAX)}"
    lead = "Groups on this course now follow the new outline."
    return say(lead, _list_left_out(left_out), title=name, buttons=(Button("Show course", show),), tone="good")


def render_copied(title: str, copy: Track, set_up: Call, show: Call) -> Reply:
    """Return that a course was copied."""
    has = f"{describe_length(copy.roadmap)}{_describe_questions(copy)}"
    return say(
        f"It has {has}. Changes to the copy don't affect “{markup.escape(title, TITLE_MAX)}”. Notes aren't copied.",
        title=f"Course copied: {markup.escape(copy.title, TITLE_MAX)}",
        buttons=(Button("Start a group", set_up, "primary"), Button("Show course", show)),
        tone="good",
    )


FORMS = {
    "markdown": "As Markdown",
    "folder": "As a folder",
    "csv": "Questions as CSV",
    "anki": "Questions for Anki",
}


def render_export(
    course: Track, file: File, notes: int, others: Mapping[str, Call], *, takes_back: bool, is_whole: bool
) -> Reply:
    """Return a course's file.

    Args:
        notes: those of its units.
        others: the Calls for other forms.
        takes_back: whether the file is small enough to be imported again.
        is_whole: whether it holds more than the questions.
    """
    parts = [_number(len(course.roadmap.units), "unit")] if is_whole else []
    parts += [_number(len(course.items), "question")]
    parts += [_number(notes, "note")] if is_whole and notes else []
    back = markup.typed("manage course add" if is_whole else "manage course edit")
    way = f"To import it, attach it to {back}." if takes_back else "It is too large to be imported in one file."
    return Reply(
        (Text(f"The file has {markup.series(parts)}. {way}"), file),
        tuple(Button(FORMS[form], call) for form, call in others.items()),
        title=f"Export of “{markup.escape(course.title, TITLE_MAX)}”",
    )


def render_new_questions(
    title: str, units: Sequence[tuple[Unit, int]], left_out: Sequence[str], confirm: Call, change: Call
) -> Reply:
    """Return the preview of questions from a table.

    Args:
        units: those that get questions, with how many.
        left_out: why other questions can't be added.
    """
    total = sum(count for _, count in units)
    lines = [f"- {markup.escape(unit.label)}: {_number(count, 'question')}" for unit, count in units[:UNITS_SHOWN]]
    lead = "Press Confirm to add these questions. Units and texts stay the same." if total else "All are there already."
    return say(
        lead,
        "\n".join(lines),
        _list_left_out(left_out),
        title=f"“{markup.escape(title, TITLE_MAX)}”: {_number(total, 'new question')}",
        buttons=(
            *([group_wording.confirm_button(confirm)] if total else []),
            group_wording.change_button(change),
        ),
    )


def render_questions_added(title: str, count: int, left_out: Sequence[str], show: Call) -> Reply:
    """Return that questions were added."""
    return say(
        f"{_number(count, 'question')} added. I'll ask them in quizzes.",
        _list_left_out(left_out),
        title=f"Course updated: {markup.escape(title, TITLE_MAX)}",
        buttons=(Button("Show course", show),),
        tone="good",
    )


def _describe_questions(course: Track) -> str:
    return f" and {_number(len(course.items), 'question')}" if course.items else ""


def describe_installed(title: str) -> str:
    """Return that an installed course can't be changed here."""
    return (
        f"**{markup.escape(title, 80)}** is installed by the bot's operator. You can change only courses that your "
        f"server added: {markup.typed('manage course add')}."
    )


def describe_cut(most: int) -> str:
    """Return that an outline fills its field, so that its end may be missing."""
    return (
        f"**Outline**: this form takes {most:,} characters, so the end of your outline may be missing. Attach it to "
        f"{markup.typed('manage course add')} or {markup.typed('manage course edit')} as a file."
    )


def render_unit_choice(units: Sequence[Unit], forms: Sequence[Call], count: int) -> Reply:
    """Return the question which unit to edit.

    Args:
        forms: open the form of each unit.
        count: units of the course.
    """
    more = f" For another unit, add its number: {markup.typed('manage course unit 2')}." if count > len(units) else ""
    buttons = (Button(markup.clip(f"Edit {unit.label}", 40), form) for unit, form in zip(units, forms, strict=True))
    return say(f"Which unit would you like to edit?{more}", title="Goals and exercise", buttons=tuple(buttons))


def render_unit_changed(unit: Unit, *, show: Call, onward: Call) -> Reply:
    """Return the receipt of a unit's goals and exercise."""
    took = f" It takes {unit.exercise.minutes} minutes." if unit.exercise.minutes else ""
    goals = f"It has {_number(len(unit.objectives), 'goal')}." if unit.objectives else "It has no goals."
    task, done_when = (markup.end_sentence(text) for text in (unit.exercise.task, unit.exercise.done_when))
    exercise = f" **Exercise**: {markup.prose(task)}" if unit.exercise.task else ""
    done = f" **Done when**: {markup.prose(done_when)}" if unit.exercise.done_when else ""
    return say(
        f"{goals}{exercise}{took}{done}",
        title=f"Updated {markup.escape(unit.label)}",
        buttons=(Button("Show unit", show), Button("Next unit", onward)),
        tone="good",
    )


UNCHANGED = say("Nothing changed.")
CONFLICT = say("Somebody else has changed this text too. Choose which text stays.", tone="warn")


def render_saved(text: str) -> Reply:
    """Return that a text was saved, and how it is stored."""
    return Reply((Text("Saved."), Listing(text)), audience="private")


def render_arranged(changes: Sequence[str], undo: Call) -> Reply:
    """Return what a new arrangement of a course changed."""
    changed = _format_list("Changed", [markup.escape(change, 200) for change in changes])
    return say(changed, buttons=(Button("Undo", undo),), tone="good")


def render_restored(changes: Sequence[str], undo: Call) -> Reply:
    """Return what the return to an earlier version of a course changed."""
    lead = "The course is as it was before. This is a new version, so you can undo it too."
    changed = _format_list("Changed", [markup.escape(change, 200) for change in changes])
    return say(lead, changed, buttons=(Button("Undo", undo),), tone="good")


def render_removal(course: Track, confirm: Call, *, is_stale: bool) -> Reply:
    """Return the question whether to remove a course.

    Args:
        is_stale: whether it has changed in the meantime.
    """
    return say(
        group_wording.CHANGED if is_stale else "",
        f"It has {describe_length(course.roadmap)}. You can't undo this. To save the outline, copy it from "
        f"{markup.typed('manage course show')} first.",
        title=f"Remove “{markup.escape(course.title, TITLE_MAX)}”?",
        buttons=(group_wording.confirm_button(confirm, "Remove", "danger"),),
        tone="warn",
    )


def render_removed(title: str) -> Reply:
    """Return that a course was removed."""
    return say(f"Removed “{markup.escape(title, TITLE_MAX)}” from this server.", tone="good")


def title(draft: CourseDraft) -> str:
    """Return the heading of a preview: the title and how long it is."""
    return f"“{markup.escape(draft.title, TITLE_MAX)}”: {describe_length(draft.roadmap)}"


def describe_length(roadmap: Roadmap) -> str:
    """Return how long a course is: "12 units in 3 phases, about 40 hours"."""
    hours = sum(unit.hours for unit in roadmap.units)
    phases = len(roadmap.phases)
    text = _number(len(roadmap.units), "unit") + (f" in {phases} phases" if phases > 1 else "")
    return text + (f", about {_number(hours, 'hour')}" if hours else "")


def render_preview(draft: CourseDraft) -> tuple[Block, ...]:
    """Return the course, remarks on the outline, what changes and what the outline could still add."""
    if draft.sketch.columns:
        about = [Text(markup.prose(draft.roadmap.summary))] if draft.roadmap.summary else []
        left = len(draft.roadmap.units) - UNITS_SHOWN
        more = [Text(f"_and {left} more units_")] if left > 0 else []
        return (*about, Text(_describe_columns(draft)), _tabulate(draft), *more, *_list_further(draft))
    lines = [markup.prose(draft.roadmap.summary), *_phases(draft.roadmap)]
    return (*(Text(line) for line in lines if line), *_list_further(draft))


def _list_further(draft: CourseDraft) -> Iterator[Text]:
    """Yield remarks on the outline, what changes and what the outline could still add."""
    texts = [
        _list_left_headings(draft.sketch.left_out),
        _list_remarks(draft),
        *(_changes(draft) if draft.before is not None else ()),
        _list_gaps(draft),
    ]
    yield from (Text(text) for text in texts if text)


def _describe_columns(draft: CourseDraft) -> str:
    """Return what each column of a table was taken for."""
    used = [f"{markup.escape(name, 30)} → {kind}" for name, kind in draft.sketch.columns if kind]
    left = [markup.escape(name, 30) for name, kind in draft.sketch.columns if not kind]
    return f"**Columns**: {', '.join(used)}." + (f" Left out: {', '.join(left)}." if left else "")


def _tabulate(draft: CourseDraft) -> Table:
    """Return a row for each unit: its title, and how much of each kind it has; kinds that no unit has are left out."""
    units = draft.sketch.units[:UNITS_SHOWN]
    kinds: Sequence[tuple[str, Sequence[str]]] = (
        ("#", [str(number) for number, _ in enumerate(units, 1)]),
        ("Unit", [markup.clip(unit.title, 30) for unit in units]),
        ("Hours", [str(unit.hours or "") for unit in units]),
        ("Goals", [str(len(unit.goals) or "") for unit in units]),
        ("Exercise", [f"{unit.minutes} min" if unit.minutes else "yes" if unit.exercise else "" for unit in units]),
        ("Links", [str(len(unit.links) or "") for unit in units]),
        ("Questions", [str(len(unit.questions) or "") for unit in units]),
        ("Notes", [str(len(unit.notes) or "") for unit in units]),
    )
    shown = [(head, cells) for head, cells in kinds if any(cells)]
    right = tuple(at for at, (head, _) in enumerate(shown) if head not in ("Unit", "Exercise"))
    return Table(tuple(head for head, _ in shown), tuple(zip(*(cells for _, cells in shown), strict=True)), right)


def _phases(roadmap: Roadmap) -> Iterator[str]:
    left = UNITS_SHOWN
    for phase in roadmap.phases:
        units = phase.units[:left]
        left -= len(units)
        is_lone = len(roadmap.phases) == 1 and phase.title == roadmap.title
        head = [] if is_lone else [_head(phase)]
        more = [f"- _and {len(phase.units) - len(units)} more_"] if len(units) < len(phase.units) else []
        lines = (f"- {_unit(unit, is_detailed=unit.number <= DETAILED)}" for unit in units)
        yield "\n".join([*head, *lines, *more])


def _head(phase: Phase) -> str:
    return f"**{markup.escape(phase.title, TITLE_MAX)}**" + (f" {markup.prose(phase.summary)}" if phase.summary else "")


def _unit(unit: Unit, *, is_detailed: bool) -> str:
    parts = ((len(unit.objectives), "goal"), (len(unit.resources), "link"))
    more = [*([f"{unit.hours} h"] if unit.hours else []), *(_number(n, noun) for n, noun in parts if n)]
    line = f"{unit.number} {markup.escape(unit.title)}" + (f" ({', '.join(more)})" if more else "")
    if not is_detailed:
        return line
    if task := unit.exercise.task:
        line += f". Exercise: {markup.escape(task, 60)}"
    if unit.resources:
        names = [markup.escape(resource.title, 40) for resource in unit.resources[:LINKS_SHOWN]]
        names += [f"{left} more"] if (left := len(unit.resources) - LINKS_SHOWN) > 0 else []
        line += f". Links: {', '.join(names)}"
    return line


def _changes(draft: CourseDraft) -> Iterator[str]:
    renamed = [f"“{markup.escape(old.title)}” → “{markup.escape(new.title)}”" for old, new in draft.renamed]
    yield _format_list("New", [markup.escape(unit.title) for unit in draft.new])
    yield _format_list("Renamed", renamed)
    yield _format_list("Removed", [markup.escape(unit.title) for unit in draft.gone])
    if not (draft.new or draft.gone or renamed):
        yield "The units and their titles stay the same."


def _list_gaps(draft: CourseDraft) -> str:
    """Return which details the units lack; an edited course may have questions that its outline doesn't name."""
    units = draft.roadmap.units
    asked = draft.sketch.units if draft.before is None else ()
    lacking = (
        ("summaries", sum(not unit.summary for unit in units)),
        ("hours", sum(not unit.hours for unit in units)),
        ("links", sum(not unit.resources for unit in units)),
        ("goals", sum(not unit.objectives for unit in units)),
        ("exercises", sum(not unit.exercise.task for unit in units)),
        ("questions", sum(not unit.questions for unit in asked)),
    )
    by_count: dict[int, list[str]] = {}
    for detail, count in lacking:
        by_count.setdefault(count, []).append(detail)
    lacks = [f"{markup.series(details)} for {_number(count, 'unit')}" for count, details in by_count.items() if count]
    return f"**You can add later**: {', '.join(lacks)}." if lacks else ""


def _list_left_headings(headings: Sequence[LineRemark]) -> str:
    """Return the headings of an outline from which no unit was made, and how to keep one; "" for none."""
    if not headings:
        return ""
    named = [f"“{markup.escape(one.sentence, 60)}” (line {one.line})" for one in headings[:HEADINGS_SHOWN]]
    more = len(headings) - HEADINGS_SHOWN
    names = markup.series([*named, *([f"{more} more"] if more > 0 else [])])
    return f"**No unit made of** {names}. To keep one, correct the lines and add its title below `###`."


def _list_remarks(draft: CourseDraft) -> str:
    remarks = by_sentence(draft.sketch.remarks, LINES_SHOWN)
    return "\n".join(["**Left out or shortened**", *(f"- {remark}" for remark in remarks)]) if remarks else ""


def _format_list(head: str, lines: Sequence[str]) -> str:
    items = [f"- {line}" for line in lines[:LINES_SHOWN]]
    more = [f"- and {len(lines) - LINES_SHOWN} more"] if len(lines) > LINES_SHOWN else []
    return "\n".join([f"**{head}**", *items, *more]) if lines else ""


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
