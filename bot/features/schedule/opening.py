"""Units open: each is stored when its slot has come, and from then on keeps its dates."""

from __future__ import annotations

from bot.db.insert import insert_once
from bot.features.cohort.calendar.pacing import Slot
from bot.features.cohort.calendar.timeline import POST_LATENESS
from bot.features.cohort.tables import Occurrence
from bot.features.schedule import wording
from bot.features.schedule.group import Group
from bot.features.schedule.trouble import tell_moderators


def open_due(group: Group) -> None:
    """Store every unit whose slot has come; tell moderators of one that is over a day late."""
    for _ in group.timeline.roadmap.units:
        planned = group.timeline.planned(group.now)
        if not planned:
            return
        _report_overdue(group, planned[0])
        if planned[0].opens_at > group.now:
            return
        open_slot(group, planned[0])


def open_slot(group: Group, slot: Slot) -> None:
    """Store a unit as opened; the same unit is never opened twice."""
    insert_once(
        group.cohorts.session,
        Occurrence,
        cohort_id=group.cohort.id,
        unit_id=slot.unit_id,
        number=slot.number,
        opens_at=slot.opens_at,
        deadline_at=slot.deadline_at,
        grace_until=slot.grace_until,
        counted="",
    )
    group.refresh()


def _report_overdue(group: Group, slot: Slot) -> None:
    timeline, cohort = group.timeline, group.cohort
    if (punctual := timeline.punctual) is None:
        return
    due_at = punctual.opens_at
    # A changed rhythm can put a post into the past as well; its moderator has seen the new dates.
    if due_at < group.now - POST_LATENESS and group.was_away(due_at):
        reply = wording.overdue(timeline, slot, due_at, group.now)
        tell_moderators(group.cohorts, cohort, reply, group.key(slot.unit_id, "overdue"), group.now)
