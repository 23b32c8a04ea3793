"""Commands for a server's own courses: add one from an outline, show, edit and remove it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal, get_args

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import FULL, Context
from bot.commands.form import TITLE as FORM_TITLE
from bot.commands.parameter_types import Attachment, UnitRef
from bot.curriculum.authoring.course_files import slug
from bot.curriculum.authoring.outline_import import read_outline, read_question_table
from bot.curriculum.authoring.parsed_outline import (
    DONE_MAX,
    EXERCISE_MAX,
    FILE_MAX,
    GOAL_MAX,
    TEXT_MAX,
    split_units,
    write_outline,
)
from bot.curriculum.content import Unit
from bot.curriculum.outline_reader import HOURS, MINUTES, OBJECTIVES, TITLE_MAX
from bot.curriculum.short_questions import ShortQuestion
from bot.features import command_links
from bot.features.courses.own_roadmap import parse_id
from bot.features.courses.tables import OwnRoadmap
from bot.features.custom_courses import wording
from bot.features.custom_courses.course_writer import CHANGED_MEANWHILE
from bot.features.custom_courses.service import CourseDraft, Outlines, UnitTask
from bot.features.groups.confirmation import Pending, is_stale, make_mark
from bot.features.groups.params import CONFIRM, GROUP, suggest_unit
from bot.features.groups.service import Groups
from bot.features.quiz.export import render_csv
from bot.features.resolution.subject import find_current_unit
from bot.messages import markup
from bot.messages.call import DRAFT, INSTEAD, SEEN, Call
from bot.messages.errors import BadInput
from bot.messages.numerals import numbered
from bot.messages.reply import File, Reply, zipped
from bot.storage.unit_of_work import Work

HOURS_PARAM = Param("Split units that take more hours", example="3", min=1, max=HOURS[1], in_form=False)
PAGE = 1500
"""Characters of an outline on a page."""


def suggest_own_course(ctx: Context, typed: str, *, outlines: Outlines) -> list[SuggestedValue]:
    """Return the server's own courses by title."""
    text = typed.strip().casefold()
    matches = (course for course in outlines.list(ctx) if text in course.title.casefold() or text == course.id)
    return [SuggestedValue(course.title, course.id) for course in matches][:25]


COURSE = Param(
    "Course (by its title)",
    example="own-1",
    max=100,
    suggest=suggest_own_course,
    listed=True,
    formerly=("outline",),
)
TITLE = Param("Title (leave empty for the outline's)", example="Our book club", max=TITLE_MAX)
TEXT = Param(
    "Outline (# title, ## phase, - unit)",
    example="# Our book club",
    long=True,
    max=TEXT_MAX,
    note=wording.TEXT_NOTE,
)
FILE = Param(f"Or a file (at most {FILE_MAX // 1000} kB)", max=FILE_MAX)


def read_source(ctx: Context, text: str | None, file: Attachment | None) -> tuple[str, str]:
    """Return an outline and the name of its file, if it came as one.

    Raises:
        BadInput: there is none, or it fills its field, so that its end may have been cut.
    """
    if file is not None:
        return file.text, file.name
    if text is None:
        raise BadInput(wording.PASTE_OUTLINE, field="text")
    if ctx.actor.tenancy.fills_field(text, TEXT_MAX):
        raise BadInput(wording.describe_cut(ctx.actor.tenancy.field_max(TEXT_MAX)), field="text")
    return text, ""


def keep_correction(work: Work, ctx: Context, pending: Pending, draft: CourseDraft, *, rests_on: str = "") -> Call:
    """Return the Call that opens the form with the lines as they were understood, so that people can correct them.

    Where these don't fit the form, it opens with what was typed.
    """
    text = write_outline(draft.sketch, is_guided=True)
    if len(text) > ctx.actor.tenancy.field_max(TEXT_MAX) - FULL:
        return pending.ask()
    args = {key: value for key, value in ctx.call.args.items() if key not in ("file", INSTEAD)}
    understood = replace(ctx, call=replace(ctx.call, args={**args, "text": text}))
    shown = Pending.keep(work, understood, pending.command, rests_on=rests_on)
    return replace(shown.ask(), args={DRAFT: shown.draft, INSTEAD: pending.draft})


