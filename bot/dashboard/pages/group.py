"""This week: who is in, what members shared and asked, and the next live session; moderators see who may need what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.dashboard.page import MEMBERS, DashboardPage, Viewer
from bot.dashboard.pages.members import MEMBERS_PAGE
from bot.features import command_links
from bot.features.checkins import sharing
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import KEPT
from bot.features.digest.commands import copy_texts, write_to
from bot.features.digest.service import NUDGE_EVERY, list_recent_nudges
from bot.features.digest.wording import draft_nudge
from bot.features.focus.service import Focus
from bot.features.focus.wording import format_together
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.wording import describe_position
from bot.features.live_sessions.service import Hours
from bot.features.live_sessions.wording import line, rsvp
from bot.features.plans.service import count_pledges
from bot.features.report import service
from bot.features.report.service import Fading, Several
from bot.features.rules import RESTING_AFTER
from bot.features.standings import trend
from bot.features.standings.group_standings import Roll, count_fading
from bot.messages.call import Call
from bot.messages.numerals import counted
from bot.messages.reply import Button, Reply
from bot.messages.spreadsheet import Spreadsheet

NAMED, KEEPERS, SHARED = 12, 40, 5
"""Names of a kind before the others are folded, names of those who kept a unit, and messages of its thread."""


@dataclass(frozen=True)
class CurrentUnit:
    """The unit that runs, or ran last, as everybody of the group may know it.

    Args:
        says: where the group is, small Markdown.
        of: how many are expected; None if no unit runs, or the reader may see no count.
        is_told: whether the reader may see counts.
        names: those who have checked in and are shown.
        closed: the unit that closed last, and the names of those who kept it and are shown.
    """

    says: str
    kept: int
    of: int | None
    is_told: bool
    names: tuple[str, ...]
    pledged: int
    closed: str
    keepers: tuple[str, ...]
    others: int


@dataclass(frozen=True)
class NextSession:
    """The next live session: its start and topic, small Markdown, and the buttons to answer it."""

    says: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class MemberGroup:
    """Members of one kind, for moderators.

    Args:
        of: what the register of members calls them; "" where it has no such list.
    """

    title: str
    several: Several
    says: str
    of: str = ""


@dataclass(frozen=True)
class Faded:
    """A member who checks in less: a drafted message, its button, and when one was sent, if that was this week."""

    who: Fading
    draft: str
    write: Button | None
    wrote_at: datetime | None


def read(viewer: Viewer, *, progress: Progress, hours: Hours, focus: Focus) -> Mapping[str, object]:
    """Return where the group stands."""
    timeline = progress.groups.here(viewer.ctx)
    newest = timeline.opened[-1].slot if timeline.opened else None
    since = newest.opens_at if newest is not None else viewer.ctx.now
    roll = Roll(progress.groups, timeline, viewer.ctx.now)
    return {
        "register": MEMBERS_PAGE,
        "unit": _read_unit(viewer, progress, timeline, roll),
        "own": _read_own_state(viewer, progress),
        "kinds": (),
        "faded": (),
        "named": NAMED,
        "buttons": (),
        "shared": _list_thread_posts(viewer, progress, newest, "share"),
        "asked": _list_thread_posts(viewer, progress, newest, "question"),
        "together": format_together(focus.count_minutes(viewer.group_id, since, viewer.ctx.now)),
        "session": _find_next_session(viewer, timeline, hours),
        "members": sum(n for n, _, _ in roll.kinds),
        "weeks": _list_weeks(viewer, progress, timeline, roll),
        **(_read_for_moderators(viewer, progress, timeline) if viewer.moderates else {}),
    }


def _list_thread_posts(viewer: Viewer, progress: Progress, newest: Slot | None, kind: str) -> list[Reply]:
    """Return the newest messages of a kind in the newest unit's thread, without buttons."""
    if newest is None:
        return []
    posts = sharing.list_thread_posts(progress.session, viewer.group_id, newest.unit_id, kind)
    return [post.without_buttons() for post in posts[:SHARED]]


def _find_next_session(viewer: Viewer, timeline: Timeline, hours: Hours) -> NextSession | None:
    """Return the next live session; only members have buttons to answer it."""
    coming = hours.list_coming(viewer.group_id, viewer.ctx.now)
    if not coming:
        return None
    is_member = "member" in viewer.ctx.actor.roles
    buttons = tuple(rsvp(viewer.group_id, coming[0], answer) for answer in ("coming", "not")) if is_member else ()
    return NextSession(line(timeline.group, coming[0]), buttons)


def _read_unit(viewer: Viewer, progress: Progress, timeline: Timeline, roll: Roll) -> CurrentUnit:
    now = viewer.ctx.now
    running, closed = timeline.running(now), _find_last_closed(timeline, now)
    visible = roll if viewer.moderates else roll.public
    is_told = visible.count_members() > 0 or not roll.count_members()
    may_count = running is not None and is_told
    completed = visible.count_kept(running.slot.unit_id) if running and may_count else 0
    pledged = count_pledges(progress.session, viewer.group_id, running.slot.unit_id) if running and may_count else 0
    keepers: Sequence[str] = ()
    others = 0
    if closed is not None and visible.knows(closed.slot.unit_id):
        keepers = visible.kept_names(closed.slot.unit_id, KEEPERS)
        others = visible.count_kept(closed.slot.unit_id) - len(keepers)
    of = visible.count_part(running.slot.unit_id) if running and may_count else None
    return CurrentUnit(
        describe_position(timeline, now),
        completed,
        of,
        is_told,
        tuple(roll.public.kept_names(running.slot.unit_id, KEEPERS)) if running and completed else (),
        pledged,
        timeline.label(closed.slot) if closed is not None else "",
        tuple(keepers),
        others,
    )


