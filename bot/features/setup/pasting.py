"""A further choice of what a group learns: an outline that is pasted, seen as a roadmap, and kept for the server."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.chat.platform import Inspector
from bot.commands.command import Command, command
from bot.commands.context import Context
from bot.commands.parameter_types import Attachment
from bot.curriculum.track import Library
from bot.features.custom_courses import commands as outlines
from bot.features.custom_courses.service import Outlines
from bot.features.groups.confirmation import Pending
from bot.features.groups.params import CONFIRM
from bot.features.groups.service import Cohorts
from bot.features.setup import plan as plans
from bot.features.setup.commands import render_step, setup_step, take_roadmap
from bot.features.setup.params import PLAN
from bot.features.setup.walk import SetupWalk
from bot.messages.reply import Button, Reply
from bot.storage.unit_of_work import Database, Work


@command(
    "setup outline",
    hidden=True,
    form=True,
    role="moderator",
    slow=True,
    in_place=True,
    cohort="none",
    title="Paste your outline",
    form_note=outlines.FORM_NOTE,
)
async def setup_outline(
    ctx: Context,
    plan: Annotated[str, PLAN],
    title: Annotated[str | None, outlines.TITLE] = None,
    text: Annotated[str | None, outlines.TEXT] = None,
    file: Annotated[Attachment | None, outlines.FILE] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Learn from an outline of your own."""
    outline, name = outlines.read_source(text, file)

    def preview(work: Work) -> Reply:
        draft = Outlines(work, Cohorts(work, library)).draft(ctx, outline, title or "", name)
        pending = Pending.keep(work, ctx, setup_outline)
        back = Button("Back", setup_step.call(step="roadmap", plan=plan))
        lead = f"Take it, and your {ctx.actor.tenancy.word} has it as a roadmap; nobody outside ever sees it."
        return outlines.render_draft(draft, lead, pending.confirm("Take it"), pending.change(), back)

    def keep(work: Work) -> str:
        plans.get(work, ctx, plan)  # one that is too old is refused before anything is kept
        store = Outlines(work, Cohorts(work, library))
        return store.add(ctx, store.draft(ctx, outline, title or "", name))

    if not confirm:
        return replace(await database.run(preview), replaces=True)
    roadmap_id = await database.run(keep)
    step = await SetupWalk(ctx, database, library, inspector).to("roadmap", plan, take_roadmap(ctx, roadmap_id))
    return replace(render_step(step), tone="good")


COMMANDS: tuple[Command, ...] = (setup_outline,)
