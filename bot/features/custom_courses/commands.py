"""What moderators do with roadmaps of their server's own: bring an outline, read it, change it, remove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import Attachment
from bot.curriculum.authoring.outline_import import TEXT_MAX
from bot.curriculum.outline_reader import TITLE_MAX
from bot.curriculum.track import Track
from bot.features import command_links
from bot.features.custom_courses import wording
from bot.features.custom_courses.service import CourseDraft, Outlines
from bot.features.groups.confirmation import CHANGED, Pending, is_stale, make_mark
from bot.features.groups.params import CONFIRM
from bot.features.groups.service import Groups
from bot.messages import markup
from bot.messages.call import SEEN
from bot.messages.errors import BadInput
from bot.messages.reply import Button, Listing, Reply, Text, say

TYPED_MAX = 3000
"""Characters of an outline in a form: what the strictest takes, so that none cuts what it opens with."""
PAGE = 1500
"""Characters of an outline on a page."""


def suggest_outline(ctx: Context, typed: str, *, outlines: Outlines) -> list[SuggestedValue]:
    """Return the server's own roadmaps by title."""
    text = typed.strip().casefold()
    matches = (course for course in outlines.list(ctx) if text in course.title.casefold() or text == course.id)
    return [SuggestedValue(course.title, course.id) for course in matches][:25]


OUTLINE = Param("Outline (by its title)", example="own-1", max=100, suggest=suggest_outline, listed=True)
TITLE = Param("Title (the outline's if empty)", example="Our book club", max=TITLE_MAX)
TEXT = Param(
    "Outline (# title, ## phase, - unit)",
    example="# Our book club",
    long=True,
    max=TYPED_MAX,
    note="Below a unit: a line on it, links, (3 h). A table will do; outline add takes files.",
)
FORM_NOTE = "You see what it becomes before it is kept. Nobody outside ever sees it."
FILE = Param(f"File (instead, at most {TEXT_MAX // 1000} kB)", max=TEXT_MAX)


def read_source(text: str | None, file: Attachment | None) -> tuple[str, str]:
    """Return an outline and the name of its file, if it came as one."""
    if file is not None:
        return file.text, file.name
    if text is None:
        way = markup.typed("manage course add")
        raise BadInput(f"Paste the outline. {way} takes it as a file too, Markdown or CSV.", field="text")
    return text, ""


def render_draft(draft: CourseDraft, lead: str, *buttons: Button) -> Reply:
    """Return the preview of an outline."""
    return Reply((Text(lead), *wording.render_preview(draft)), buttons, title=wording.title(draft))


def initial_add(_: Context) -> Mapping[str, str]:
    """Return nothing: who says no more than the command gets its form, empty."""
    return {}