def initial_add(_: Context) -> Mapping[str, str]:
    """Return nothing, so that the bare command opens an empty form."""
    return {}


@command(
    "manage course add",
    formerly=("outline add",),
    role="moderator",
    group="none",
    form=True,
    title="Paste your outline",
    initial=initial_add,
    form_note=wording.ADD_NOTE,
    spoken=("paste outline", "paste an outline", "add outline", "roadmap add"),
    asked=(
        r"(?:add|make|write|paste|bring|use|create|have|import|upload) (?:my|our|an?) (?:own )?"
        r"(?:roadmap|outline|curriculum|syllabus|plan)",
    ),
)
def outline_add(
    ctx: Context,
    title: Annotated[str | None, TITLE] = None,
    text: Annotated[str | None, TEXT] = None,
    file: Annotated[Attachment | None, FILE] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    outlines: Outlines,
) -> Reply:
    """Add a course from an outline, after a preview."""
    draft = outlines.draft(ctx, *_with_title(ctx, text, file, title))
    if not confirm:
        pending = Pending.keep(groups.work, ctx, outline_add)
        return wording.render_addition(draft, pending.call(), keep_correction(groups.work, ctx, pending, draft))
    roadmap_id, added = outlines.add(ctx, draft)
    set_up = command_links.SETUP.call(course=roadmap_id)
    return replace(
        wording.render_added(
            draft.title,
            len(added.added),
            sum(len(unit.notes) for unit in draft.sketch.units),
            [fault.sentence for _, fault in added.refused],
            set_up,
            outline_show.call(course=roadmap_id),
        ),
        replaces=True,
    )


def _with_title(ctx: Context, text: str | None, file: Attachment | None, title: str | None) -> tuple[str, str, str]:
    outline, name = read_source(ctx, text, file)
    return outline, title or "", name


@command(
    "manage course show", formerly=("outline show",), title="Show courses", role="moderator", writes=False, group="none"
)
def outline_show(
    ctx: Context,
    course: Annotated[str | None, COURSE] = None,
    page: Annotated[int, Param("Page", min=1, in_form=False)] = 1,
    *,
    outlines: Outlines,
) -> Reply:
    """Show the courses that groups can use here."""
    known = outlines.list(ctx)
    if course is None and len(known) != 1:
        if not known:
            return wording.render_no_courses(outline_add.ask())
        return wording.render_courses(known, [outline_show.call(course=own.id) for own in known])
    row, track = outlines.find(ctx, course or known[0].id)
    pages = _split_pages(row.outline)
    at = min(page, len(pages))
    turns = {n: outline_show.call(course=track.id, page=n) for n in (at - 1, at + 1) if 1 <= n <= len(pages)}
    edit, remove = outline_edit.ask(course=track.id), outline_remove.call(course=track.id)
    copy = outline_copy.ask(course=track.id)
    reply = wording.render_course(track, pages[at - 1], (at, len(pages)), turns, edit, copy, remove)
    return replace(reply, replaces="page" in ctx.call.args)


def _split_pages(text: str) -> list[str]:
    """Return an outline in pages of whole lines; only a line that is too long is divided."""
    pages = [""]
    for line in markup.clean(text).split("\n"):
        for start in range(0, max(len(line), 1), PAGE):
            piece = line[start : start + PAGE]
            if pages[-1] and len(pages[-1]) + len(piece) >= PAGE:
                pages.append("")
            pages[-1] += ("\n" if pages[-1] else "") + piece
    return pages


