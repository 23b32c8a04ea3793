"""Commands for a group's own notes: moderators add, replace and remove them, members read them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from bot.commands.command import Command, OnMessage, Param, SuggestedValue
from bot.commands.context import Context
from bot.commands.parameter_types import Attachment, MemberRef, UnitRef
from bot.curriculum import reading_pages
from bot.curriculum.authoring.course_edit import EditConflict, FieldEdit
from bot.curriculum.plain_note_reader import MOST_BYTES
from bot.curriculum.reading_pages import PagePlace
from bot.features import command_links
from bot.features.courses import own_roadmap
from bot.features.groups.commands import suggest_present
from bot.features.groups.confirmation import Pending, is_stale, make_mark
from bot.features.groups.params import CONFIRM, member_command, moderator_action, moderator_command, suggest_unit
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.notes import wording
from bot.features.notes.service import Credited, GroupNotes, amend_citing_answers, checked
from bot.features.notes.tables import TITLE_MAX
from bot.messages import markup
from bot.messages.attachment import is_joined
from bot.messages.call import SEEN
from bot.messages.errors import BadInput, NotFound
from bot.messages.reply import Reply

TYPED_MAX = 4000
"""Characters of a note that is typed into a form: what the strictest form takes; a file may hold more."""
PAGE_NOTES = 20
NO_ARCHIVE = "A note is one text file, not an archive."
NO_TEXT = "Write the note's text, or attach it as a Markdown or text file."


def suggest_note(ctx: Context, typed: str, *, notes: GroupNotes) -> list[SuggestedValue]:
    """Return the group's notes by title."""
    if ctx.actor.group_id is None:
        return []
    prefix = typed.strip().casefold()
    known = notes.list(ctx.actor.group_id)
    rows = (
        credited.row for credited in known if prefix in credited.row.title.casefold() or prefix == str(credited.row.id)
    )
    return [SuggestedValue(row.title, str(row.id)) for row in rows][:25]


NOTE = Param("Note", example="deploying", max=100, suggest=suggest_note, listed=True)
TITLE = Param("Title (empty: from the file)", example="How we deploy", max=TITLE_MAX)
TEXT = Param("Text, in Markdown", example="## Steps", long=True, max=TYPED_MAX)
FILE = Param(f"File (at most {MOST_BYTES // 1000} kB)", max=MOST_BYTES)
UNIT = Param("Unit that it belongs to", example="2", suggest=suggest_unit)
AUTHOR = Param("Author (empty: you)", example="@ben", suggest=suggest_present, in_form=False)


def initial_add(ctx: Context, *, groups: Groups) -> Mapping[str, str]:
    """Return nothing; NotFound if the menu of a message names an author whom no note of the group can name."""
    if author := ctx.call.args.get("author"):
        _find_writer(ctx, author, groups)
    return {}


@moderator_command(
    "manage notes add",
    formerly=("notes add",),
    form=True,
    title="Add a note",
    initial=initial_add,
    form_note="Only this group can find the note. Headings split it into sections.",
    on_message=OnMessage("Save as note", "text", "author"),
)
def notes_add(
    ctx: Context,
    title: Annotated[str | None, TITLE] = None,
    text: Annotated[str | None, TEXT] = None,
    file: Annotated[Attachment | None, FILE] = None,
    unit: Annotated[UnitRef | None, UNIT] = None,
    author: Annotated[MemberRef | None, AUTHOR] = None,
    *,
    groups: Groups,
    notes: GroupNotes,
) -> Reply:
    """Add a note to answer your group's questions."""
    group = groups.get(ctx.actor.group_id)
    content, name = _read_content(ctx, text, file)
    writer = ctx.actor.account_id if author is None else _find_writer(ctx, author, groups)
    unit_id = groups.here(ctx).roadmap.find(unit).id if unit else ""
    me = ctx.actor.account_id
    row = notes.add(group.id, title or "", content, writer, ctx.now, added_by=me, name=name, unit_id=unit_id)
    sections = checked(row.title, content).note
    count = len(sections.sections) if sections is not None else 0
    show, ask = notes_show.call(group.id, note=row.id), command_links.ASK.ask(group.id)
    return wording.added(row.title, group.name, count, show, ask)


