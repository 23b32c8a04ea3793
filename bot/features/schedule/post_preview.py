"""Commands to preview the next posts, and to post one now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from bot.commands.command import Command, Param
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.delivery.outbox import OutboxRow, find_row, repeat
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.params import moderator_action, moderator_command, suggest_unit
from bot.features.groups.service import Groups
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.schedule import posts, wording
from bot.features.schedule.transitions import open_slot
from bot.messages.errors import BadInput
from bot.messages.reply import Reply

UNIT = Param("Unit (leave empty for the next one)", suggest=suggest_unit, in_form=False)
UNSENT = ("expired", "failed", "skipped")


@moderator_command("manage preview", formerly=("preview",), title="Preview", writes=False)
def preview(
    ctx: Context,
    unit: Annotated[UnitRef | None, UNIT] = None,
    *,
    groups: Groups,
) -> Reply:
    """Preview the next post, or post it now."""
    return look_ahead(GroupSnapshot(groups, groups.here(ctx).group, ctx.now), unit)


def look_ahead(snapshot: GroupSnapshot, unit: UnitRef | None) -> Reply:
    """Return the preview of a unit's post, or of the next one; raise BadInput if there is none."""
    timeline = snapshot.timeline
    planned = timeline.planned(snapshot.now)
    stuck = _find_stuck(snapshot)
    wanted = timeline.roadmap.find(unit).id if unit else None
    if stuck is not None and wanted in (None, stuck.slot.unit_id):
        planned = [stuck.slot, *planned]
    elif wanted is not None and (out := timeline.find(wanted)) is not None:
        return _show_posted(snapshot, out, planned)
    if not planned:
        return wording.render_no_preview(group_wording.describe_position(timeline, snapshot.now))
    wanted = wanted or planned[0].unit_id
    at = next((i for i, s in enumerate(planned) if s.unit_id == wanted), None)
    if at is None:
        wanted_unit = timeline.roadmap.unit(wanted)
        is_skipped = wanted_unit in timeline.left_out
        raise BadInput(wording.describe_unplanned(wanted_unit.label, is_skipped=is_skipped))
    slot = planned[at]
    post = posts.build_weekly_reply(snapshot, Opened(slot))
    group_id = timeline.group.id
    head = wording.describe_post_time(slot.opens_at, timeline.group.zone)
    if stuck is not None and slot == stuck.slot:
        head = wording.describe_stuck_post(is_unsent=is_unsent(snapshot, stuck))
    return wording.render_preview(
        post,
        head,
        onward=preview.call(group_id, unit=planned[at + 1].unit_id) if at + 1 < len(planned) else None,
        post_now=postnow.call(group_id, unit=slot.unit_id) if at == 0 else None,
        replaces=unit is not None,
    )


def _show_posted(snapshot: GroupSnapshot, opened: Opened, planned: Sequence[Slot]) -> Reply:
    """Return a post that has been sent, with a button to the next one."""
    group = snapshot.group
    return wording.render_posted(
        posts.build_weekly_reply(snapshot, opened),
        snapshot.timeline.label(opened.slot),
        opened.slot.opens_at,
        group.zone,
        onward=preview.call(group.id, unit=planned[0].unit_id) if planned else None,
    )


def _find_stuck(snapshot: GroupSnapshot) -> Opened | None:
    """Return the running unit if its post failed, or is in a channel that the group has left."""
    running = snapshot.timeline.running(snapshot.now)
    if running is None:
        return None
    row = _find_row(snapshot, running, posts.POST)
    has_left = row is not None and row.sent_ref is not None and row.room != snapshot.group.room
    return running if has_left or is_unsent(snapshot, running) else None


def is_unsent(snapshot: GroupSnapshot, opened: Opened) -> bool:
    """Whether a unit's post was given up."""
    row = _find_row(snapshot, opened, posts.POST)
    return row is not None and row.sent_ref is None and row.state in UNSENT


def _find_row(snapshot: GroupSnapshot, opened: Opened, kind: str) -> OutboxRow | None:
    return find_row(snapshot.groups.session, snapshot.key(opened.slot.unit_id, kind))


@moderator_action("postnow")
def postnow(
    ctx: Context,
    unit: Annotated[UnitRef, UNIT],
    confirm: Annotated[bool, Param("Confirm", in_form=False, offered=False)] = False,
    *,
    groups: Groups,
) -> Reply:
    """Post the next unit now."""
    snapshot = GroupSnapshot(groups, groups.here(ctx).group, ctx.now)
    timeline = snapshot.timeline
    named = timeline.roadmap.find(unit)
    stuck = _find_stuck(snapshot)
    planned = timeline.planned(ctx.now)
    slot = stuck.slot if stuck is not None else next(iter(planned), None)
    if slot is None or slot.unit_id != named.id:
        raise BadInput(wording.describe_not_next(named.label))
    if not confirm:
        post = postnow.call(timeline.group.id, unit=named.id, confirm=True)
        return wording.ask_post_now(named.label, slot.deadline_at, timeline.group.zone, post)
    if stuck is not None:
        _send_again(snapshot, stuck)
    else:
        open_slot(snapshot, Slot(slot.unit_id, slot.number, ctx.now, slot.deadline_at, slot.grace_until))
    groups.wake(timeline.group, ctx.now)
    return wording.render_posting(named.label)


def _send_again(snapshot: GroupSnapshot, stuck: Opened) -> None:
    for kind in (posts.POST, posts.START, posts.WARM_UP, posts.RECAP):
        row = _find_row(snapshot, stuck, kind)
        if row is not None:
            repeat(
                row, snapshot.group.room, snapshot.now, max(stuck.slot.grace_until, snapshot.now + timedelta(hours=24))
            )


COMMANDS: tuple[Command, ...] = (preview, postnow)
