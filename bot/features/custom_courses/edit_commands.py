"""Commands behind the dashboard's page that writes a course: change a field, arrange the units, restore a version."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.curriculum.authoring import course_edit
from bot.curriculum.authoring.course_edit import EditConflict, FieldEdit
from bot.curriculum.content import Roadmap
from bot.features.custom_courses import wording
from bot.features.custom_courses.commands import COURSE
from bot.features.custom_courses.course_writer import CourseWriter
from bot.features.custom_courses.service import Outlines
from bot.messages.errors import BadInput
from bot.messages.reply import Reply

FIELD_MAX = 4000
"""Characters of a field; the course says of each field how many it takes."""
PLACE = Param("Place", example="unit:verbs", max=80)
TEXT = Param("Text", example="Order a meal", long=True, max=FIELD_MAX)
Arrangement = Literal["add", "up", "down", "remove"]


@command("manage course write", hidden=True, role="moderator", group="needed", private=False, title="Edit a course")
def write_field(
    ctx: Context,
    course: Annotated[str, COURSE],
    field: Annotated[str, Param("Field", example="goals", max=20)],
    place: Annotated[str | None, PLACE] = None,
    before: Annotated[str | None, replace(TEXT, label="Text before")] = None,
    text: Annotated[str | None, TEXT] = None,
    *,
    outlines: Outlines,
    writer: CourseWriter,
) -> Reply:
    """Change one field of a course."""
    row, _ = outlines.find(ctx, course)
    outlines.check_may_change(ctx, row)
    edit = FieldEdit(place or "", field, before or "", text or "")
    stored = ""

    def change(roadmap: Roadmap) -> Roadmap:
        nonlocal stored
        changed = outlines.check_title(ctx, course_edit.apply_edit(roadmap, edit))
        stored = course_edit.read_fields(changed, edit.place)[field]
        return changed

    try:
        is_new = writer.edit(row.id, change, ctx.actor.account_id, ctx.now, place=edit.place or "course")
    except EditConflict:
        return replace(wording.CONFLICT, audience="private")
    return replace(wording.render_saved(stored), tone="good" if is_new else "plain")


@command("manage course arrange", hidden=True, role="moderator", group="needed", title="Arrange a course")
def arrange(
    ctx: Context,
    course: Annotated[str, COURSE],
    action: Annotated[Arrangement, Param("Action", example="up")],
    place: Annotated[str | None, PLACE] = None,
    text: Annotated[str | None, TEXT] = None,
    *,
    outlines: Outlines,
    writer: CourseWriter,
) -> Reply:
    """Add, move or remove units of a course."""
    row, track = outlines.find(ctx, course)
    outlines.check_may_change(ctx, row)
    if action == "add" and not (text or "").strip():
        raise BadInput("**New units**: write a title.", field="text")

    def change(roadmap: Roadmap) -> Roadmap:
        if action == "add":
            return course_edit.add_lines(roadmap, place or "", text or "")[0]
        if action == "remove":
            return course_edit.remove_unit(roadmap, place or "")
        return course_edit.move_unit(roadmap, place or "", -1 if action == "up" else 1)

    if not writer.edit(row.id, change, ctx.actor.account_id, ctx.now):
        return wording.UNCHANGED
    versions = writer.list_versions(row.id, 2)
    undo = restore.call(ctx.actor.group_id, course=track.id, version=versions[1].row.id, seen=versions[0].row.id)
    return wording.render_arranged(versions[0].changes, undo)


@command("manage course restore", hidden=True, role="moderator", group="needed", title="Restore a course")
def restore(
    ctx: Context,
    course: Annotated[str, COURSE],
    version: Annotated[int, Param("Version", min=1)],
    seen: Annotated[int, Param("Newest version seen", min=1)],
    *,
    outlines: Outlines,
    writer: CourseWriter,
) -> Reply:
    """Restore an earlier version of a course."""
    row, track = outlines.find(ctx, course)
    outlines.check_may_change(ctx, row)
    writer.restore(row.id, version, seen, lambda state: outlines.check_title(ctx, state), ctx.actor.account_id, ctx.now)
    versions = writer.list_versions(row.id, 1)
    undo = restore.call(ctx.actor.group_id, course=track.id, version=seen, seen=versions[0].row.id)
    return wording.render_restored(versions[0].changes, undo)


COMMANDS: tuple[Command, ...] = (write_field, arrange, restore)
