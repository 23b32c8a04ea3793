"""The members of a group: for moderators with their progress, and as the members see one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from bot.dashboard.page import MEMBERS, MODERATORS, DashboardPage, Viewer
from bot.features.checkins import wording
from bot.features.checkins.checkin_log import MemberView, Scores
from bot.features.checkins.scoring import Score, UnitState
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import KEPT
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.commands import settings
from bot.features.people.tables import AccountRow
from bot.features.standings import cards
from bot.features.standings.commands import correct, excuse, lift, void
from bot.features.standings.group_standings import Leaf, Of, Roll, read_page
from bot.messages.errors import NotFound
from bot.messages.reply import Block, Button
from bot.messages.spreadsheet import Spreadsheet

UNITS, NEWEST, TAKEN = 12, 6, 500
"""Units that stand beside each other, those of one member before the others are folded, and members of one file."""
KEEPS = ("q", "of", "page", "until", "member")
KINDS: tuple[Of, ...] = get_args(Of)


@dataclass(frozen=True)
class MemberLine:
    """A member with their units, the oldest first, and how they stand."""

    account: AccountRow
    states: Sequence[UnitState]
    score: Score


@dataclass(frozen=True)
class MemberUnit:
    """A member's unit: its state, moderators' rulings, and the buttons for it."""

    state: UnitState
    label: str
    sign: str
    deadline_at: datetime
    ruled: tuple[str, ...]
    buttons: tuple[Button, ...]
    says: str


@dataclass(frozen=True)
class One:
    """A member's page."""

    account: AccountRow
    joined_at: datetime
    alias: str
    balance: str
    fading: str
    is_resting: bool
    away: Block | None
    card: Block | None
    steps: tuple[MemberUnit, ...]


def read(viewer: Viewer, *, progress: Progress) -> Mapping[str, object]:
    """Return a page of the register, or one member of it."""
    timeline = progress.groups.here(viewer.ctx)
    if viewer.query.get("member"):
        return {"one": _read_member(viewer, progress, timeline), "newest": NEWEST}
    members = _read_leaf(viewer, progress, timeline, _read_number(viewer, "page", 1))
    window, earlier, later = _choose_window(viewer, timeline)
    numbers = [(opened.slot.number, timeline.label(opened.slot)) for opened in timeline.opened]
    lines = list(_list_lines(viewer, progress, timeline, members))
    states = [state for line in lines for state in line.states[window]]
    return {
        "one": None,
        "leaf": members,
        "kinds": KINDS,
        "of": viewer.query.get("of") or "all",
        "sought": viewer.query.get("q", "").strip(),
        "numbers": numbers[window],
        "lines": lines,
        "shown": window,
        "signs": wording.SIGNS,
        "legend": [
            (sign, what) for what, sign in wording.SIGNS.items() if any(state.state == what for state in states)
        ],
        "earlier": earlier,
        "later": later,
    }


def sheet(viewer: Viewer, *, progress: Progress) -> Spreadsheet:
    """Return the members who were asked for with all their units, the first TAKEN of them."""
    timeline = progress.groups.here(viewer.ctx)
    units = tuple(f"Unit {opened.slot.number}" for opened in timeline.opened)
    columns = ("Name", "Streak", "Points", "Checks in less", "Missed several units", *units)
    return Spreadsheet(columns, list(_list_sheet_rows(viewer, progress, timeline)))


def _list_sheet_rows(viewer: Viewer, progress: Progress, timeline: Timeline) -> Iterator[Sequence[str | int]]:
    count, number, pages = 0, 1, 1
    while number <= pages and count < TAKEN:
        members = _read_leaf(viewer, progress, timeline, number)
        for line in _list_lines(viewer, progress, timeline, members):
            rests = "yes" if line.score.is_resting else ""
            states = (state.state for state in line.states)
            yield line.account.name, line.score.streak, line.score.points, line.score.fading or "", rests, *states
        count, number, pages = count + len(members.members), number + 1, members.pages


def _read_leaf(viewer: Viewer, progress: Progress, timeline: Timeline, number: int) -> Leaf:
    of = next((kind for kind in KINDS if kind == viewer.query.get("of")), KINDS[0])
    roll = Roll(progress.groups, timeline, viewer.ctx.now)
    return read_page(roll, viewer.query.get("q", "").strip(), of, number)


def _list_lines(viewer: Viewer, progress: Progress, timeline: Timeline, page: Leaf) -> Iterator[MemberLine]:
    scores = Scores(progress.session, timeline, page.members, viewer.ctx.now).by_account if page.members else {}
    return (MemberLine(account, scores[account.id].states, scores[account.id]) for _, account in page.members)


