"""What moderators do about a heading whose question many missed: write a line, or leave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from bot.core import markup
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import NotFound
from bot.core.reply import Button, Reply, say
from bot.features.cohort.service import Cohorts
from bot.features.gaps.lapses import Lapse, Lapses
from bot.features.notes.commands import TEXT, TITLE, notes_show
from bot.features.notes.service import Notes
from bot.features.notes.tables import TITLE_MAX

ITEM = Param("Which question", max=40, in_form=False)
LABEL = 40


def initial_line(ctx: Context, *, cohorts: Cohorts, lapses: Lapses) -> Mapping[str, str]:
    """Return a draft from the reasons that the quiz gives, under the heading that it is about."""
    try:
        found = _get(ctx, cohorts, lapses, ctx.call.args.get("item", ""))
    except NotFound:
        return {}
    return {"title": markup.clip(found.item.source.heading, TITLE_MAX), "text": found.draft}


@command(
    "gap line",
    hidden=True,
    role="moderator",
    form=True,
    cohort="needed",
    title="Write a note",
    initial=initial_line,
    form_note="A draft from the quiz. It becomes a note of this group, with your name.",
)
def line(
    ctx: Context,
    item: Annotated[str, ITEM],
    text: Annotated[str, TEXT],
    title: Annotated[str | None, replace(TITLE, label="Title")] = None,
    *,
    cohorts: Cohorts,
    lapses: Lapses,
    notes: Notes,
) -> Reply:
    """Write what a heading lacks, as a note of this group."""
    found = _get(ctx, cohorts, lapses, item)
    cohort = cohorts.get(ctx.actor.cohort_id)
    row = notes.add(cohort.id, title or "", text, ctx.actor.account_id, ctx.now, answers=[found.item.prompt])
    lapses.heed(cohort.id, item, ctx.now)
    return say(
        "The next who asks finds it beside the note. If many still miss the question, it comes back here.",
        title=f"“{markup.escape(row.title, TITLE_MAX)}” is a note of {markup.escape(cohort.name)}",
        buttons=(Button("Show it", notes_show.call(cohort.id, note=row.id)),),
        tone="good",
    )


@command("gap leave", hidden=True, role="moderator", cohort="needed")
def leave(
    ctx: Context,
    item: Annotated[str, ITEM],
    undo: Annotated[bool, Param("Undo", in_form=False)] = False,
    *,
    cohorts: Cohorts,
    lapses: Lapses,
) -> Reply:
    """Leave a heading as it is, or put it on the list again."""
    cohort = cohorts.get(ctx.actor.cohort_id)
    if undo:
        lapses.unheed(cohort.id, item)
        return replace(say(f"It is on the list again: {markup.typed('gaps')}.", tone="good"), replaces=True)
    found = _get(ctx, cohorts, lapses, item)
    lapses.heed(cohort.id, item, ctx.now)
    said = f"I left “{markup.escape(found.item.source.heading, 120)}” as it is. It comes back if many miss it anew."
    return say(said, buttons=(Button("Undo", leave.call(cohort.id, item=item, undo=True)),), tone="good")


def ways(cohort_id: int | None, lapse: Lapse) -> tuple[Button, Button]:
    """Return what a moderator can do about a heading."""
    about = markup.clip(lapse.item.source.heading, LABEL)
    return (
        Button(f"Write on “{about}”", line.ask(cohort_id, item=lapse.item.id)),
        Button(f"Leave “{about}”", leave.call(cohort_id, item=lapse.item.id)),
    )


def _get(ctx: Context, cohorts: Cohorts, lapses: Lapses, item: str) -> Lapse:
    timeline = cohorts.here(ctx)
    return lapses.get(timeline.cohort.id, cohorts.tracks_of(timeline.cohort)[timeline.roadmap.id], item)


COMMANDS: tuple[Command, ...] = (line, leave)
