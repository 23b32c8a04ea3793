"""The page on which moderators write a course: outline, fields of a unit, its notes and questions, and versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.curriculum import reading_pages
from bot.curriculum.authoring.course_edit import COURSE, GONE, PHASE, UNIT, find_unit, read_fields
from bot.curriculum.content import Roadmap, Unit
from bot.curriculum.track import Track
from bot.dashboard.page import MODERATORS, DashboardPage, Viewer
from bot.features.course_drafts.commands import draft_course, render_progress, render_unit, show_draft
from bot.features.course_drafts.service import CourseDrafts, read_units
from bot.features.course_drafts.tables import RUNNING
from bot.features.courses.own_roadmap import parse_id, read_question
from bot.features.courses.tables import ACCEPTED, SUGGESTED, ContentVersion, OwnRoadmap
from bot.features.custom_courses.commands import outline_add
from bot.features.custom_courses.course_writer import CourseWriter
from bot.features.custom_courses.edit_commands import arrange, restore, write_field
from bot.features.custom_courses.service import Outlines
from bot.features.groups.service import Groups
from bot.features.notes.commands import notes_add, notes_remove, notes_restore, notes_write
from bot.features.notes.service import GroupNotes, checked
from bot.features.notes.tables import GroupNote
from bot.features.questions.commands import add_question, edit_question, retire_question, show_question
from bot.features.questions.service import CourseQuestions
from bot.features.token_budget.service import Ledger, Meter
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotAllowed, NotFound
from bot.messages.reply import Block, Button, Text

VERSIONS_SHOWN = 20
_MOST_DIGITS = 10
QUESTION_FIELDS = ("question", "right", "wrong", "why")


@dataclass(frozen=True)
class EditedField:
    """A field as the page draws it; `rows` is 0 for a single line."""

    key: str
    label: str
    help: str
    rows: int = 0
    is_number: bool = False


TITLE = EditedField("title", "Title", "At most 60 characters.")
SUMMARY = EditedField("summary", "Summary", "Why it matters, in a sentence or two.", 2)
UNIT_FIELDS = (
    TITLE,
    SUMMARY,
    EditedField("hours", "Hours", "Whole hours, exercise included.", is_number=True),
    EditedField("goals", "Goals", "Up to 3, one a line: what people can do afterwards.", 3),
    EditedField("exercise", "Exercise", "The task, in a few sentences.", 3),
    EditedField("minutes", "Minutes of the exercise", "A whole number.", is_number=True),
    EditedField("done", "Done when", "A sign that the exercise is complete.", 2),
    EditedField("criteria", "Checklist", "3 to 5 points that another person can check, one a line.", 4),
    EditedField("links", "Links", "Up to 5, one a line: a title, then the address.", 3),
    EditedField("prompt", "Question to discuss", "The group talks about it.", 2),
)


@dataclass(frozen=True)
class OutlinePlace:
    """A phase or a unit of the outline."""

    place: str
    label: str
    is_phase: bool
    is_current: bool
    address: str


@dataclass(frozen=True)
class VersionRow:
    """A version: when, by whom, what it changed, and the Call that restores it; for the newest, that undoes it."""

    at: datetime
    author: str
    changes: str
    restore: Call | None


@dataclass(frozen=True)
class EditedNote:
    """A note of the unit, with its versions and the Call that removes it."""

    row: GroupNote
    versions: Sequence[VersionRow]
    remove: Call


def read(
    viewer: Viewer,
    *,
    outlines: Outlines,
    writer: CourseWriter,
    groups: Groups,
    notes: GroupNotes,
    questions: CourseQuestions,
    drafts: CourseDrafts,
    meter: Meter,
    ledger: Ledger,
) -> Mapping[str, object]:
    """Return the course of the viewer's group, or the one that the address names, at the place that it names.

    If the address names a draft, return that draft with its units instead.
    """
    ctx = viewer.ctx
    group = groups.get(viewer.group_id)
    if (of := viewer.query.get("draft", "")).isdecimal() and len(of) < _MOST_DIGITS:
        return _read_draft(viewer, int(of), drafts, meter, ledger)
    named = viewer.query.get("course") or group.roadmap_id
    known = [(course.title, EDITOR.address(viewer.group_id, course=course.id)) for course in outlines.list(ctx)]
    draft = draft_course.ask(viewer.group_id, course=named if parse_id(named) is not None else None)
    data: dict[str, object] = {
        "course": None,
        "known": known,
        "adding": outline_add.ask(),
        "drafting": draft if meter.has_model else None,
        "drafts": [(row, EDITOR.address(viewer.group_id, draft=row.id)) for row in drafts.list(ctx)],
    }
    if parse_id(named) is None:
        return data
    row, track = outlines.find(ctx, named)
    try:
        outlines.check_may_change(ctx, row)
    except NotAllowed as refusal:
        return data | {"refusal": refusal.sentence}
    place, values, gone = _find_place(track.roadmap, viewer.query.get("at", COURSE))
    is_own = track.id == group.roadmap_id
    unit = find_unit(track.roadmap, place) if place.startswith(UNIT) else None
    names = {account.id: account.name for account in groups.moderators(group)} | groups.names(group).shown()
    listed = _list_notes(viewer, notes, unit, names) if unit is not None and is_own else []
    texts = {f"note:{note.row.id} {key}": getattr(note.row, key) for note in listed for key in ("title", "text")}
    return data | {
        "course": track,
        "place": place,
        "gone": gone,
        "unit": unit,
        "fields": UNIT_FIELDS if unit is not None else (TITLE, SUMMARY),
        "values": {f"{place} {key}": text for key, text in values.items()} | texts,
        "outline": _list_outline(viewer, track, place),
        "write": write_field.call(viewer.group_id, course=track.id, field="title"),
        "write_note": notes_write.call(viewer.group_id, note="0", field="text"),
        "add": arrange.call(viewer.group_id, course=track.id, action="add", **({"place": place} if place else {})),
        "arrange": [
            (label, arrange.call(viewer.group_id, course=track.id, action=action, place=place), style)
            for label, action, style in (("Up", "up", ""), ("Down", "down", ""), ("Remove unit", "remove", "danger"))
        ]
        if unit is not None
        else [],
        "versions": _list_course_versions(viewer, writer, row, track, names),
        "notes": listed if is_own else None,
        "questions": _list_questions(viewer, questions, row.id, unit) if unit is not None and is_own else None,
        "add_note": notes_add.ask(viewer.group_id, unit=unit.id) if unit is not None and is_own else None,
        "add_question": add_question.call(viewer.group_id, unit=unit.id) if unit is not None and is_own else None,
        "is_open": unit is not None and is_own and groups.timeline(group).find(unit.id) is not None,
    }


def _read_draft(viewer: Viewer, of: int, drafts: CourseDrafts, meter: Meter, ledger: Ledger) -> Mapping[str, object]:
    """Return a draft: its progress, then each unit that the model has drafted."""
    row = drafts.find(viewer.ctx, of)
    units = [at + 1 for at, unit in enumerate(read_units(row)) if unit.draft is not None]
    return {
        "draft": render_progress(viewer.ctx, drafts, of, meter, ledger),
        "draft_units": [render_unit(viewer.ctx, drafts, of, number) for number in units],
        "is_running": row.state == RUNNING,
        "back": EDITOR.address(viewer.group_id),
    }


def _find_query(call: Call) -> str | None:
    """Return the query of the page that shows a draft."""
    return f"draft={call.args['of']}" if call.name == show_draft.name and "of" in call.args else None


def _find_place(roadmap: Roadmap, named: str) -> tuple[str, dict[str, str], str]:
    """Return a place and its fields, and why it isn't the named one; "" if it is."""
    try:
        return named, read_fields(roadmap, named), ""
    except NotFound:
        return COURSE, read_fields(roadmap, COURSE), GONE