def initial_edit(ctx: Context, *, outlines: Outlines) -> Mapping[str, str]:
    """Return the current title and outline."""
    known = outlines.list(ctx)
    named = ctx.call.args.get("course") or (known[0].id if len(known) == 1 else "")
    if not named:
        return {}
    row, track = outlines.find(ctx, named)
    outlines.check_may_change(ctx, row)
    return {"course": track.id, "title": track.title, "text": row.outline, SEEN: make_mark(row.yaml)}


@command(
    "manage course edit",
    formerly=("outline edit",),
    role="moderator",
    group="none",
    form=True,
    title="Change your outline",
    initial=initial_edit,
    form_note=wording.EDIT_NOTE,
    spoken=("edit outline", "roadmap edit", "edit roadmap"),
)
def outline_edit(
    ctx: Context,
    course: Annotated[str, COURSE],
    title: Annotated[str | None, replace(TITLE, label="Title")] = None,
    text: Annotated[str | None, TEXT] = None,
    file: Annotated[Attachment | None, FILE] = None,
    hours: Annotated[int | None, HOURS_PARAM] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    outlines: Outlines,
) -> Reply:
    """Edit the outline of a course, after a preview."""
    row, track = outlines.find(ctx, course)
    if not (text or file or title or hours):
        return wording.render_no_change(outline_edit.ask(course=track.id))
    new, name = read_source(ctx, text, file) if text or file else (row.outline, "")
    if hours and not (text or file):
        if all(unit.hours <= hours for unit in track.roadmap.units):
            raise BadInput(f"No unit of this course takes more than {numbered(hours, 'hour')}.", field="hours")
        new = write_outline(split_units(read_outline(new), hours))
    if (asked := read_question_table(new)) is not None:
        outlines.check_may_change(ctx, row)
        return _add_questions(ctx, groups, outlines, asked, confirm=confirm)
    draft = outlines.changed(ctx, row, new, title or "", name)
    rests_on = make_mark(row.yaml)
    if not confirm or is_stale(ctx, rests_on):
        pending = Pending.keep(groups.work, ctx, outline_edit, rests_on=rests_on)
        change = keep_correction(groups.work, ctx, pending, draft, rests_on=rests_on)
        return wording.render_edit(draft, pending.call(), change, is_stale=is_stale(ctx, rests_on))
    left_out = [fault.sentence for _, fault in outlines.change(ctx, row, draft).refused]
    return replace(wording.render_edited(draft.title, left_out, outline_show.call(course=track.id)), replaces=True)


def _add_questions(
    ctx: Context, groups: Groups, outlines: Outlines, asked: Sequence[tuple[str, ShortQuestion]], *, confirm: bool
) -> Reply:
    row, track = outlines.find(ctx, ctx.call.args["course"])
    placed, refused = outlines.place_questions(track, asked)
    if not placed and refused:
        raise BadInput("\n".join(dict.fromkeys(refused)), field="file")
    if not confirm:
        pending = Pending.keep(groups.work, ctx, outline_edit, rests_on=make_mark(row.yaml))
        counts = Counter(unit_id for unit_id, _ in placed)
        units = [(unit, counts[unit.id]) for unit in track.roadmap.units if counts[unit.id]]
        return wording.render_new_questions(track.title, units, refused, pending.call(), pending.ask())
    added = outlines.add_questions(ctx, row, placed)
    left_out = [*refused, *(fault.sentence for _, fault in added.refused)]
    show = outline_show.call(course=track.id)
    return replace(wording.render_questions_added(track.title, len(added.added), left_out, show), replaces=True)


@command("manage course remove", formerly=("outline remove",), role="moderator", group="none", title="Remove a course")
def outline_remove(
    ctx: Context,
    course: Annotated[str, COURSE],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    outlines: Outlines,
) -> Reply:
    """Remove a course that no group uses."""
    row, track = outlines.find(ctx, course)
    rests_on = make_mark(row.yaml)
    if not confirm or is_stale(ctx, rests_on):
        outlines.check_unwalked(ctx, row)
        pending = Pending.keep(groups.work, ctx, outline_remove, rests_on=rests_on)
        return wording.render_removal(track, pending.call(course=track.id), is_stale=is_stale(ctx, rests_on))
    outlines.remove(ctx, row)
    return replace(wording.render_removed(track.title), replaces=True)


