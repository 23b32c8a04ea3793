"""Check permissions, clock, posts and failures, say how to fix each, and retry what was not sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from sqlalchemy import select

from bot.chat.platform import Finding, Findings, Inspector
from bot.commands.command import Command, Param, command
from bot.commands.context import Context, Place
from bot.curriculum.shelf import CourseShelf, RefusedFolder
from bot.curriculum.track import NONE
from bot.delivery import outbox
from bot.delivery.outbox import OutboxRow, repeat
from bot.delivery.suspended_channels import SuspendedChannel, free_room, is_awaited, list_parked, try_rooms
from bot.features import command_links
from bot.features.group_access.actor import list_moderated
from bot.features.groups import message_keys, wording
from bot.features.groups.params import GROUP
from bot.features.groups.service import Groups
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Group, Membership
from bot.features.groups.visibility import list_governed
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.features.preview.commands import is_unsent
from bot.features.schedule.outage_detection import OVERDUE, find_cut_off, find_last_beat, list_outages
from bot.features.schedule.wording import describe_outage
from bot.llm.service_status import ServiceStatus
from bot.messages import markup
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Button, Reply, Text, Tone, say
from bot.storage.unit_of_work import Database, Work

LOOKED_BACK = timedelta(days=7)

_MOST = 100


@dataclass(frozen=True)
class Unsent:
    """What is held back, and what was given up within the week, the newest first."""

    held: tuple[SuspendedChannel, ...]
    rows: tuple[OutboxRow, ...]


def list_unsent(work: Work, platform: str, tenant: str | None, groups: Sequence[Group], now: datetime) -> Unsent:
    """Return what of these groups of one tenant has not arrived."""
    rooms, prefixes = {c.room for c in groups}, tuple(message_keys.make_prefix(c.id) for c in groups)
    held = tuple(p for p in list_parked(work, platform, tenant) if p.room in rooms)
    listed = outbox.list_trouble(work.session, platform, tenant, since=now - LOOKED_BACK, last=_MOST)
    rows = (row for row in listed if row.state != "parked" and (row.room in rooms or row.key.startswith(prefixes)))
    return Unsent(held, tuple(rows))


_LASTS = timedelta(days=1)

AT_ONCE = 20
"""Messages that are tried again by one press."""


@command(
    "retry",
    role="moderator",
    group="needed",
    which=GROUP,
    after_end=True,
    asked=(r"(?:send|try|deliver) (?:it|them|the (?:failed |unsent )?(?:messages?|posts?)) (?:again|once more)",),
)
def retry(ctx: Context, *, work: Work, groups: Groups) -> Reply:
    """Try again what could not be sent: the channel, and messages that are not too late."""
    group = groups.get(ctx.actor.group_id)
    place = groups.place(group)
    is_held = try_rooms(work, place, work.made_at)
    rows = list_unsent(work, place.platform, place.tenant, [group], ctx.now).rows
    again = [row for row in rows if is_retry_useful(row, group, ctx)][:AT_ONCE]
    for row in again:
        repeat(row, row.room if row.place.is_direct else group.room, ctx.now, row.expires_at or ctx.now + _LASTS)
    buttons = post_again(groups, group, ctx)
    if not is_held and not again:
        none = "Nothing is left that is worth another try: what was too late is not sent any more."
        return say(none, buttons=(*buttons, Button("Check everything", command_links.DOCTOR.call(group.id))))
    retried = [*(["the channel"] if is_held else []), *([counted(len(again), "message")] if again else [])]
    sentence = f"I try {' and '.join(retried)} again now. Look here in a minute."
    return say(sentence, tone="good", buttons=buttons)


def is_retry_useful(row: OutboxRow, group: Group, ctx: Context) -> bool:
    """Whether a message that was given up is a group's own, and not too late yet; a unit's post has its own button."""
    is_own, is_late = (
        message_keys.parse_group(row.key) == group.id,
        row.expires_at is not None and row.expires_at <= ctx.now,
    )
    return is_own and not is_late and row.state == "failed" and row.action == "post" and row.thread_title is None


def post_again(groups: Groups, group: Group, ctx: Context) -> tuple[Button, ...]:
    """Return the button that posts the running unit again, if its post was given up."""
    if groups.astray(group) is not None:
        return ()
    snapshot = GroupSnapshot(groups, group, ctx.now)
    running = snapshot.timeline.running(ctx.now)
    if running is None or not is_unsent(snapshot, running):
        return ()
    label = f"Post unit {running.slot.number} again"
    return (Button(label, command_links.POSTNOW.call(group.id, unit=running.slot.unit_id), "primary"),)


AGAIN = 4
OUTAGES_WITHIN = timedelta(days=1)
AT = "%Y-%m-%d %H:%M"
PAGE_MAX, PART_MAX = 2400, 900
"""Characters of a page and of one part of it: what a phone shows in a few screens, and every platform whole."""


@dataclass(frozen=True)
class Chart:
    """What the database knows of a tenant's health; `coming` has the next posts of each group by its id."""

    tenant: str | None
    coming: Mapping[int, str]
    troubles: tuple[Finding, ...]
    again: tuple[Button, ...]


