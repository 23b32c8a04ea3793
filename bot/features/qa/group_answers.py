"""What a question about the group is answered with: its own record or the page of a command, by who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core import markup
from bot.core.command import Command
from bot.core.context import Context, Role
from bot.core.errors import NotFound
from bot.core.numerals import counted
from bot.core.registry import Registry
from bot.core.reply import Button, Reply, Text, say
from bot.features import ways
from bot.features.cohort import wording
from bot.features.cohort.calendar.timeline import Astray, Timeline
from bot.features.cohort.identity import moderated, reachable
from bot.features.cohort.seeing import governed
from bot.features.cohort.service import Cohorts, name_moderators
from bot.features.cohort.tables import Cohort
from bot.features.cohort.whose import MOST_OFFERED
from bot.features.manual import page
from bot.features.qa import game_answers, unit_answers
from bot.features.qa.answer.about_group import About

SEVERAL = 4
"""Groups whose records answer one question."""


def answered(ctx: Context, asked: About, cohorts: Cohorts, registry: Registry) -> Reply | None:
    """Return the answer to a question about the group, or None where there is no group whose record has it.

    The rules are everybody's.

    Raises:
        NotFound: several may be meant, and others would read their names.
    """
    if ctx.actor.cohort_id is not None or asked.command is not None:
        return of_group(ctx, asked, cohorts, registry)
    mine = reachable(cohorts.work, ctx)
    meant = mine or governed(cohorts.session, ctx, moderated(cohorts.work, ctx))
    if not meant and asked.subject in ("lapse", "worth"):
        return game_answers.lapse(None) if asked.subject == "lapse" else game_answers.worth(None)
    if meant and not ctx.place.is_direct:
        which = (Button(markup.clip(c.name, 40), replace(ctx.call, cohort=c.id)) for c in meant[:MOST_OFFERED])
        raise NotFound("Which cohort do you mean?", buttons=tuple(which))
    role: Role = "member" if mine else "moderator"
    return _of_several(ctx, asked, cohorts, registry, meant[:SEVERAL], role) if meant else None


def _of_several(
    ctx: Context, asked: About, cohorts: Cohorts, registry: Registry, meant: Sequence[Cohort], role: Role
) -> Reply:
    """Return what each group's record says, in a line of its own; what all say alike is said once."""
    told: dict[str, list[str]] = {}
    buttons: list[Button] = []
    for cohort in meant:
        there = replace(ctx, actor=replace(ctx.actor, cohort_id=cohort.id, roles=ctx.actor.roles | {role}))
        try:
            one = of_group(there, asked, cohorts, registry)
        except Astray as astray:
            one = say(astray.sentence)
        said = "\n".join(block.markdown for block in one.blocks if isinstance(block, Text))
        told.setdefault(said, []).append(f"**{markup.escape(cohort.name, 60)}**")
        buttons += [replace(b, label=markup.clip(f"{b.label}: {cohort.name}", 40)) for b in one.buttons]
    if len(told) == 1:
        return say(next(iter(told)), buttons=tuple(buttons))
    return say("\n".join(f"{' and '.join(names)}: {said}" for said, names in told.items()), buttons=tuple(buttons))