@command(
    "manage course add",
    formerly=("outline add",),
    role="moderator",
    group="none",
    form=True,
    title="Paste your outline",
    initial=initial_add,
    form_note=FORM_NOTE,
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
    draft = outlines.draft(ctx, *_with_title(text, file, title))
    if not confirm:
        pending = Pending.keep(groups.work, ctx, outline_add)
        return render_draft(draft, "Confirm adds it to this server's courses.", pending.confirm(), pending.change())
    roadmap_id = outlines.add(ctx, draft)
    reply = say(
        f"It is there for the groups of this server alone. It has no notes: {markup.typed('manage notes add')} gives "
        "a group some, and then `ask` answers from them.",
        title=f"“{markup.escape(draft.title, TITLE_MAX)}” is a roadmap now",
        buttons=(
            Button("Set up a group", command_links.SETUP.call(roadmap=roadmap_id), "primary"),
            Button("Show it", outline_show.call(outline=roadmap_id)),
        ),
        tone="good",
    )
    return replace(reply, replaces=True)


def _with_title(text: str | None, file: Attachment | None, title: str | None) -> tuple[str, str, str]:
    outline, name = read_source(text, file)
    return outline, title or "", name


@command(
    "manage course show", formerly=("outline show",), title="Show courses", role="moderator", writes=False, group="none"
)
def outline_show(
    ctx: Context,
    outline: Annotated[str | None, OUTLINE] = None,
    page: Annotated[int, Param("Page", min=1, in_form=False)] = 1,
    *,
    outlines: Outlines,
) -> Reply:
    """Show the courses of this server."""
    known = outlines.list(ctx)
    if outline is None and len(known) != 1:
        return _render_all(known)
    row, track = outlines.find(ctx, outline or known[0].id)
    pages = _split_pages(row.outline)
    at = min(page, len(pages))
    to = (("Next", at + 1), ("Previous", at - 1))
    turns = [Button(label, outline_show.call(outline=track.id, page=n)) for label, n in to if 1 <= n <= len(pages)]
    buttons = (*turns, *_find_changing(track))
    paged = f", page {at} of {len(pages)}" if len(pages) > 1 else ""
    title = f"{markup.escape(track.title, TITLE_MAX)}{paged}"
    lead = f"{wording.describe_length(track.roadmap)}. Its id is `{track.id}`."
    return Reply((Text(lead), Listing(pages[at - 1])), buttons, title=title, replaces="page" in ctx.call.args)


def _render_all(known: list[Track]) -> Reply:
    if not known:
        add = Button("Paste an outline", outline_add.ask(), "primary")
        return say("This server has no roadmap of its own yet. An outline makes one.", buttons=(add,))
    lines = (
        f"- **{markup.escape(course.title, TITLE_MAX)}** (`{course.id}`): {wording.describe_length(course.roadmap)}"
        for course in known
    )
    buttons = tuple(Button(markup.clip(course.title, 40), outline_show.call(outline=course.id)) for course in known[:5])
    return say("\n".join(lines), title="Roadmaps of this server alone", buttons=buttons)


def _find_changing(track: Track) -> tuple[Button, ...]:
    remove = Button("Remove it", outline_remove.call(outline=track.id), "danger")
    return Button("Change it", outline_edit.ask(outline=track.id), "primary"), remove


def _split_pages(text: str) -> list[str]:
    """Return an outline in parts of whole lines, as far as a line fits."""
    pages = [""]
    for line in markup.clean(text).split("\n"):
        for start in range(0, max(len(line), 1), PAGE):
            piece = line[start : start + PAGE]
            if pages[-1] and len(pages[-1]) + len(piece) >= PAGE:
                pages.append("")
            pages[-1] += ("\n" if pages[-1] else "") + piece
    return pages


def initial_edit(ctx: Context, *, outlines: Outlines) -> Mapping[str, str]:
    """Return the outline as it stands, in the field that can hold it."""
    known = outlines.list(ctx)
    named = ctx.call.args.get("outline") or (known[0].id if len(known) == 1 else "")
    if not named:
        return {}
    row, track = outlines.find(ctx, named)
    outlines.check_may_change(ctx, row)
    says = {"text" if len(row.outline) <= TYPED_MAX else "file": row.outline}
    return {"outline": track.id, "title": track.title, SEEN: make_mark(row.yaml), **says}


@command(
    "manage course edit",
    formerly=("outline edit",),
    role="moderator",
    group="none",
    form=True,
    title="Change your outline",
    initial=initial_edit,
    form_note="Where a long one does not fit, outline edit takes its file. An empty text leaves it as it is.",
    spoken=("edit outline", "roadmap edit", "edit roadmap"),
)
def outline_edit(
    ctx: Context,
    outline: Annotated[str, OUTLINE],
    title: Annotated[str | None, replace(TITLE, label="Title")] = None,
    text: Annotated[str | None, TEXT] = None,
    file: Annotated[Attachment | None, FILE] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    outlines: Outlines,
) -> Reply:
    """Edit the outline of a course, after a preview."""
    row, track = outlines.find(ctx, outline)
    if not (text or file or title):
        way = Button("Open its form", outline_edit.ask(outline=track.id), "primary")
        return say("What should change? Its form has the title and the outline as they stand.", buttons=(way,))
    new, name = read_source(row.outline if text is None else text, file)
    draft = outlines.changed(ctx, row, new, title or "", name)
    rests_on = make_mark(row.yaml)
    if not confirm or is_stale(ctx, rests_on):
        pending = Pending.keep(groups.work, ctx, outline_edit, rests_on=rests_on)
        lead = "On Confirm this takes the place of what is there. What has opened in a group keeps its dates."
        if is_stale(ctx, rests_on):
            return replace(render_draft(draft, f"{CHANGED} {lead}", pending.confirm(), pending.change()), tone="warn")
        return render_draft(draft, lead, pending.confirm(), pending.change())
    outlines.change(ctx, row, draft)
    see = Button("Show it", outline_show.call(outline=track.id))
    changed = f"“{markup.escape(draft.title, TITLE_MAX)}” is changed"
    return replace(say("Its groups go on with it.", title=changed, buttons=(see,), tone="good"), replaces=True)


@command(
    "manage course remove", formerly=("outline remove",), role="moderator", group="none", title="Remove an outline"
)
def outline_remove(
    ctx: Context,
    outline: Annotated[str, OUTLINE],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    outlines: Outlines,
) -> Reply:
    """Remove a course that no group uses."""
    row, track = outlines.find(ctx, outline)
    title, rests_on = markup.escape(track.title, TITLE_MAX), make_mark(row.yaml)
    if not confirm or is_stale(ctx, rests_on):
        outlines.check_unwalked(ctx, row)
        pending = Pending.keep(groups.work, ctx, outline_remove, rests_on=rests_on)
        sure = pending.confirm("Remove", "danger", outline=track.id)
        return say(
            *([CHANGED] if is_stale(ctx, rests_on) else []),
            f"It has {wording.describe_length(track.roadmap)}. It does not come back; "
            f"{markup.typed('manage course show')} has its text to keep.",
            title=f"Remove “{title}”?",
            buttons=(sure,),
            tone="warn",
        )
    outlines.remove(ctx, row)
    return replace(say(f"“{title}” is no roadmap of this server any more.", tone="good"), replaces=True)


COMMANDS: tuple[Command, ...] = (outline_add, outline_show, outline_edit, outline_remove)