def _read_own_state(viewer: Viewer, progress: Progress) -> tuple[str, Button | None]:
    """Return whether the reader has checked in to the running unit, in words, and the button if not."""
    if "member" not in viewer.ctx.actor.roles:
        return "", None
    member = progress.mine(viewer.ctx)
    running = member.timeline.running(viewer.ctx.now)
    if running is None or member.timeline.group.ended_at is not None:
        return "", None
    unit_id = running.slot.unit_id
    if any(state.unit_id == unit_id and state.state in KEPT for state in member.score.states):
        return "You're in.", None
    return "You haven't checked in yet.", Button(
        "Check in", command_links.CHECKIN.ask(viewer.group_id, unit=unit_id), "primary"
    )


def _find_last_closed(timeline: Timeline, now: datetime) -> Opened | None:
    """Return the unit that closed last; None before the first."""
    closed = [opened for opened in timeline.opened if opened.slot.grace_until <= now]
    return closed[-1] if closed else None


def _list_weeks(viewer: Viewer, progress: Progress, timeline: Timeline, roll: Roll) -> Sequence[trend.ClosedUnit]:
    track = progress.groups.tracks_of(timeline.group).get(timeline.roadmap.id)
    known = (track.pace if track is not None else None) or trend.find_rounds_pace(progress.session, timeline)
    return trend.list_closed(roll, known, is_for_all=not viewer.moderates)


def _read_for_moderators(viewer: Viewer, progress: Progress, timeline: Timeline) -> Mapping[str, object]:
    facts, group_id = service.read(progress, timeline, viewer.ctx), viewer.group_id
    kinds: list[MemberGroup] = []
    running = timeline.running(viewer.ctx.now)
    is_early = running is not None and viewer.ctx.now < running.slot.deadline_at
    if facts.unit is not None:
        kinds = [
            MemberGroup(
                "Not yet", facts.unit.missing, "Nothing is late before the deadline." if is_early else "", "missing"
            ),
            MemberGroup("Checked in", facts.unit.kept, ""),
            MemberGroup("Away", facts.unit.away, "Their streak is safe."),
            MemberGroup("Excused", facts.unit.excused, "A moderator excused them. Their streak is safe."),
        ]
    rests = f"{counted(RESTING_AFTER, 'unit').capitalize()} in a row without a check-in. Any check-in brings them back."
    kinds.append(MemberGroup("Missed several units", facts.resting, rests, "resting"))
    first_kinds = kinds[:2] if facts.unit is not None else []
    return {
        "kinds": [*first_kinds, *(kind for kind in kinds[len(first_kinds) :] if kind.several.count)],
        "faded": _list_faded(viewer, progress, timeline, facts.fading),
        "buttons": (
            Button("See digest", command_links.DIGEST.call(group_id)),
            *([] if timeline.group.closed_at else [Button("See next post", command_links.PREVIEW.call(group_id))]),
            *([Button("Who has left?", command_links.GROUP_CHECK.call(group_id))] if facts.members else []),
            *([Button("Copy messages", copy_texts.call(group_id))] if facts.fading else []),
        ),
    }


def _list_faded(viewer: Viewer, progress: Progress, timeline: Timeline, fading: Sequence[Fading]) -> list[Faded]:
    now, group = viewer.ctx.now, timeline.group
    recent = list_recent_nudges(progress.session, [member.person.account_id for member in fading], now - NUDGE_EVERY)
    is_break, may_write = timeline.break_at(now) is not None, group.ended_at is None

    def describe(who: Fading) -> Faded:
        account_id = who.person.account_id
        wrote_at = recent.get(account_id)
        write = Button("Write to them", write_to.call(group.id, who=account_id))
        says = draft_nudge("fading", who.person.name, group.name, is_break=is_break)
        return Faded(who, says, write if may_write and wrote_at is None else None, wrote_at)

    return [describe(who) for who in fading]


def sheet(viewer: Viewer, *, progress: Progress) -> Spreadsheet:
    """Return the units that have closed as a table."""
    timeline = progress.groups.here(viewer.ctx)
    roll = Roll(progress.groups, timeline, viewer.ctx.now)
    weeks = _list_weeks(viewer, progress, timeline, roll)
    rows = [(week.number, week.label, week.kept, week.of, week.percent, week.pace) for week in weeks]
    return Spreadsheet(("Unit", "Title", "Completed", "Of", "Percent", "Percent of those who finished"), rows)


def count(viewer: Viewer, *, progress: Progress) -> int:
    """Return how many fade, for moderators."""
    return count_fading(progress.session, viewer.group_id) if viewer.moderates else 0


def opens(call: Call) -> str | None:
    """Return where the report of a group stands: here."""
    return "" if call.name == command_links.REPORT.name else None


GROUP = DashboardPage("group", "This week", MEMBERS, "group.html", read, opens=opens, sheet=sheet, count=count)
