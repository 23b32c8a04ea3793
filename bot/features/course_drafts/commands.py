"""Commands of drafts: give a material, see what the model made of it, and accept it unit by unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from bot.answers.model.drafting import MATERIAL_MAX
from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.commands.parameter_types import DocumentFile
from bot.curriculum.outline_reader import TITLE_MAX
from bot.curriculum.track import Library
from bot.features import command_links
from bot.features.course_drafts import wording
from bot.features.course_drafts.pdf_text import read_pdf
from bot.features.course_drafts.service import CourseDrafts, ShownDraft, read_units
from bot.features.custom_courses.commands import COURSE
from bot.features.groups.service import Groups
from bot.features.setup.commands import setup_step
from bot.features.setup.service import Step, make_first_plan, store_plan
from bot.features.token_budget.service import Ledger, Meter
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import BadInput
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Database, Work

DOCUMENT_MAX, TYPED_MAX = 10_000_000, 200_000
"""Most bytes of a file, and characters of a pasted text."""
_TEXTS = (".md", ".markdown", ".txt", ".text")
_PDF = b"%PDF-"
_LEAST = 200
"""Fewest characters from which a unit can be made."""
OF = Param("Draft", min=1, in_form=False)


def initial_draft(_: Context) -> Mapping[str, str]:
    """Return nothing, so that the bare command opens an empty form."""
    return {}


@command(
    "manage course draft",
    role="moderator",
    group="none",
    slow=True,
    form=True,
    title="Draft a course",
    initial=initial_draft,
    form_note=wording.FORM_NOTE,
    asked=(r"(?:draft|generate|write) (?:me |us )?(?:a |my |our )?(?:course|units?) (?:from|out of|with) ",),
)
async def draft_course(
    ctx: Context,
    text: Annotated[str | None, Param("Material", example="# Pods", long=True, max=TYPED_MAX)] = None,
    file: Annotated[DocumentFile | None, Param("Or a file: Markdown, text or PDF", max=DOCUMENT_MAX)] = None,
    title: Annotated[str | None, Param("Title", example="Kubernetes", max=TITLE_MAX)] = None,
    course: Annotated[str | None, replace(COURSE, in_form=False)] = None,
    *,
    database: Database,
    library: Library,
    meter: Meter,
) -> Reply:
    """Have the model draft a course from your material."""
    if not meter.has_model:
        return wording.render_no_model(command_links.ADD_COURSE.ask())
    source, material = ("Pasted text", text or "") if file is None else (file.name, await _read_document(file))
    if len(material) > MATERIAL_MAX:
        raise BadInput(f"The material has more than {MATERIAL_MAX:,} characters. Send a part of it.", field="file")
    if len(material.split()) * 6 < _LEAST:
        raise BadInput(
            "I need more text. Paste a few paragraphs, or send a PDF whose text can be selected.", field="text"
        )

    def keep(work: Work) -> Reply:
        drafts = CourseDrafts(work, Groups(work, library))
        pages = [markup.clean(page) for page in material.split("\f")]
        row = drafts.add(ctx, title or "", source, "\f".join(pages), course)
        return render_progress(ctx, drafts, row.id, meter, Ledger(work))

    return await database.run(keep)


async def _read_document(file: DocumentFile) -> str:
    """Return the text of a file; BadInput if it is neither text nor a PDF."""
    if len(file.data) > DOCUMENT_MAX:
        raise BadInput(f"The file is too large. The limit is {DOCUMENT_MAX // 1_000_000} MB.", field="file")
    if file.data.startswith(_PDF):
        return await read_pdf(file.data)
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text or "\0" in text or not file.name.lower().endswith(_TEXTS):
        raise BadInput("I read Markdown (.md), text (.txt) and PDF files. Paste the text instead.", field="file")
    return text


@command("manage course drafts", role="moderator", writes=False, group="none", title="Show drafts")
def show_draft(
    ctx: Context,
    of: Annotated[int | None, OF] = None,
    unit: Annotated[int | None, Param("Unit", min=1, in_form=False)] = None,
    page: Annotated[int, Param("Page", min=1, in_form=False)] = 1,
    *,
    drafts: CourseDrafts,
    meter: Meter,
    ledger: Ledger,
) -> Reply:
    """Show the drafts of courses, their progress and units."""
    known = drafts.list(ctx)
    if of is None and len(known) != 1:
        calls = [show_draft.call(ctx.actor.group_id, of=row.id) for row in known]
        return wording.render_list(known, calls, draft_course.ask(ctx.actor.group_id))
    number = known[0].id if of is None else of
    units = read_units(drafts.find(ctx, number))
    if unit is None or unit > len(units) or units[unit - 1].draft is None:
        return replace(render_progress(ctx, drafts, number, meter, ledger), replaces=of is not None)
    return replace(render_unit(ctx, drafts, number, unit, page), replaces=True)


@command("manage course drafting", hidden=True, role="moderator", group="none", title="Change a draft")
def change_draft(
    ctx: Context,
    of: Annotated[int, OF],
    action: Annotated[Literal["start", "stop", "discard", "accept", "undo"], Param("Action", in_form=False)],
    unit: Annotated[int, Param("Unit", min=1, in_form=False)] = 1,
    *,
    drafts: CourseDrafts,
    meter: Meter,
    ledger: Ledger,
) -> Reply:
    """Start, stop or discard a draft, or accept or undo a unit."""
    row = drafts.find(ctx, of, locks=True)
    if action == "discard":
        drafts.discard(row)
        return replace(wording.render_discarded(), replaces=True)
    if action == "accept":
        accepted = drafts.accept(ctx, row, unit)
        following = _find_following(drafts.show(ctx, row), 0)
        if following is None:
            reply = render_progress(ctx, drafts, of, meter, ledger)
        else:
            reply = render_unit(ctx, drafts, of, following, 1)
        undo = change_draft.call(ctx.actor.group_id, of=of, action="undo", unit=unit)
        return wording.render_accepted(accepted, reply, undo)
    if action == "undo":
        undone = drafts.undo(ctx, row, unit)
        return wording.render_undone(undone, render_unit(ctx, drafts, of, unit, 1))
    drafts.start(row, ctx.now) if action == "start" else drafts.stop(row)
    return replace(render_progress(ctx, drafts, of, meter, ledger), tone="good", replaces=True)


def render_progress(ctx: Context, drafts: CourseDrafts, of: int, meter: Meter, ledger: Ledger) -> Reply:
    """Return how far a draft is, or what a new one will cost."""
    group_id = ctx.actor.group_id
    shown = drafts.show(ctx, drafts.find(ctx, of))
    left = (
        meter.budget.tokens - ledger.group(group_id, ledger.today(group_id, ctx.now)) if meter.budget.tokens else None
    )
    actions = {action: change_draft.call(group_id, of=of, action=action) for action in ("start", "stop", "discard")}
    following = _find_following(shown, 0)
    look = show_draft.call(group_id, of=of, unit=following) if following else None
    set_up = _make_set_up(ctx, drafts, shown.course) if shown.accepted else None
    first = next((at for at in range(len(shown.units)) if at not in shown.accepted), 0)
    return wording.render_draft(shown, left, actions, look, show_draft.call(group_id, of=of, unit=first + 1), set_up)


def render_unit(ctx: Context, drafts: CourseDrafts, of: int, number: int, page: int = 0) -> Reply:
    """Return a page of a drafted unit; 0 for the whole."""
    shown = drafts.show(ctx, drafts.find(ctx, of))
    if number > len(shown.units) or shown.units[number - 1].draft is None:
        raise BadInput("This unit isn't drafted yet.")
    group_id = ctx.actor.group_id
    following = _find_following(shown, number)
    return wording.render_unit(
        shown,
        number,
        page,
        accept=change_draft.call(group_id, of=of, action="accept", unit=number),
        undo=change_draft.call(group_id, of=of, action="undo", unit=number),
        more=show_draft.call(group_id, of=of, unit=number, page=page + 1),
        following=show_draft.call(group_id, of=of, unit=following) if following else None,
        draft=show_draft.call(group_id, of=of),
    )


def _find_following(shown: ShownDraft, after: int) -> int | None:
    """Return the number of the first unit after some that can be accepted."""
    units = enumerate(shown.units, 1)
    return next((at for at, unit in units if at > after and unit.draft and at - 1 not in shown.accepted), None)


def _make_set_up(ctx: Context, drafts: CourseDrafts, course: str) -> Call:
    """Return the Call that sets a group up on the course: in a channel, its last step."""
    groups = drafts.groups
    if ctx.place.is_direct or not groups.work.writes:
        return command_links.SETUP.call(course=course)
    wish = replace(make_first_plan(ctx, groups), roadmap=course)
    step: Step = "post" if wish.timezone is not None or ctx.actor.has_zone else "zone"
    return setup_step.call(step=step, plan=store_plan(groups.work, ctx, wish))


COMMANDS: tuple[Command, ...] = (draft_course, show_draft, change_draft)
