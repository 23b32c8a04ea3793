"""The state of a group for its moderators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from bot.core import markup
from bot.core.call import Call
from bot.core.command import Command, command
from bot.core.context import Context
from bot.core.reply import Block, Button, Fields, Reply, Text
from bot.core.values import CohortRef
from bot.features.cohort import wording
from bot.features.cohort.params import COHORT
from bot.features.cohort.service import Member
from bot.features.progress.record import Scores
from bot.features.progress.service import Progress

NAMES = 40


@command("report", role="moderator", writes=False, cohort="needed", after_end=True)
def report(ctx: Context, cohort: Annotated[CohortRef | None, COHORT] = None, *, progress: Progress) -> Reply:
    """Who has checked in, who is missing, who is fading and why, who is resting."""
    timeline = progress.cohorts.here(ctx)
    row = timeline.cohort
    members = progress.cohorts.list_members(row.id)
    scores = progress.everyone(timeline, ctx)
    # after the last grace it is the last unit's, until the closing post says how the season went
    running = timeline.running(ctx.now) or (timeline.opened[-1] if timeline.opened and row.closed_at is None else None)
    resting = [(m, a) for m, a in members if scores.by_account[a.id].is_resting]
    facts: list[tuple[str, str]] = []
    if running is not None:
        unit_id = running.slot.unit_id
        day = ctx.now.astimezone(timeline.zone).date()
        done = [(m, a) for m, a in members if scores.has_kept(a.id, unit_id)]
        away = [(m, a) for m, a in members if (m, a) not in done and scores.is_away(a.id, day)]
        excused = [(m, a) for m, a in members if (m, a) not in away and _is_excused(scores, a.id, unit_id)]
        awake = [pair for pair in members if pair not in resting]
        facts.append((f"Checked in ({len(done)} of {len(awake)})", _names(done)))
        facts.append(("Not yet", _names(p for p in awake if p not in [*done, *away, *excused])))
        if away:
            facts.append(("Away", _names(away)))
        if excused:
            facts.append(("Excused", _names(excused)))
    fading = [(a, scores.by_account[a.id].fading) for _, a in members if scores.by_account[a.id].fading]
    blocks: list[Block] = [Text(wording.position(timeline, ctx.now)), *([Fields(tuple(facts))] if facts else [])]
    if fading:
        lines = "\n".join(f"- {markup.name(a.external_id, a.name)}: {why}" for a, why in fading[:NAMES])
        blocks.append(Text(f"**Fading** (a kind word helps now)\n{lines}"))
    if resting:
        blocks.append(Text(f"**Resting** (four units in a row missed; any check-in wakes them)\n{_names(resting)}"))
    if not members:
        blocks.append(Text("Nobody has joined yet. The welcome post has the button."))
    buttons = (
        Button("Status", Call("cohort status", {}, row.id)),
        *([Button("Who has left?", Call("cohort check", {}, row.id))] if members else []),
        Button("See the next post", Call("preview", {}, row.id)),
    )
    return Reply(tuple(blocks), buttons, title=f"Report on {markup.escape(row.name)}")


def _is_excused(scores: Scores, account_id: int, unit_id: str) -> bool:
    states = scores.by_account[account_id].states
    return any(s.unit_id == unit_id and s.outcome == "excused" for s in states)


def _names(members: Iterable[Member]) -> str:
    listed = list(members)
    names = ", ".join(markup.name(a.external_id, a.name) for _, a in listed[:NAMES])
    rest = f" and {len(listed) - NAMES} more" if len(listed) > NAMES else ""
    return names + rest or "nobody"


COMMANDS: tuple[Command, ...] = (report,)