@dataclass(frozen=True)
class Home:
    """A group's room, and the role that a unit's post notifies there."""

    group_id: int
    name: str
    place: Place
    notified_role: str | None

    def title(self, inspector: Inspector) -> str:
        """Return where it is and whose, in one line."""
        here = markup.room(self.place.room, inspector.room_name(self.place, "its channel"))
        return f"{markup.escape(self.name)}: {here}"


@command("doctor", role="moderator", slow=True, writes=False, after_end=True)
async def doctor(
    ctx: Context,
    page: Annotated[int, Param("Which page of what I found", example="2", max=99)] = 1,
    *,
    database: Database,
    library: CourseShelf,
    inspector: Inspector,
    standing: ServiceStatus,
) -> Reply:
    """Check permissions, clock, next posts and failures here, and how to mend each."""
    homes = await database.run(lambda work: _list_homes(ctx, Groups(work, library)), writes=False)
    looked = await asyncio.gather(*(inspector.look(home.place) for home in homes))
    roles = await asyncio.gather(*(_check_role(inspector, home) for home in homes))
    mended = [home.place for home, findings in zip(homes, looked, strict=True) if all(f.ok for f in findings)]
    chart = await database.run(lambda work: _read_chart(ctx, work, library, _try_suspended(work, mended)))
    whole = await inspector.look(Place(ctx.place.platform, chart.tenant, ""))
    here = (*whole, *chart.troubles, *_check_model(standing))
    parts = [_format_part("Here", here, "")]
    rooms = [(home, (*findings, *role)) for home, findings, role in zip(homes, looked, roles, strict=True)]
    rooms.sort(key=lambda room: all(f.ok for f in room[1]))  # what is to be mended first
    parts += [
        _format_part(home.title(inspector), findings, chart.coming.get(home.group_id, "")) for home, findings in rooms
    ]
    wrong = [f for findings in (here, *(findings for _, findings in rooms)) for f in findings if not f.ok]
    return _draw_result(ctx, _split_pages(parts), page, wrong, chart.again)


def _check_model(standing: ServiceStatus) -> Findings:
    """Return what the chat model's service refused at the last tries."""
    if (refusal := standing.problem) is None:
        return ()
    return (Finding(False, refusal[0], f"Whoever runs me has to mend it: {markup.escape(refusal[1])}", True),)


async def _check_role(inspector: Inspector, home: Home) -> Findings:
    """Return findings about the notified role; a problem with it blocks no post."""
    return await inspector.look_at_role(home.place, home.notified_role) if home.notified_role else ()


