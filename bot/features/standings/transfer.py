"""Move a member's record to another group on the same course: rows are added there, never twice."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from sqlalchemy import select

from bot.commands.command import Command, Param, SuggestedValue
from bot.commands.context import Context
from bot.features import command_links
from bot.features.audit.service import Audit
from bot.features.checkins.checkin_log import list_standing
from bot.features.checkins.standings import settle
from bot.features.checkins.tables import Checkin, CheckinChange, Ruling
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.confirmation import Pending
from bot.features.groups.params import CONFIRM, member_command
from bot.features.groups.service import Groups, lock_group
from bot.features.groups.tables import Away, Group, Membership
from bot.features.groups.visibility import GroupVisibility, Visible, refuse_unclear
from bot.features.standings import wording
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.reply import Reply
from bot.storage.insert import insert

R = TypeVar("R", Checkin, Ruling, Away)

NAME = "transfer"

"""The command, as the record of moderators has it."""


@dataclass(frozen=True)
class Transfer:
    """The part of a member's record that moves to another group.

    Args:
        checkins: new ones there, each with its changes.
        changes: later changes of check-ins that are there already: the id there, and the change.
        n_left: check-ins of units that the other group hasn't opened.
    """

    source: Timeline
    target: Timeline
    checkins: tuple[tuple[Checkin, tuple[CheckinChange, ...]], ...]
    changes: tuple[tuple[int, CheckinChange], ...]
    rulings: tuple[Ruling, ...]
    absences: tuple[Away, ...]
    n_left: int

    @property
    def moved(self) -> str:
        """What moves, counted."""
        return wording.format_moved(len(self.checkins), len(self.rulings), len(self.absences))


def list_others(groups: Groups, ctx: Context, source: Group) -> Visible:
    """Return the server's other running groups on the same course that the caller sees."""
    running = groups.list_running(source.tenant_id)
    alike = [group for group in running if group.id != source.id and group.roadmap_id == source.roadmap_id]
    open_ones = [group for group in alike if group.end_asked_at is None and group.closed_at is None]
    return GroupVisibility.by(groups.session, ctx).among(open_ones)


def find_target(groups: Groups, ctx: Context, source: Group, named: str) -> Group:
    """Return the named group; NotFound lists only groups that the caller sees."""
    visible, text = list_others(groups, ctx, source), named.strip().lower()
    hits = [group for group in visible.groups if text in (group.name.lower(), str(group.id))]
    hits = hits or [group for group in visible.groups if text and group.name.lower().startswith(text)]
    if len(hits) == 1:
        return hits[0]
    if visible.is_unclear:  # whatever the name was, so that nobody learns whether a group of this name exists
        raise refuse_unclear()
    known = ", ".join(f"**{markup.escape(group.name, 60)}**" for group in visible.groups[:5])
    if not known:
        raise NotFound("There's no other group here on the same course whose channel you can see.", field="to")
    raise NotFound(f"Which group do you mean? You can move to {known}.", field="to")


