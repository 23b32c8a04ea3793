"""Check permissions, clock, posts and failures, say how to fix each, and retry what was not sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from sqlalchemy import select

from bot.chat.platform import Finding, Findings, Inspector
from bot.commands.command import Command, Param, command
from bot.commands.context import Context, Place
from bot.curriculum.shelf import CourseShelf
from bot.curriculum.track import NONE
from bot.delivery import outbox
from bot.delivery.outbox import OutboxRow, repeat
from bot.delivery.suspended_channels import SuspendedChannel, free_room, is_awaited, list_parked, try_rooms
from bot.features.doctor import wording
from bot.features.groups import message_keys
from bot.features.groups.params import moderator_command
from bot.features.groups.service import Groups
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Group, Membership
from bot.features.groups.visibility import list_governed
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.features.resolution.actor import list_moderated
from bot.features.schedule.outage_detection import OVERDUE, find_cut_off, find_last_beat, list_outages
from bot.features.schedule.post_preview import is_unsent
from bot.llm.service_status import ServiceStatus
from bot.messages.reply import Button, Reply
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


@moderator_command(
    "manage retry",
    formerly=("retry",),
    title="Retry",
    after_end=True,
    asked=(r"(?:send|try|deliver) (?:it|them|the (?:failed |unsent )?(?:messages?|posts?)) (?:again|once more)",),
)
def retry(ctx: Context, *, work: Work, groups: Groups) -> Reply:
    """Retry messages that could not be sent."""
    group = groups.get(ctx.actor.group_id)
    place = groups.place(group)
    is_held = try_rooms(work, place, work.made_at)
    rows = list_unsent(work, place.platform, place.tenant, [group], ctx.now).rows
    again = [row for row in rows if is_retry_useful(row, group, ctx)][:AT_ONCE]
    for row in again:
        repeat(row, row.room if row.place.is_direct else group.room, ctx.now, row.expires_at or ctx.now + _LASTS)
    buttons = post_again(groups, group, ctx)
    if not is_held and not again:
        return wording.nothing_to_retry(group.id, buttons)
    return wording.retrying(len(again), has_channel=bool(is_held), buttons=buttons)


def is_retry_useful(row: OutboxRow, group: Group, ctx: Context) -> bool:
    """Whether a message that was given up is a group's own, and not too late yet; a unit's post has its own button."""
    is_own, is_late = (
        message_keys.parse_group(row.key) == group.id,
        row.expires_at is not None and row.expires_at <= ctx.now,
    )
    return is_own and not is_late and row.state == "failed" and row.action == "post" and row.thread_title is None


def post_again(groups: Groups, group: Group, ctx: Context, *, is_named: bool = False) -> tuple[Button, ...]:
    """Return the button that posts the running unit again, if its post was given up.

    Args:
        is_named: whether the button names the group.
    """
    if groups.astray(group) is not None:
        return ()
    snapshot = GroupSnapshot(groups, group, ctx.now)
    running = snapshot.timeline.running(ctx.now)
    if running is None or not is_unsent(snapshot, running):
        return ()
    return (wording.post_again_button(group, running.slot, is_named=is_named),)


AGAIN = 4
OUTAGES_WITHIN = timedelta(days=1)
PAGE_MAX = 2400
"""Characters of a page: a few screens of a phone, and one message on every platform."""


@dataclass(frozen=True)
class Chart:
    """What the database knows of a tenant's health.

    Args:
        coming: the next post of each group by its id.
        is_retrying: whether suspended channels are being tried again.
    """

    tenant: str | None
    coming: Mapping[int, str]
    troubles: tuple[Finding, ...]
    again: tuple[Button, ...]
    is_retrying: bool


@dataclass(frozen=True)
class Home:
    """A group's room, and the role that a unit's post notifies there."""

    group_id: int
    name: str
    place: Place
    notified_role: str | None


@command(
    "manage doctor", formerly=("doctor",), title="Doctor", role="moderator", slow=True, writes=False, after_end=True
)
async def doctor(
    ctx: Context,
    page: Annotated[int, Param("Page of the results", example="2", max=99)] = 1,
    *,
    database: Database,
    library: CourseShelf,
    inspector: Inspector,
    standing: ServiceStatus,
) -> Reply:
    """Check the setup and show how to fix problems."""
    homes = await database.run(lambda work: _list_homes(ctx, Groups(work, library)), writes=False)
    looked = await asyncio.gather(*(inspector.look(home.place) for home in homes))
    roles = await asyncio.gather(*(_check_role(inspector, home) for home in homes))
    mended = [home.place for home, findings in zip(homes, looked, strict=True) if all(f.ok for f in findings)]
    chart = await database.run(lambda work: _read_chart(ctx, work, library, _try_suspended(work, mended)))
    whole = await inspector.look(Place(ctx.place.platform, chart.tenant, ""))
    here = (*whole, *chart.troubles, *_check_model(standing))
    parts = [wording.place(wording.HERE, here)]
    rooms = [(home, (*findings, *role)) for home, findings, role in zip(homes, looked, roles, strict=True)]
    rooms.sort(key=lambda room: all(f.ok for f in room[1]))  # what is to be mended first
    parts += [
        wording.place(
            wording.home_title(home.name, home.place.room, inspector.room_name(home.place, "its channel")),
            findings,
            chart.coming.get(home.group_id, ""),
        )
        for home, findings in rooms
    ]
    wrong = [f for findings in (here, *(findings for _, findings in rooms)) for f in findings if not f.ok]
    return wording.result(
        _split_pages(parts),
        page,
        wrong,
        chart.again,
        ctx.call.group,
        is_retrying=chart.is_retrying,
        is_turned="page" in ctx.call.args,
    )


def _check_model(standing: ServiceStatus) -> Findings:
    """Return what the chat model's service refused at the last tries."""
    if (refusal := standing.problem) is None:
        return ()
    return (wording.model_refused(*refusal),)


