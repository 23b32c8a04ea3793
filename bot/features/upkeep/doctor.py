"""What is right and wrong here, and how to mend each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.core import markup
from bot.core.call import Call
from bot.core.command import Command, command
from bot.core.context import Context, Place
from bot.core.platform import Finding, Inspector
from bot.core.reply import Block, Button, Reply, Text
from bot.db import outbox
from bot.db.outbox import ParkedRoom
from bot.db.work import Database, Work
from bot.features.cohort import wording
from bot.features.cohort.seeing import governed
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort, Membership
from bot.features.cohort.timeline import Library
from bot.features.people.service import People
from bot.features.people.tables import Account
from bot.features.schedule.group import Group
from bot.features.schedule.service import last_beat
from bot.features.upkeep.preview import is_unsent

TICK_OVERDUE = timedelta(minutes=3)
AGAIN = 4


@dataclass(frozen=True)
class Chart:
    """What the database knows of a tenant's health."""

    tenant: str | None
    coming: tuple[str, ...]
    troubles: tuple[Finding, ...]
    again: tuple[Button, ...]


@command("doctor", role="moderator", slow=True, after_end=True)
async def doctor(ctx: Context, *, database: Database, library: Library, inspector: Inspector) -> Reply:
    """Check permissions, clock, next posts and failures here, and how to mend each."""
    rooms = await database.run(lambda work: _rooms(ctx, Cohorts(work, library)), writes=False)
    looked = [(name, room, await inspector.look(room)) for name, room in rooms]
    mended = [room for _, room, found in looked if all(f.ok for f in found)]

    chart = await database.run(lambda work: _chart(ctx, work, library, _tried(work, mended)))
    whole = await inspector.look(Place(ctx.place.platform, chart.tenant, ""))
    groups = [("Here", (*whole, *chart.troubles)), *((name, found) for name, _, found in looked)]
    blocks: list[Block] = [
        Text(f"**{title}**\n" + "\n".join(_line(f) for f in findings)) for title, findings in groups if findings
    ]
    if chart.coming:
        blocks.append(Text("**Next posts**\n" + "\n".join(chart.coming)))
    wrong = sum(not f.ok for _, fs in groups for f in fs)
    title = "All is well" if not wrong else f"{wrong} thing{'' if wrong == 1 else 's'} to mend"
    return Reply(tuple(blocks), chart.again, title=title, tone="good" if not wrong else "warn")


def _line(finding: Finding) -> str:
    if finding.ok:
        return f"- ✓ {finding.what}"
    return f"- ✗ {finding.what} {finding.mend}".rstrip()


def _running(ctx: Context, cohorts: Cohorts) -> list[Cohort]:
    """Return the cohorts that the caller sees and moderates."""
    home = People(cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
    if home is None and ctx.actor.cohort_id is not None:
        return governed(cohorts.session, ctx, [cohorts.get(ctx.actor.cohort_id)])
    return governed(cohorts.session, ctx, cohorts.list_running(home.id)) if home else []


def _rooms(ctx: Context, cohorts: Cohorts) -> list[tuple[str, Place]]:
    running = _running(ctx, cohorts)
    return [(f"Channel of {markup.escape(c.name)}", cohorts.place(c)) for c in running if c.closed_at is None]


def _tried(work: Work, mended: list[Place]) -> set[str]:
    """Have held rooms that look well be tried at once, and free those that nothing waits for; return the former."""
    tried = set()
    for room in mended:
        if not outbox.is_awaited(work, room):
            outbox.free_room(work, room)
        elif outbox.try_rooms(work, room, work.made_at):
            tried.add(room.room)
    return tried


def _held(parked: ParkedRoom, tried: set[str]) -> Finding:
    if parked.room in tried:
        return Finding(False, "A channel was held back", "It looks well now, and I try it at once. Ask in a minute.")
    return Finding(False, "A channel is held back", f"{parked.reason} I try it again by myself.")


def _chart(ctx: Context, work: Work, library: Library, tried: set[str]) -> Chart:
    cohorts = Cohorts(work, library)
    rows = _running(ctx, cohorts)
    tenant = cohorts.place(rows[0]).tenant if rows else ctx.place.tenant
    troubles = [_clock(ctx.now, last_beat(work.session))]
    troubles += _closed(work, [c.id for c in rows])
    troubles += _unsent(ctx, work, tenant, rows, tried)
    coming: list[str] = []
    again: list[Button] = []
    for row in rows:
        timeline = cohorts.timeline(row)
        again += _again(Group(cohorts, row, ctx.now))
        coming += [
            f"- {markup.escape(row.name)}: {wording.slot_line(timeline, s)}" for s in timeline.planned(ctx.now)[:2]
        ]
    return Chart(tenant, tuple(coming), tuple(troubles), tuple(again[:AGAIN]))


def _again(group: Group) -> list[Button]:
    """Return the button that posts the running unit again, if its post was given up."""
    running = group.timeline.running(group.now)
    if running is None or not is_unsent(group, running):
        return []
    label = f"Post unit {running.slot.number} again"
    return [Button(label, Call("postnow", {"unit": running.slot.unit_id}, group.cohort.id), "primary")]


def _unsent(ctx: Context, work: Work, tenant: str | None, cohorts: list[Cohort], tried: set[str]) -> list[Finding]:
    """Return what is held back or was not sent of these cohorts; what others have there is not the caller's to know."""
    rooms, keys = {c.room for c in cohorts}, tuple(f"c{c.id}:" for c in cohorts)
    parked = [p for p in outbox.list_parked(work, ctx.place.platform, tenant) if p.room in rooms]
    week = ctx.now - timedelta(days=7)
    unsent = [
        row
        for row in outbox.list_trouble(work, ctx.place.platform, tenant, since=week, last=100)
        if row.state != "parked" and (row.room in rooms or row.key.startswith(keys))
    ]
    return [_held(p, tried) for p in parked] + [
        Finding(False, f"A message was not sent ({row.state})", row.error or "It came too late.") for row in unsent[:5]
    ]


def _clock(now: datetime, beat: datetime | None) -> Finding:
    if beat is None:
        return Finding(False, "The schedule has not run yet.", "Start the bot with `trailmate run`.")
    if now - beat > TICK_OVERDUE:
        return Finding(
            False, f"The schedule last ran {beat:%Y-%m-%d %H:%M} UTC.", "Look at the log and restart the bot."
        )
    return Finding(True, f"The schedule runs; the clock says {now:%Y-%m-%d %H:%M} UTC")


def _closed(work: Work, cohort_ids: list[int]) -> list[Finding]:
    chosen = (
        select(Account.name)
        .join(Membership, Membership.account_id == Account.id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(Cohort.id.in_(cohort_ids), Account.unreachable_at.is_not(None), Membership.left_at.is_(None))
        .distinct()
        .order_by(Account.name)
    )
    names = list(work.session.scalars(chosen))
    if not names:
        return []
    mend = "They are told at their next command to open them or turn reminders off."
    return [Finding(False, f"Direct messages are closed for {markup.escape(', '.join(names[:10]))}.", mend)]


COMMANDS: tuple[Command, ...] = (doctor,)