def _choose_window(viewer: Viewer, timeline: Timeline) -> tuple[slice, int | None, int | None]:
    """Return the slice of units to show, and the `until` numbers of the earlier and later pages."""
    count = len(timeline.opened)
    end = min(max(UNITS, _read_number(viewer, "until", count)), count) if count > UNITS else count
    start = max(0, end - UNITS)
    return slice(start, end), start or None, min(end + UNITS, count) if end < count else None


def _read_number(viewer: Viewer, key: str, default: int) -> int:
    text = viewer.query.get(key, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else default


def _read_member(viewer: Viewer, progress: Progress, timeline: Timeline) -> One:
    account = progress.session.get(AccountRow, _read_number(viewer, "member", 0))
    membership = progress.groups.find_membership(viewer.group_id, account.id) if account is not None else None
    if account is None or membership is None or membership.left_at is not None:
        raise NotFound("This person isn't a member of the group any more.")
    scores = Scores(progress.session, timeline, [(membership, account)], viewer.ctx.now)
    member = MemberView(timeline, membership, account, scores)
    score = member.score
    return One(
        account,
        membership.joined_at,
        membership.alias,
        wording.describe_balance(score, timeline.group),
        score.fading or "",
        score.is_resting,
        wording.render_absences(member),
        cards.draw_member(viewer.ctx, member) if viewer.ctx.actor.sees_pictures else None,
        tuple(_describe_step(member, state) for state in reversed(score.states)),
    )


def _describe_step(member: MemberView, state: UnitState) -> MemberUnit:
    timeline, account_id, unit_id = member.timeline, member.account.id, state.unit_id
    opened = timeline.find(unit_id)
    assert opened is not None  # it has a state
    ruled = [ruling for ruling in member.scores.rulings(account_id) if ruling.unit_id == unit_id]
    kinds = {ruling.kind for ruling in ruled}
    has_facts = any(fact.unit_id == unit_id for fact in member.scores.facts(account_id))
    about = {"member": member.account.external_id, "unit": unit_id}
    offered: Iterator[tuple[bool, Button]] = iter(
        (
            ("excuse" not in kinds, Button("Excuse", excuse.ask(timeline.group.id, **about))),
            (has_facts, Button("Correct", correct.ask(timeline.group.id, **about))),
            (has_facts and "void" not in kinds, Button("Void", void.ask(timeline.group.id, **about), "danger")),
            (bool(kinds & {"excuse", "void"}), Button("Lift", lift.ask(timeline.group.id, **about))),
        )
    )
    return MemberUnit(
        state,
        timeline.label(opened.slot),
        wording.SIGNS[state.state],
        opened.slot.deadline_at,
        tuple(f"{_RULED.get(ruling.kind, ruling.kind)}: {ruling.reason}" for ruling in ruled),
        tuple(button for may, button in offered if may) if timeline.group.ended_at is None else (),
        wording.describe_state(state),
    )


_RULED = {"excuse": "Excused", "void": "Voided", "correct": "Corrected"}
MEMBERS_PAGE = DashboardPage("members", "Members", MODERATORS, "members.html", read, keeps=KEEPS, sheet=sheet)


SHOWN_PEOPLE = 500
"""Most members of the list."""


@dataclass(frozen=True)
class ShownMember:
    """A member under the name that others see.

    Args:
        is_in: whether they have completed the running unit.
        points: of the season; None if the group has no leaderboard.
    """

    name: str
    is_viewer: bool
    is_in: bool
    points: int | None


def read_people(viewer: Viewer, *, progress: Progress) -> Mapping[str, object]:
    """Return the members who show themselves: those who are in first, then by name."""
    timeline = progress.groups.here(viewer.ctx)
    group, me = timeline.group, viewer.ctx.actor.account_id
    roll = Roll(progress.groups, timeline, viewer.ctx.now)
    names = progress.groups.names(group).shown()
    rows = {account_id: row for account_id, row in roll.public.rows.items() if account_id in names}
    is_running = timeline.running(viewer.ctx.now) is not None
    people = [
        ShownMember(
            names[account_id],
            account_id == me,
            is_running and row["outcome"] in KEPT,
            row["season_points"] if group.has_board else None,
        )
        for account_id, row in rows.items()
    ]
    change = Button("Change my settings", settings.ask(group.id))
    return {
        "people": sorted(people, key=lambda member: (not member.is_in, member.name.casefold()))[:SHOWN_PEOPLE],
        "others": len(people) - SHOWN_PEOPLE,
        "has_points": group.has_board,
        "change": change if "member" in viewer.ctx.actor.roles and group.ended_at is None else None,
        "is_viewer_hidden": me in roll.rows and me not in rows,
    }


PEOPLE = DashboardPage("people", "People", MEMBERS, "people.html", read_people)