def initial_copy(ctx: Context, *, outlines: Outlines) -> Mapping[str, str]:
    """Return the named or only course."""
    known = outlines.list(ctx)
    named = ctx.call.args.get("course") or (known[0].id if len(known) == 1 else "")
    return {"course": outlines.find(ctx, named)[1].id} if named else {}


@command(
    "manage course copy",
    role="moderator",
    group="none",
    form=True,
    title="Copy a course",
    initial=initial_copy,
    form_note=wording.COPY_NOTE,
)
def outline_copy(
    ctx: Context,
    course: Annotated[str, COURSE],
    title: Annotated[str | None, replace(TITLE, label="Title (leave empty for the next round)")] = None,
    *,
    outlines: Outlines,
) -> Reply:
    """Copy a course with its questions, for the next round."""
    row, track = outlines.find(ctx, course)
    copy = outlines.copy(ctx, track, row, title or "")
    new = outlines.find(ctx, copy)[1]
    return wording.render_copied(
        track.title, new, command_links.SETUP.call(course=copy), outline_show.call(course=copy)
    )


Format = Literal["markdown", "folder", "csv", "anki"]


@command("manage course export", role="moderator", writes=False, group="none", title="Export a course")
def outline_export(
    ctx: Context,
    course: Annotated[str | None, COURSE] = None,
    form: Annotated[Format, Param("Markdown, folder, csv or anki", example="folder")] = "markdown",
    *,
    outlines: Outlines,
) -> Reply:
    """Export a course with its questions and notes as a file."""
    known = outlines.list(ctx)
    if course is None and len(known) != 1:
        return wording.render_courses(known, [outline_export.call(course=own.id) for own in known], verb="Export")
    row, track = outlines.find(ctx, course or known[0].id)
    export = outlines.export(ctx, track, row)
    name = slug(track.title, set(), track.id)
    match form:
        case "markdown":
            make = partial(File, f"{name}.md", "text/markdown", export.write_markdown())
        case "folder":
            make = partial(File.packed, f"{name}.zip", "application/zip", zipped(export.write_files(name)))
        case "csv":
            make = partial(File, f"{name}-questions.csv", "text/csv", export.make_table().csv())
        case "anki":
            make = partial(File, f"{name}-anki.csv", "text/csv", render_csv(track, list(track.items.values())))
    try:
        file = make()
    except ValueError:
        raise BadInput("This course is too large for a file in a chat. Export its questions as CSV instead.") from None
    others = {other: outline_export.call(course=track.id, form=other) for other in get_args(Format) if other != form}
    return wording.render_export(
        track,
        file,
        sum(map(len, export.notes.values())),
        others,
        takes_back=form in ("csv", "anki") or len(file.data) <= FILE_MAX,
        is_whole=form in ("markdown", "folder"),
    )


UNITS_OFFERED = 5
UNIT = Param("Unit (number or title)", example="2", suggest=suggest_unit, in_form=False, subject=True)
GOALS = Param("Goals (up to 3, one a line)", example="Order a meal", long=True, max=OBJECTIVES * (GOAL_MAX + 1))
EXERCISE = Param("Exercise", example="Write a menu", long=True, max=EXERCISE_MAX)
MINUTES_PARAM = Param("Minutes of the exercise", example="20", min=1, max=MINUTES[1])
DONE = Param("Done when", example="it has ten dishes", max=DONE_MAX)


def initial_unit(ctx: Context, *, groups: Groups, outlines: Outlines) -> Mapping[str, str]:
    """Return what the named or the current unit has."""
    if ctx.actor.group_id is None:
        return {}
    row, unit = _find_unit(ctx, groups, outlines, ctx.call.args.get("unit"))
    outlines.check_may_change(ctx, row)
    exercise = unit.exercise
    return {
        FORM_TITLE: unit.label,
        "unit": str(unit.number),
        "goals": "\n".join(unit.objectives),
        "exercise": exercise.task,
        "minutes": str(exercise.minutes or ""),
        "done": exercise.done_when,
        SEEN: make_mark(row.yaml),
    }