def of_group(ctx: Context, asked: About, cohorts: Cohorts, registry: Registry) -> Reply:
    """Return the answer; what only some may see is behind a button, for the answer may be public."""
    shown = registry.find(asked.command) if asked.command is not None else None
    if shown is not None:
        return _page(ctx, shown)
    timeline = cohorts.here(ctx)
    cohort_id = timeline.cohort.id
    position = wording.position(timeline, ctx.now)
    mine = Button("My progress", ways.PROGRESS.call(cohort_id), "primary")
    match asked.subject:
        case "mine":
            return say("That is yours alone to see.", buttons=(mine,))
        case "board":
            return say("The board is for members.", buttons=(Button("Leaderboard", ways.LEADERBOARD.call(cohort_id)),))
        case "checked in" if "moderator" in ctx.actor.roles:
            report = Button("Report", ways.REPORT.call(cohort_id))
            return say("The report names them, for moderators.", buttons=(report,))
        case "checked in":
            who = " or ".join(name_moderators(cohorts.session, timeline.cohort)) or "moderators"
            return say(f"Who has checked in is for {who} to see. Your own record is yours.", buttons=(mine,))
        case "exercise" | "resources" | "hours":
            return unit_answers.of_unit(ctx, asked, timeline)
        case "lapse" | "worth" | "count" | "meeting":
            return _played(ctx, asked, timeline, cohorts)
        case "people" | "moderators" | "roadmap":
            return _told(ctx, asked, timeline, cohorts)
        case "unit" if asked.unit is not None:
            return _unit(ctx, asked.unit, cohorts)
        case "next" | "end" if planned := timeline.planned(ctx.now):
            lead, slot = ("Next comes", planned[0]) if asked.subject == "next" else ("The last is", planned[-1])
            that = Button("That unit", ways.TOPIC.call(cohort_id, unit=slot.unit_id))
            return say(f"{lead} {wording.slot_line(timeline, slot)}.", buttons=(that,))
        case "next":
            return say(position)
        case _:
            return say(position, buttons=(Button("The unit", ways.TOPIC.call(cohort_id), "primary"),))


def _played(ctx: Context, asked: About, timeline: Timeline, cohorts: Cohorts) -> Reply:
    """Tell the rules, or what the group does together."""
    match asked.subject:
        case "lapse":
            return game_answers.lapse(timeline.cohort.id)
        case "worth":
            return game_answers.worth(timeline)
        case "count":
            return game_answers.count(ctx, timeline, cohorts)
        case _:
            return game_answers.meeting(ctx, timeline, cohorts)


def _told(ctx: Context, asked: About, timeline: Timeline, cohorts: Cohorts) -> Reply:
    """Say who and what a group is; how many take part is for those who do."""
    cohort, roadmap = timeline.cohort, timeline.roadmap
    if asked.subject == "roadmap":
        way = Button("Roadmap", ways.ROADMAP.call(cohort.id))
        told = f"**{markup.escape(cohort.name)}** is on **{markup.escape(roadmap.title)}**"
        return say(f"{told}, {counted(len(roadmap.units), 'unit')}.", buttons=(way,))
    who = " and ".join(name_moderators(cohorts.session, cohort))
    if asked.subject == "moderators":
        return say(f"{who} can help: they moderate here." if who else "Whoever manages this server moderates here.")
    if ctx.actor.roles.isdisjoint({"member", "moderator"}):
        return say(game_answers.MEMBERS_ONLY)
    count = len(cohorts.list_members(cohort.id))
    return say(f"{counted(count, 'member').capitalize()} in **{markup.escape(cohort.name)}**.")


def _page(ctx: Context, shown: Command) -> Reply:
    """Return a command's page; what acts at once is a press further, for anybody may press what is public."""
    read = replace(page(ctx, shown), title="")
    if shown.form or not shown.writes:
        return read
    further = Button(shown.title, ways.HELP.call(ctx.actor.cohort_id, command=shown.name), "primary")
    return replace(read, buttons=(further,))


def _unit(ctx: Context, number: int, cohorts: Cohorts) -> Reply:
    """Say when a unit comes or came, by its number in the roadmap."""
    timeline = cohorts.here(ctx)
    units = timeline.roadmap.units
    if not 1 <= number <= len(units):
        return unit_answers.no_such(timeline)
    unit = units[number - 1].id
    opened = timeline.find(unit)
    slot = opened.slot if opened else next((one for one in timeline.planned(ctx.now) if one.unit_id == unit), None)
    told = f"{wording.slot_line(timeline, slot)}." if slot else f"Unit {number} is not planned for this group."
    return say(told, buttons=(Button("That unit", ways.TOPIC.call(timeline.cohort.id, unit=unit)),))