def _list_outline(viewer: Viewer, track: Track, place: str) -> list[OutlinePlace]:
    def make_row(of: str, label: str) -> OutlinePlace:
        address = EDITOR.address(viewer.group_id, course=viewer.query.get("course"), at=of)
        return OutlinePlace(of, label, of.startswith(PHASE), of == place, address)

    rows = [make_row(COURSE, "Course")]
    for phase in track.roadmap.phases:
        rows.append(make_row(PHASE + phase.id, phase.title))
        rows += [make_row(UNIT + unit.id, f"{unit.number} {unit.title}") for unit in phase.units]
    return rows


def _list_course_versions(
    viewer: Viewer, writer: CourseWriter, row: OwnRoadmap, track: Track, names: Mapping[int, str]
) -> list[VersionRow]:
    versions = writer.list_versions(row.id, VERSIONS_SHOWN)
    calls = [
        restore.call(viewer.group_id, course=track.id, version=version.row.id, seen=versions[0].row.id)
        for version in versions
    ]
    changes = [", ".join(version.changes) or "First version" for version in versions]
    return _make_rows([version.row for version in versions], changes, calls, names)


def _make_rows(
    rows: Sequence[ContentVersion], changes: Sequence[str], calls: Sequence[Call], names: Mapping[int, str]
) -> list[VersionRow]:
    targets: Sequence[Call | None] = (calls[1], *calls[1:]) if len(calls) > 1 else [None] * len(calls)
    shown = zip(rows, changes, targets, strict=True)
    return [
        VersionRow(row.changed_at, names.get(row.author_id or 0, "somebody"), markup.clip(change, 200), call)
        for row, change, call in shown
    ][:VERSIONS_SHOWN]