def _draw_result(
    ctx: Context, pages: list[str], page: int, wrong: Sequence[Finding], again: tuple[Button, ...]
) -> Reply:
    at = min(max(page, 1), len(pages))
    steps = ((at - 1, "Back"), (at + 1, "Next"))
    turns = [Button(label, doctor.call(ctx.call.group, page=to)) for to, label in steps if 0 < to <= len(pages)]
    own = sum(not finding.is_others for finding in wrong)
    title = f"{numbered(own, 'thing')} to mend" if own else "Nothing for you to mend" if wrong else "All is well"
    paged = f" ({at} of {len(pages)})" if len(pages) > 1 else ""
    buttons = (*(again if at == 1 else ()), *turns)
    is_turned = "page" in ctx.call.args
    tone: Tone = "warn" if wrong else "good"
    return Reply((Text(pages[at - 1]),), buttons, title=title + paged, tone=tone, replaces=is_turned)


def _format_part(title: str, findings: Sequence[Finding], coming: str) -> str:
    """Return the findings of a place: problems one per line, and many good findings in a single line."""
    wrong = [f"- ✗ {f.sentences}" for f in findings if not f.ok]
    wrong += [f"- ○ {f.sentences}" for f in findings if f.ok and f.is_optional]
    well = [f.sentences for f in findings if f.ok and not f.is_optional]
    good = (
        [f"- ✓ {text}" for text in well] if len(well) < 3 or title == "Here" else [f"- ✓ {len(well)} things are well."]
    )
    lines, size = [], 0
    for line in (*wrong, *good):
        size += len(line)
        if size > PART_MAX:
            lines.append("- …")
            break
        lines.append(line)
    return "\n".join([f"**{title}**", *lines, *([coming] if coming else [])])


def _split_pages(parts: list[str]) -> list[str]:
    """Return the parts in order, as many on a page as it holds, one at least."""
    pages: list[str] = []
    for part in parts:
        if pages and len(pages[-1]) + len(part) + 2 <= PAGE_MAX:
            pages[-1] += f"\n\n{part}"
        else:
            pages.append(part)
    return pages


def _list_running(ctx: Context, groups: Groups) -> list[Group]:
    """Return the groups that the caller sees and moderates."""
    home = People(groups.work).find_tenant(ctx.place.platform, ctx.place.tenant)
    if home is not None:
        return list_governed(groups.session, ctx, groups.list_running(home.id))
    named = [groups.get(ctx.actor.group_id)] if ctx.actor.group_id is not None else []
    return list_governed(groups.session, ctx, list(dict.fromkeys([*named, *list_moderated(groups.work, ctx)])))


def _list_homes(ctx: Context, groups: Groups) -> list[Home]:
    running = _list_running(ctx, groups)
    return [Home(c.id, c.name, groups.place(c), c.notified_role) for c in running if c.closed_at is None]


def _try_suspended(work: Work, mended: list[Place]) -> set[str]:
    """Retry suspended channels that look well now, and release those without waiting posts; return the retried ones."""
    tried = set()
    for room in mended:
        if not is_awaited(work, room):
            free_room(work, room)
        elif try_rooms(work, room, work.made_at):
            tried.add(room.room)
    return tried


def _describe_suspended(parked: SuspendedChannel, tried: set[str]) -> Finding:
    where = markup.room(parked.room, "A channel")
    if parked.room in tried:
        return Finding(
            False, f"{where} was held back.", "It looks well now, and I try it at once. Ask in a minute.", True
        )
    return Finding(False, f"{where} is held back.", f"{parked.reason} I try it again by myself.")