def _read_content(ctx: Context, text: str | None, file: Attachment | None) -> tuple[str, str]:
    """Return a note's text and the name of its file, if it came as one.

    Raises:
        BadInput: there is none, it is an archive, or its field may have cut its end.
    """
    if file is not None:
        if is_joined(file.text):
            raise BadInput(NO_ARCHIVE, field="file")
        return file.text, file.name
    if text is None:
        raise BadInput(NO_TEXT, field="text")
    if ctx.actor.tenancy.fills_field(text, TYPED_MAX):
        raise BadInput(wording.describe_cut(ctx.actor.tenancy.field_max(TYPED_MAX)), field="text")
    return text, ""


def _find_writer(ctx: Context, author: str, groups: Groups) -> int:
    """Return the author's account; raise NotFound if they are not in the group."""
    group = groups.get(ctx.actor.group_id)
    if author == ctx.actor.external_id:
        return ctx.actor.account_id
    account_ids = [a.id for _, a in groups.list_members(group.id) if a.external_id == author]
    try:
        return account_ids[0] if account_ids else groups.find_member(group, author)[1].id
    except NotFound as unknown:
        own = f"You can add it under your own name: {markup.typed('manage notes add')}."
        raise NotFound(f"{unknown.sentence} {own}", field="author") from None


