"""What a group does with its own notes: moderators bring and take them, members read them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Annotated

from bot.commands.command import Command, OnMessage, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import Attachment, MemberRef
from bot.curriculum import reading_pages
from bot.curriculum.plain_note_reader import MOST_BYTES
from bot.curriculum.reading_pages import Spot
from bot.features import command_links
from bot.features.groups.commands import suggest_present
from bot.features.groups.confirmation import CHANGED, Pending, is_stale, make_mark
from bot.features.groups.params import CONFIRM, GROUP
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.notes.service import Credited, GroupNotes, amend_citing_answers, checked
from bot.features.notes.tables import TITLE_MAX
from bot.messages import markup
from bot.messages.call import SEEN
from bot.messages.errors import BadInput, NotFound
from bot.messages.numerals import counted
from bot.messages.reply import Button, ButtonStyle, Reply, Text, say

TYPED_MAX = 4000
"""Characters of a note that is typed into a form: what the strictest form takes; a file may hold more."""
PAGE_NOTES = 20
NO_TEXT = "Write what the note says, or attach a file with it, Markdown or plain text."


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
TITLE = Param("Title (the file's if empty)", example="How we deploy", max=TITLE_MAX)
TEXT = Param("What it says, in Markdown", example="## Steps", long=True, max=TYPED_MAX)
FILE = Param(f"File (instead, at most {MOST_BYTES // 1000} kB)", max=MOST_BYTES)
AUTHOR = Param("Who wrote it (you if empty)", example="@ben", suggest=suggest_present, in_form=False)


def initial_add(ctx: Context, *, groups: Groups) -> Mapping[str, str]:
    """Return nothing; NotFound if the menu of a message names an author whom no note of the group can name."""
    if author := ctx.call.args.get("author"):
        _find_writer(ctx, author, groups)
    return {}


@command(
    "manage notes add",
    formerly=("notes add",),
    role="moderator",
    group="needed",
    which=GROUP,
    form=True,
    title="Add a note",
    initial=initial_add,
    form_note="Only this group finds it. Headings cut it into sections.",
    on_message=OnMessage("Save as note", "text", "author"),
)
def notes_add(
    ctx: Context,
    title: Annotated[str | None, TITLE] = None,
    text: Annotated[str | None, TEXT] = None,
    file: Annotated[Attachment | None, FILE] = None,
    author: Annotated[MemberRef | None, AUTHOR] = None,
    *,
    groups: Groups,
    notes: GroupNotes,
) -> Reply:
    """Add a note to answer your group's questions."""
    group = groups.get(ctx.actor.group_id)
    content, name = _read_content(text, file)
    writer = ctx.actor.account_id if author is None else _find_writer(ctx, author, groups)
    row = notes.add(group.id, title or "", content, writer, ctx.now, added_by=ctx.actor.account_id, name=name)
    sections = checked(row.title, content).note
    count = len(sections.sections) if sections is not None else 0
    return say(
        f"It has {counted(count, 'section')}. {markup.typed('ask')} finds it by its words at once and by its meaning "
        "in a minute, in this group alone.",
        title=f"“{markup.escape(row.title, TITLE_MAX)}” is a note of {markup.escape(group.name)}",
        buttons=(
            Button("Show it", notes_show.call(group.id, note=row.id)),
            Button("Ask", command_links.ASK.ask(group.id)),
        ),
        tone="good",
    )


def _read_content(text: str | None, file: Attachment | None) -> tuple[str, str]:
    """Return a note's text and the name of its file, if it came as one."""
    if file is not None:
        return file.text, file.name
    if text is None:
        raise BadInput(NO_TEXT, field="text")
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
        own = f"A note names who wrote it, so write this one under your own name: {markup.typed('manage notes add')}."
        raise NotFound(f"{unknown.sentence} {own}", field="author") from None