def _read_chart(ctx: Context, work: Work, library: CourseShelf, tried: set[str]) -> Chart:
    groups = Groups(work, library)
    rows = _list_running(ctx, groups)
    tenant = groups.place(rows[0]).tenant if rows else ctx.place.tenant
    troubles = [_check_clock(ctx.now, find_last_beat(work.session)), *_list_outages(work, ctx.place.platform, ctx.now)]
    troubles += [] if library else [Finding(False, NONE)]
    troubles += [
        _describe_refused(folder, is_kept=folder.id in library and not folder.is_double) for folder in library.refused
    ]
    troubles += _list_unreachable(work, [c.id for c in rows])
    troubles += _describe_unsent(ctx, work, tenant, rows, tried)
    coming: dict[int, str] = {}
    again: list[Button] = []
    for row in rows:
        if (astray := groups.astray(row)) is not None:
            troubles.append(Finding(False, astray.lack, f"Whoever runs me has to restore it: {astray.fix}", True))
            continue
        timeline = groups.timeline(row)
        again += [
            button if len(rows) == 1 else replace(button, label=f"{button.label}: {markup.clip(row.name, 40)}")
            for button in post_again(groups, row, ctx)
        ]
        coming[row.id] = "\n".join(f"- Next: {wording.format_slot(timeline, s)}" for s in timeline.planned(ctx.now)[:1])
    return Chart(tenant, coming, tuple(troubles), tuple(again[:AGAIN]))


def _describe_refused(folder: RefusedFolder, *, is_kept: bool) -> Finding:
    named, why = markup.escape(folder.id, 40), markup.escape(folder.describe_faults(), 500)
    stays = "stays as it was before" if is_kept else "is left out"
    return Finding(False, f"The roadmap {named} {stays}.", f"Whoever runs me has to mend it: {why}", True)


def _describe_unsent(
    ctx: Context, work: Work, tenant: str | None, groups: list[Group], tried: set[str]
) -> list[Finding]:
    """Return findings about suspended channels and unsent messages of these groups only."""
    failures = list_unsent(work, ctx.place.platform, tenant, groups, ctx.now)
    return [_describe_suspended(p, tried) for p in failures.held] + [_describe_failed(row) for row in failures.rows[:5]]


def _describe_failed(row: OutboxRow) -> Finding:
    what = "A direct message" if row.place.is_direct else f"A message for {markup.room(row.room, 'a channel')}"
    why = row.error or "It came too late."
    if row.state == "expired" and message_keys.split_key(row.key)[1:] != ["post"]:  # a unit's post may be posted again
        return Finding(False, f"{what} was not sent ({row.state}).", f"{why} Nothing is left to do about it.", True)
    return Finding(False, f"{what} was not sent ({row.state}).", why)


def _check_clock(now: datetime, beat: datetime | None) -> Finding:
    if beat is None:
        return Finding(False, "The schedule has not run yet.", "Whoever runs me starts it with `trailmate run`.", True)
    if now - beat > OVERDUE:
        fix = "Whoever runs me looks at the log and restarts me."
        return Finding(False, f"The schedule last ran {beat:{AT}} UTC.", fix, True)
    return Finding(True, f"The schedule runs; the clock says {now:{AT}} UTC")


def _list_outages(work: Work, platform: str, now: datetime) -> list[Finding]:
    """Return the outages of the last day, including a current one."""
    findings = [
        Finding(True, f"I {describe_outage(outage.platform)} from {outage.from_at:{AT}} to {outage.until_at:{AT}} UTC.")
        for outage in list_outages(work.session, platform, now - OUTAGES_WITHIN)
    ]
    if (since := find_cut_off(work.session, platform, now)) is not None:
        what = f"I have not been connected to {platform.capitalize()} since {since:{AT}} UTC: its groups wait."
        fix = "Whoever runs me looks at /healthz and at the log for the reason."
        findings.append(Finding(False, what, fix, True))
    return findings


def _list_unreachable(work: Work, group_ids: list[int]) -> list[Finding]:
    chosen = (
        select(AccountRow.name)
        .join(Membership, Membership.account_id == AccountRow.id)
        .join(Group, Group.id == Membership.group_id)
        .where(Group.id.in_(group_ids), AccountRow.unreachable_at.is_not(None), Membership.left_at.is_(None))
        .distinct()
        .order_by(AccountRow.name)
    )
    names = list(work.session.scalars(chosen))
    if not names:
        return []
    fix = "Only they can open them: they are told so at their next command, or to turn reminders off."
    return [Finding(False, f"Direct messages are closed for {markup.escape(', '.join(names[:10]))}.", fix, True)]


COMMANDS: tuple[Command, ...] = (
    doctor,
    retry,
)