class Transfers:
    """Takes records of members from group to group."""

    def __init__(self, groups: Groups) -> None:
        self._groups, self._session = groups, groups.session

    def plan(self, ctx: Context, source: Timeline, target: Timeline) -> Transfer:
        """Return what moves: records of units that both groups have opened, unless there already."""
        whose, had = ctx.actor.account_id, {opened.slot.unit_id for opened in target.opened}
        ids = (source.group.id, target.group.id)
        theirs, there = (self._rows(Checkin, group_id, whose) for group_id in ids)
        known = {_make_checkin_key(row): row.id for row in there}
        changes = self._changes([row.id for row in (*theirs, *there)])
        stands = {checkin.id: checkin.unit_id for checkin in list_standing(self._session, ids[0], [whose])}
        coming = [row for row in theirs if _make_checkin_key(row) not in known and row.id in stands]
        new = [row for row in coming if stands[row.id] in had]
        since = [
            (known[_make_checkin_key(row)], change)
            for row in theirs
            if _make_checkin_key(row) in known
            for change in changes.get(row.id, [])
            if (change.kind == "undo" or change.unit_id in had)
            and _make_change_key(change) not in map(_make_change_key, changes.get(known[_make_checkin_key(row)], []))
        ]
        rulings = [row for row in self._missing(Ruling, *ids, whose, _make_change_key) if row.unit_id in had]
        return Transfer(
            source,
            target,
            tuple((row, tuple(changes.get(row.id, []))) for row in new),
            tuple(since),
            tuple(rulings),
            tuple(self._missing(Away, *ids, whose, _make_absence_key)),
            len(coming) - len(new),
        )

    def carry_out(self, ctx: Context, plan: Transfer) -> None:
        """Add the rows, join the caller there, let them leave here, and record it for moderators there."""
        source, target, whose = plan.source.group, plan.target.group, ctx.actor.account_id
        before = self._groups.find_membership(source.id, whose)
        assert before is not None
        after, _ = self._groups.join(target, whose, is_shown=before.is_shown, now=ctx.now)
        after.joined_at = min(after.joined_at, _find_counting_start(plan, before))
        self._keep_wishes(before, after, target)
        for row, changes in plan.checkins:
            new = insert(self._session, Checkin, **_copy_values(row, group_id=target.id))
            self._session.add_all(CheckinChange(**_copy_values(change, checkin_id=new)) for change in changes)
        self._session.add_all(CheckinChange(**_copy_values(change, checkin_id=there)) for there, change in plan.changes)
        self._session.add_all(Ruling(**_copy_values(ruling, group_id=target.id)) for ruling in plan.rulings)
        self._session.add_all(Away(**_copy_values(absence, group_id=target.id)) for absence in plan.absences)
        self._end_absences(source, target, whose)
        self._groups.leave(source, whose, ctx.now)
        settle(self._session, plan.target, [whose], ctx.now)
        Audit(self._groups.work).note_own(target, whose, NAME, f"came with {plan.moved}", ctx.now)

    def hold(self, *groups: Group) -> None:
        """Lock both groups."""
        for group_id in sorted(group.id for group in groups):
            lock_group(self._session, group_id)

    def _end_absences(self, source: Group, target: Group, whose: int) -> None:
        """End an absence there as early as it ended here."""
        ended = {_make_absence_key(row): row.ended_on for row in self._rows(Away, source.id, whose)}
        for row in self._rows(Away, target.id, whose):
            row.ended_on = row.ended_on or ended.get(_make_absence_key(row))

    def _keep_wishes(self, before: Membership, after: Membership, target: Group) -> None:
        after.is_shown, after.sees_board = before.is_shown, before.sees_board
        after.wants_reminders, after.stopped_at = before.wants_reminders, before.stopped_at
        if before.alias and self._groups.names(target).is_free(before.alias, before.account_id):
            after.alias = before.alias

    def _rows(self, table: type[R], group_id: int, account_id: int) -> list[R]:
        chosen = select(table).where(table.group_id == group_id, table.account_id == account_id)
        return list(self._session.scalars(chosen.order_by(table.id)))

    def _missing(self, table: type[R], source: int, target: int, whose: int, key: Callable[[R], object]) -> list[R]:
        there = {key(row) for row in self._rows(table, target, whose)}
        return [row for row in self._rows(table, source, whose) if key(row) not in there]

    def _changes(self, checkins: Collection[int]) -> dict[int, list[CheckinChange]]:
        chosen = select(CheckinChange).where(CheckinChange.checkin_id.in_(checkins)).order_by(CheckinChange.id)
        by_checkin: dict[int, list[CheckinChange]] = {}
        for row in self._session.scalars(chosen):
            by_checkin.setdefault(row.checkin_id, []).append(row)
        return by_checkin


def _find_counting_start(plan: Transfer, before: Membership) -> datetime:
    """Return from when units can be missed there; units that ended there earlier than here don't count."""
    ends = {opened.slot.unit_id: opened.slot.grace_until for opened in plan.source.opened}
    sooner = (
        opened.slot.grace_until
        for opened in plan.target.opened
        if (end := ends.get(opened.slot.unit_id)) is None or opened.slot.grace_until < end
    )
    return max([before.joined_at, *sooner])


def _make_checkin_key(row: Checkin) -> object:
    """Return the fields that identify a check-in in every group it was moved to."""
    return row.at, row.day, row.unit_id, row.minutes, row.note


def _make_change_key(row: Ruling | CheckinChange) -> object:
    return row.made_at, row.kind, row.unit_id


def _make_absence_key(row: Away) -> object:
    return row.said_at, row.from_on, row.until_on


def _copy_values(row: Checkin | CheckinChange | Ruling | Away, **other: object) -> dict[str, Any]:
    names = [column.key for column in type(row).__table__.columns if column.key != "id"]
    return {name: getattr(row, name) for name in names} | other


def suggest_other(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return the groups to which the caller can move."""
    others = list_others(groups, ctx, groups.get(ctx.actor.group_id)).groups
    return [SuggestedValue(group.name, group.name) for group in others if typed.lower() in group.name.lower()][:25]


@member_command(
    NAME,
    own=True,
    asked=(
        r"(?:switch|move|transfer|change|go)(?: over)?(?: from one group)? ?(?:to|into)? "
        r"(?:another|a different|the other|a new) (?:group|cohort)",
        r"(?:switch|change) (?:my |the )?(?:groups?|cohorts?)",
    ),
)
def transfer(
    ctx: Context,
    to: Annotated[str, Param("Group to move to", example="Early birds", max=60, suggest=suggest_other)],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
) -> Reply:
    """Move to another group with your record."""
    source = groups.here(ctx)
    target = groups.timeline(find_target(groups, ctx, source.group, to))
    transfers = Transfers(groups)
    transfers.hold(source.group, target.group)
    plan = transfers.plan(ctx, source, target)
    if not confirm:
        pending = Pending.keep(groups.work, ctx, transfer, source.group.id)
        return wording.render_transfer_question(
            source.group.name, target.group.name, plan.moved, plan.n_left, confirm=pending.call()
        )
    transfers.carry_out(ctx, plan)
    return wording.render_transferred(
        source.group.name,
        target.group.name,
        plan.moved,
        progress=command_links.PROGRESS.call(target.group.id),
        back=transfer.call(target.group.id, to=str(source.group.id)),
    )


COMMANDS: tuple[Command, ...] = (transfer,)