async def _check_role(inspector: Inspector, home: Home) -> Findings:
    """Return findings about the notified role; a problem with it blocks no post."""
    return await inspector.look_at_role(home.place, home.notified_role) if home.notified_role else ()


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


def _read_chart(ctx: Context, work: Work, library: CourseShelf, tried: set[str]) -> Chart:
    groups = Groups(work, library)
    rows = _list_running(ctx, groups)
    tenant = groups.place(rows[0]).tenant if rows else ctx.place.tenant
    troubles = [_check_clock(ctx.now, find_last_beat(work.session)), *_list_outages(work, ctx.place.platform, ctx.now)]
    troubles += [] if library else [Finding(False, NONE)]
    for folder in library.refused:
        is_kept = folder.id in library and not folder.is_double
        troubles.append(wording.refused_course(folder, is_kept=is_kept))
    troubles += _list_unreachable(work, [c.id for c in rows])
    troubles += _describe_unsent(ctx, work, tenant, rows, tried)
    coming: dict[int, str] = {}
    again: list[Button] = []
    for row in rows:
        if (astray := groups.astray(row)) is not None:
            troubles.append(wording.lost_course(astray))
            continue
        timeline = groups.timeline(row)
        again += post_again(groups, row, ctx, is_named=len(rows) > 1)
        coming[row.id] = wording.next_post(timeline, timeline.planned(ctx.now))
    return Chart(tenant, coming, tuple(troubles), tuple(again[:AGAIN]), bool(tried))


def _describe_unsent(
    ctx: Context, work: Work, tenant: str | None, groups: list[Group], tried: set[str]
) -> list[Finding]:
    """Return findings about suspended channels and unsent messages of these groups only."""
    failures = list_unsent(work, ctx.place.platform, tenant, groups, ctx.now)
    held = [wording.suspended(channel, is_retried=channel.room in tried) for channel in failures.held]
    return held + [_describe_failed(row) for row in failures.rows[:5]]


def _describe_failed(row: OutboxRow) -> Finding:
    can_be_posted = message_keys.split_key(row.key)[1:] == ["post"]  # a moderator may post a unit again
    return wording.unsent(row, is_lost=row.state == "expired" and not can_be_posted)


def _check_clock(now: datetime, beat: datetime | None) -> Finding:
    if beat is None:
        return wording.not_started()
    return wording.stopped(beat) if now - beat > OVERDUE else wording.running(now)


def _list_outages(work: Work, platform: str, now: datetime) -> list[Finding]:
    """Return the outages of the last day, including a current one."""
    over = list_outages(work.session, platform, now - OUTAGES_WITHIN)
    findings = [wording.outage(outage.platform, outage.from_at, outage.until_at) for outage in over]
    if (since := find_cut_off(work.session, platform, now)) is not None:
        findings.append(wording.cut_off(platform, since))
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
    return [wording.unreachable(names)] if names else []


COMMANDS: tuple[Command, ...] = (
    doctor,
    retry,
)