def _list_notes(viewer: Viewer, notes: GroupNotes, unit: Unit, names: Mapping[int, str]) -> list[EditedNote]:
    listed = [credited.row for credited in notes.list(viewer.group_id) if credited.row.unit_id == unit.id]
    edited = []
    for row in listed:
        versions = notes.list_versions(row.id)
        calls = [
            notes_restore.call(viewer.group_id, note=row.id, version=version.id, seen=versions[0].id)
            for version in versions
        ]
        sizes = [f"{len(version.content)} characters" for version in versions]
        remove = notes_remove.call(viewer.group_id, note=row.id)
        edited.append(EditedNote(row, _make_rows(versions, sizes, calls, names), remove))
    return edited


def _list_questions(
    viewer: Viewer, questions: CourseQuestions, course: int, unit: Unit
) -> Sequence[tuple[str, str, bool, Sequence[Button]]]:
    """Return the questions of a unit: prompt, answers, whether it is a suggestion, and buttons."""
    group_id = viewer.group_id
    listed = []
    for row in questions.list(course, unit_id=unit.id, states=(ACCEPTED, SUGGESTED)):
        question = read_question(row).question
        answers = f"{question.right} ✓ · {' · '.join(question.wrong)}"
        buttons = (
            (Button("Judge", show_question.call(group_id, of=row.id)),)
            if row.state == SUGGESTED
            else (
                Button("Edit", edit_question.ask(group_id, of=row.id)),
                Button("Retire", retire_question.call(group_id, of=row.id)),
            )
        )
        listed.append((question.prompt, answers, row.state == SUGGESTED, buttons))
    return listed


def preview(text: str) -> list[Block]:
    """Return a text as a note is drawn; BadInput says why it can't be a note."""
    note = checked("Preview", text).note
    pages = reading_pages.whole(None, note) if note is not None else []
    headed = ((Text(f"**{markup.escape(page.spot.title, 150)}**"), *page.blocks) for page in pages)
    return [block for blocks in headed for block in blocks]


EDITOR = DashboardPage(
    "editor",
    "Write the course",
    MODERATORS,
    "course_editor.html",
    read,
    keeps=("course", "at", "draft"),
    opens=_find_query,
)