@command(
    "manage course unit",
    role="moderator",
    group="needed",
    which=GROUP,
    form=True,
    title="Goals and exercise",
    initial=initial_unit,
    form_note=wording.UNIT_NOTE,
    spoken=("edit unit", "edit exercise", "set exercise"),
)
def unit_edit(
    ctx: Context,
    unit: Annotated[UnitRef | None, UNIT] = None,
    goals: Annotated[str | None, GOALS] = None,
    exercise: Annotated[str | None, EXERCISE] = None,
    minutes: Annotated[int | None, MINUTES_PARAM] = None,
    done: Annotated[str | None, DONE] = None,
    *,
    groups: Groups,
    outlines: Outlines,
) -> Reply:
    """Set the goals and the exercise of a unit of your own course."""
    row, chosen = _find_unit(ctx, groups, outlines, unit)
    outlines.check_may_change(ctx, row)
    if SEEN not in ctx.call.args and (goals, exercise, minutes, done) == (None,) * 4:
        return _offer_units(ctx, groups, chosen)
    if is_stale(ctx, make_mark(row.yaml)):
        raise BadInput(CHANGED_MEANWHILE)
    before = UnitTask(chosen.objectives, chosen.exercise.task, chosen.exercise.minutes, chosen.exercise.done_when)
    if SEEN in ctx.call.args:  # the form showed all that there was
        before = UnitTask()
    lines = tuple(line for goal in (goals or "").splitlines() if (line := " ".join(goal.strip(" -*•").split())))
    task = UnitTask(
        before.goals if goals is None else lines,
        before.exercise if exercise is None else " ".join(exercise.split()),
        minutes or before.minutes,
        before.done_when if done is None else " ".join(done.split()),
    )
    if len(task.goals) > OBJECTIVES:
        raise BadInput(f"**Goals**: a unit has {OBJECTIVES} at most, not {len(task.goals)}.", field="goals")
    if (task.minutes or task.done_when) and not task.exercise:
        raise BadInput("**Exercise**: say what to do.", field="exercise")
    return wording.render_unit_changed(
        outlines.change_unit(ctx, row, chosen, task),
        show=command_links.UNIT.call(ctx.actor.group_id, unit=str(chosen.number)),
        onward=unit_edit.ask(ctx.actor.group_id, unit=str(chosen.number + 1)),
    )


def _offer_units(ctx: Context, groups: Groups, current: Unit) -> Reply:
    """Return buttons for the forms of a unit and of those that follow it."""
    units = groups.here(ctx).roadmap.units
    first = max(0, min(current.number - 1, len(units) - UNITS_OFFERED))
    offered = units[first : first + UNITS_OFFERED]
    forms = [unit_edit.ask(ctx.actor.group_id, unit=str(unit.number)) for unit in offered]
    return wording.render_unit_choice(offered, forms, len(units))


def _find_unit(ctx: Context, groups: Groups, outlines: Outlines, named: str | None) -> tuple[OwnRoadmap, Unit]:
    """Return the row of the group's own course, and its named or current unit; BadInput for an installed course."""
    timeline = groups.here(ctx)
    if parse_id(timeline.roadmap.id) is None:
        raise BadInput(wording.describe_installed(timeline.roadmap.title))
    row, track = outlines.find(ctx, timeline.roadmap.id)
    unit = track.roadmap.find(named) if named else find_current_unit(ctx, timeline)
    return row, unit or track.roadmap.units[-1]


COMMANDS: tuple[Command, ...] = (
    outline_add,
    outline_show,
    outline_edit,
    outline_remove,
    outline_copy,
    outline_export,
    unit_edit,
)