@command("notes list", role="member", moderators_too=True, writes=False, group="needed", which=GROUP, after_end=True)
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
        return say(
            f"The group has no notes of its own yet. A moderator adds one with {markup.typed('manage notes add')}."
        )
    pages = -(-len(known) // PAGE_NOTES)
    page = min(page, pages)
    listed = known[(page - 1) * PAGE_NOTES : page * PAGE_NOTES]
    lines = "\n".join(
        f"- **{markup.escape(credited.row.title, TITLE_MAX)}**, {credit(credited, group.zone)}" for credited in listed
    )
    buttons = [
        Button("Next", notes_list.call(group.id, page=page + 1)) if page < pages else None,
        Button("Previous", notes_list.call(group.id, page=page - 1)) if page > 1 else None,
    ]
    opened = tuple(
        Button(markup.clip(credited.row.title, 40), notes_show.call(group.id, note=credited.row.id))
        for credited in listed[:5]
    )
    title = f"{counted(len(known), 'note').capitalize()} of {markup.escape(group.name)}"
    title += f", page {page} of {pages}" if pages > 1 else ""
    return say(lines, title=title, buttons=(*opened, *(b for b in buttons if b is not None)))


def credit(credited: Credited, zone: str) -> str:
    """Return who wrote a note, who added it, when, and how long it is."""
    by = f"by {markup.escape(credited.author, 40)}" if credited.author else "by nobody who is still here"
    added = f", added by {markup.escape(credited.adder, 40)}" if credited.adder else ""
    row = credited.row
    day = markup.moment(row.added_at, zone, "day")
    changed = f", changed {markup.moment(row.changed_at, zone, 'day')}" if row.version > 1 else ""
    return f"{by}{added}, {day}{changed} ({-(-row.size // 1000)} kB)"


@command("notes show", role="member", moderators_too=True, writes=False, group="needed", which=GROUP, after_end=True)
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
    return note_page(credited, group, spot, replaces="page" in ctx.call.args)


def note_page(
    credited: Credited, group: Group, spot: Spot, *, replaces: bool = False, marks: Collection[str] = ()
) -> Reply:
    """Return a page of a group's note, with buttons to the previous and next page.

    Args:
        marks: sentences of the section that are marked, as the note has them; the page that has one is shown.
    """
    pages = reading_pages.pages(None, spot.note)
    at = reading_pages.place(pages, spot)
    marked = {i: reading_pages.marked(page, marks) for i, page in enumerate(pages) if page.spot.at == spot.at}
    at = next((i for i, page in marked.items() if page != pages[i]), at)
    reading, page = marked.get(at, pages[at]), at + 1
    heading = (
        f"**{markup.escape(reading.spot.title, 150)}** ({reading.spot.at} of {reading.of})" if reading.of > 1 else ""
    )
    to: tuple[tuple[str, int, ButtonStyle], ...] = (("Next", page + 1, "primary"), ("Previous", page - 1, "plain"))
    buttons = tuple(
        Button(label, notes_show.call(group.id, note=credited.row.id, page=number), style)
        for label, number, style in to
        if 1 <= number <= len(pages)
    )
    lead = Text(f"_{credit(credited, group.zone)}_" + (f"\n{heading}" if heading else ""))
    return Reply(
        (lead, *reading.blocks),
        buttons,
        title=markup.escape(credited.row.title, TITLE_MAX),
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


@command(
    "manage notes replace",
    formerly=("notes replace",),
    role="moderator",
    group="needed",
    which=GROUP,
    form=True,
    title="Replace a note",
    initial=initial_replace,
)
def notes_replace(
    ctx: Context,
    note: Annotated[str, NOTE],
    text: Annotated[str | None, TEXT] = None,
    file: Annotated[Attachment | None, FILE] = None,
    title: Annotated[str | None, replace(TITLE, label="New title (as it is if empty)")] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    notes: GroupNotes,
) -> Reply:
    """Replace the text of a note."""
    group = groups.get(ctx.actor.group_id)
    credited = notes.find(group.id, note)
    content, name = _read_content(text, file)
    rests_on = make_mark(credited.row.version)
    if not confirm or is_stale(ctx, rests_on):
        read = checked(title or credited.row.title, content, name)
        count = len(read.note.sections) if read.note is not None else 0
        return _ask_first(
            credited,
            Pending.keep(groups.work, ctx, notes_replace, group.id, rests_on=rests_on).confirm("Replace", "danger"),
            *([CHANGED] if is_stale(ctx, rests_on) else []),
            f"Now: {credit(credited, group.zone)}. Then: {counted(count, 'section')}. What it says now is gone.",
            f"_Begins now with:_ {markup.escape(credited.row.text, 300)}",
            f"_Then with:_ {markup.escape(content, 300)}",
        )
    notes.replace(credited.row, title or "", content, ctx.now, name=name)
    return replace(
        say(
            "Questions find the new text by its words at once.",
            amend_citing_answers(groups.work, credited.row.id, ctx.now, content),
            title=f"“{markup.escape(credited.row.title, TITLE_MAX)}” is replaced",
            buttons=(Button("Show it", notes_show.call(group.id, note=credited.row.id)),),
            tone="good",
        ),
        replaces=True,
    )


@command(
    "manage notes remove",
    formerly=("notes remove",),
    role="moderator",
    group="needed",
    which=GROUP,
    title="Remove a note",
)
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
        return _ask_first(
            credited,
            Button("Remove", notes_remove.call(group.id, note=credited.row.id, confirm=True), "danger"),
            f"It was {credit(credited, group.zone)}. No new answer will name it, and it does not come back.",
        )
    title = markup.escape(credited.row.title, TITLE_MAX)
    consequences = amend_citing_answers(groups.work, credited.row.id, ctx.now)
    notes.remove(credited.row)
    return replace(say(f"“{title}” is gone.", "No new answer rests on it.", consequences, tone="good"), replaces=True)


def _ask_first(credited: Credited, confirm: Button, *paragraphs: str) -> Reply:
    """Return the confirmation before a note's text is lost."""
    title = f"{confirm.label} “{markup.escape(credited.row.title, TITLE_MAX)}”?"
    return say(*paragraphs, title=title, buttons=(confirm,), tone="warn")


COMMANDS: tuple[Command, ...] = (notes_list, notes_show, notes_add, notes_replace, notes_remove)