@member_command("notes list", title="List notes", moderators_too=True, writes=False, after_end=True)
def notes_list(
    ctx: Context,
    page: Annotated[int, Param("Page", min=1, in_form=False)] = 1,
    *,
    groups: Groups,
    notes: GroupNotes,
) -> Reply:
    """List your group's own notes."""
    group = groups.get(ctx.actor.group_id)
    known = notes.list(group.id)
    if not known:
        return wording.no_notes()
    pages = -(-len(known) // PAGE_NOTES)
    page = min(page, pages)
    listed = known[(page - 1) * PAGE_NOTES : page * PAGE_NOTES]
    rows = [(credited, notes_show.call(group.id, note=credited.row.id)) for credited in listed]
    return wording.note_list(
        rows,
        len(known),
        group.name,
        group.zone,
        (page, pages),
        onward=notes_list.call(group.id, page=page + 1) if page < pages else None,
        back=notes_list.call(group.id, page=page - 1) if page > 1 else None,
    )


@member_command("notes show", title="Read a note", moderators_too=True, writes=False, after_end=True)
def notes_show(
    ctx: Context,
    note: Annotated[str, NOTE],
    page: Annotated[int, Param("Page", min=1, in_form=False)] = 1,
    *,
    groups: Groups,
    notes: GroupNotes,
) -> Reply:
    """Read one of your group's own notes."""
    group = groups.get(ctx.actor.group_id)
    credited = notes.find(group.id, note)
    pages = reading_pages.pages(None, credited.read())
    spot = pages[min(page, len(pages)) - 1].spot
    reply = note_page(credited, group, spot, replaces="page" in ctx.call.args)
    if "moderator" not in ctx.actor.roles or own_roadmap.parse_id(group.roadmap_id) is None:
        return reply
    roadmap, unit_id = groups.here(ctx).roadmap, credited.row.unit_id
    of = {"unit": str(roadmap.unit(unit_id).number)} if unit_id and roadmap.knows(unit_id) else {}
    return wording.offer_question(reply, command_links.WRITE_QUESTION.ask(group.id, **of))


def note_page(
    credited: Credited, group: Group, spot: PagePlace, *, replaces: bool = False, marks: Collection[str] = ()
) -> Reply:
    """Return a page of a group's note, with buttons to the previous and next page.

    Args:
        marks: sentences of the section that are marked, as the note has them; the page that has one is shown.
    """
    pages = reading_pages.pages(None, spot.note)
    at = reading_pages.place(pages, spot)
    marked = {i: reading_pages.marked(page, marks) for i, page in enumerate(pages) if page.spot.at == spot.at}
    at = next((i for i, page in marked.items() if page != pages[i]), at)
    number, note_id = at + 1, credited.row.id
    return wording.note_page(
        credited,
        group.zone,
        marked.get(at, pages[at]),
        onward=notes_show.call(group.id, note=note_id, page=number + 1) if number < len(pages) else None,
        back=notes_show.call(group.id, note=note_id, page=number - 1) if at else None,
        replaces=replaces,
    )


def initial_replace(ctx: Context, *, notes: GroupNotes) -> Mapping[str, str]:
    """Return what the note that is named says, in the field that can hold it."""
    named = ctx.call.args.get("note")
    if not named or ctx.actor.group_id is None:
        return {}
    row = notes.find(ctx.actor.group_id, named).row
    says = {"text" if len(row.text) <= TYPED_MAX else "file": row.text}
    return {"note": str(row.id), SEEN: make_mark(row.version), **says}


@moderator_command(
    "manage notes replace", formerly=("notes replace",), form=True, title="Replace a note", initial=initial_replace
)
def notes_replace(
    ctx: Context,
    note: Annotated[str, NOTE],
    text: Annotated[str | None, TEXT] = None,
    file: Annotated[Attachment | None, FILE] = None,
    title: Annotated[str | None, replace(TITLE, label="New title (empty: unchanged)")] = None,
    unit: Annotated[UnitRef | None, UNIT] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    notes: GroupNotes,
) -> Reply:
    """Replace the text of a note."""
    group = groups.get(ctx.actor.group_id)
    credited = notes.find(group.id, note)
    content, name = _read_content(ctx, text, file)
    rests_on = make_mark(credited.row.version)
    if not confirm or is_stale(ctx, rests_on):
        read = checked(title or credited.row.title, content, name)
        count = len(read.note.sections) if read.note is not None else 0
        pending = Pending.keep(groups.work, ctx, notes_replace, group.id, rests_on=rests_on)
        return wording.replace_question(
            credited, group.zone, content, count, confirm=pending.call(), is_stale=is_stale(ctx, rests_on)
        )
    notes.replace(credited.row, title or "", content, ctx.now, by=ctx.actor.account_id, name=name)
    if unit:
        credited.row.unit_id = groups.here(ctx).roadmap.find(unit).id
    amended = amend_citing_answers(groups.work, credited.row.id, wording.NOTE_CHANGED, ctx.now, content)
    return wording.replaced(credited.row.title, amended, notes_show.call(group.id, note=credited.row.id))


@moderator_command("manage notes remove", formerly=("notes remove",), title="Remove a note")
def notes_remove(
    ctx: Context,
    note: Annotated[str, NOTE],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    notes: GroupNotes,
) -> Reply:
    """Delete a note, after a preview."""
    group = groups.get(ctx.actor.group_id)
    credited = notes.find(group.id, note)
    if not confirm:
        sure = notes_remove.call(group.id, note=credited.row.id, confirm=True)
        return wording.remove_question(credited, group.zone, remove=sure)
    title = credited.row.title
    amended = amend_citing_answers(groups.work, credited.row.id, wording.NOTE_REMOVED, ctx.now)
    notes.remove(credited.row)
    return wording.removed(title, amended)


WRITTEN = Param("Text", long=True, max=MOST_BYTES, in_form=False)
"""What a page of the dashboard sends: as long as a file may be."""


@moderator_action("manage notes write", private=False, title="Edit a note")
def notes_write(
    ctx: Context,
    note: Annotated[str, NOTE],
    field: Annotated[Literal["title", "text"], Param("Field")],
    before: Annotated[str | None, WRITTEN] = None,
    text: Annotated[str | None, WRITTEN] = None,
    *,
    groups: Groups,
    notes: GroupNotes,
) -> Reply:
    """Change the title or the text of a note."""
    row = notes.find(groups.get(ctx.actor.group_id).id, note).row
    count = len(notes.list_versions(row.id))
    try:
        notes.edit(row, FieldEdit("", field, before or "", text or ""), ctx.actor.account_id, ctx.now)
    except EditConflict:
        return replace(wording.NOTE_CONFLICT, audience="private")
    amend_citing_answers(groups.work, row.id, wording.NOTE_CHANGED, ctx.now, row.text)
    is_new = field == "title" or len(notes.list_versions(row.id)) != count
    return replace(wording.NOTE_SAVED, tone="good" if is_new else "plain", audience="private")


@moderator_action("manage notes restore", title="Restore a note")
def notes_restore(
    ctx: Context,
    note: Annotated[str, NOTE],
    version: Annotated[int, Param("Version", min=1)],
    seen: Annotated[int, Param("Newest version seen", min=1)],
    *,
    groups: Groups,
    notes: GroupNotes,
) -> Reply:
    """Restore an earlier version of a note."""
    row = notes.find(groups.get(ctx.actor.group_id).id, note).row
    notes.restore(row, version, seen, ctx.actor.account_id, ctx.now)
    amended = amend_citing_answers(groups.work, row.id, wording.NOTE_CHANGED, ctx.now, row.text)
    return wording.replaced(row.title, amended, notes_show.call(row.group_id, note=row.id))


COMMANDS: tuple[Command, ...] = (
    notes_list,
    notes_show,
    notes_add,
    notes_replace,
    notes_remove,
    notes_write,
    notes_restore,
)
