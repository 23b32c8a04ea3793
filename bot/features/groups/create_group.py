"""Create a group or its next round, and carry over what it takes from the earlier round in its channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from bot.commands.context import Context
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, find_row
from bot.features.courses import own_roadmap
from bot.features.groups import message_keys, wording
from bot.features.groups.calendar import pacing
from bot.features.groups.calendar.timeline import Astray, Timeline
from bot.features.groups.preview import GroupWish, Proposals
from bot.features.groups.service import Groups
from bot.features.groups.tables import SWITCHES, Group, GroupModerator, Membership
from bot.features.groups.wording import EarlierRound
from bot.features.people.service import People
from bot.messages.errors import BadInput
from bot.storage.insert import insert_once

NAME_MAX = 60


def make_next_name(name: str) -> str:
    """Return the next round's name: "Night owls 3" after "Night owls 2"."""
    match = re.fullmatch(r"(.*\S)\s+(\d{1,3})", name)
    stem, number = (match[1], int(match[2]) + 1) if match else (name, 2)
    return f"{stem[: NAME_MAX - 1 - len(str(number))].rstrip()} {number}"


class Rounds:
    """Finds earlier rounds, and carries their members and settings over."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._session = groups.session

    def find_before(self, tenant_id: int, room: str) -> Group | None:
        """Return the newest finished group of a channel, or None."""
        chosen = select(Group).where(
            Group.tenant_id == tenant_id,
            Group.room == room,
            or_(Group.ended_at.is_not(None), Group.closed_at.is_not(None)),
        )
        return self._session.scalars(chosen.order_by(Group.id.desc()).limit(1)).first()

    def get_before(self, tenant_id: int, room: str) -> Group:
        """Return the newest finished group of a channel; BadInput if there is none."""
        before = self.find_before(tenant_id, room)
        if before is None:
            raise BadInput(
                "**Members**: that channel had no earlier group, so there are no members to carry over.",
                field="members",
            )
        return before

    def initial(self, before: Group) -> Mapping[str, str]:
        """Return the values that the form of the next round opens with."""
        values = {
            "name": make_next_name(before.name),
            "timezone": before.zone,
            "channel": before.room,
            "rhythm": before.rhythm,
            "pace": before.pace,
        }
        with suppress(Astray):
            values |= self._next_way(self._groups.timeline(before))
        return values

    def _next_way(self, timeline: Timeline) -> Mapping[str, str]:
        """Return the part after the group's last one, or else the next course."""
        if (last := timeline.group.last_unit) is not None:
            leg, legs = timeline.roadmap.part_of(last).number, len(timeline.roadmap.parts)
            if not timeline.is_walked or leg < legs:
                return {"course": timeline.roadmap.id, "part": str(leg + timeline.is_walked)}
        return {"course": self._next_roadmap(timeline)}

    def _next_roadmap(self, timeline: Timeline) -> str:
        """Return the group's course again, or the following course if it has completed a bundled one."""
        own, tracks = timeline.roadmap.id, self._groups.tracks_of(timeline.group)
        listed = [track.id for track in tracks.values() if own_roadmap.parse_id(track.id) is None]
        if own not in listed or not timeline.is_walked:
            return own if own in tracks else (listed or [own])[0]
        return (listed[listed.index(own) + 1 :] or [own])[0]

    def catches_up_until(self, before: Group) -> datetime | None:
        """Return when catching up in a finished round ends; None if it is over."""
        return _find_catch_up_end(before) if before.ended_at is None else None

    def origin(self, group: Group) -> EarlierRound | None:
        """Return the welcome's text on the earlier round; None for the first one."""
        chosen = select(Group).where(Group.tenant_id == group.tenant_id, Group.room == group.room, Group.id < group.id)
        before = self._session.scalars(chosen.order_by(Group.id.desc()).limit(1)).first()
        welcome = find_row(self._session, message_keys.make_welcome_key(group.id))
        if before is None or welcome is None:
            return None
        began = select(func.count()).where(
            Membership.group_id == group.id, Membership.joined_at == welcome.due_at, Membership.left_at.is_(None)
        )
        until = _find_catch_up_end(before)
        was_cut = until is not None and before.ended_at is not None and before.ended_at < until
        return EarlierRound(before.name, self._session.scalar(began) or 0, was_cut)

    def carry_over(self, before: Group, after: Group, now: datetime) -> int:
        """Add one round's members to the next, with their settings; return how many."""
        after.notified_role = before.notified_role
        for name in SWITCHES:
            setattr(after, name, getattr(before, name))
        after.channel_shows = before.channel_shows
        members = self._groups.list_members(before.id)
        for old, account in members:
            new, _ = self._groups.join(after, account.id, is_shown=old.is_shown, now=now)
            new.alias, new.wants_reminders, new.sees_board = old.alias, old.wants_reminders, old.sees_board
        for grant in self._session.scalars(
            select(GroupModerator.grant).where(GroupModerator.group_id == before.id)
        ).all():
            insert_once(self._session, GroupModerator, group_id=after.id, grant=grant)
        return len(members)


def _find_catch_up_end(group: Group) -> datetime | None:
    """Return when the promised catching up ends; None before the closing post."""
    return pacing.find_catch_up_end(group.closed_at, ZoneInfo(group.zone)) if group.closed_at else None


Members = Literal["new", "same"]
"""The members at the start: none, or those of the earlier round."""


@dataclass(frozen=True)
class Predecessor:
    """The earlier round in a channel, as its successor finds it.

    Args:
        members: how many are in it.
        catches_up_until: when its promised catching up ends, which the start would cut short; None if over.
    """

    group: Group
    members: int
    catches_up_until: datetime | None


class Founding:
    """Creates groups."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._rounds = Rounds(groups)

    def initial(self, ctx: Context, room: str) -> Mapping[str, str]:
        """Return the values that the form of the next round opens with; empty for the first group."""
        before = self.find_predecessor(ctx, room)
        return self._rounds.initial(before.group) if before else {}

    def find_predecessor(self, ctx: Context, room: str, members: Members | None = None) -> Predecessor | None:
        """Return the earlier round; BadInput if its members are wanted and there is none."""
        tenant = People(self._groups.work).find_tenant(ctx.place.platform, ctx.place.tenant)
        find = self._rounds.get_before if members == "same" else self._rounds.find_before
        before = find(tenant.id if tenant else 0, room)
        if before is None:
            return None
        count = len(self._groups.list_members(before.id))
        return Predecessor(before, count, self._rounds.catches_up_until(before))

    def found(self, ctx: Context, wish: GroupWish, members: Members | None = None) -> Group:
        """Store a group with its creator as moderator, queue the welcome, and end a finished group in the channel."""
        groups = self._groups
        proposal = Proposals(groups).new(ctx, wish)
        before = self.find_predecessor(ctx, proposal.room, members)
        group = proposal.apply(
            Group(
                tenant_id=self._free_room(ctx, proposal.room),
                confirmed_at=ctx.now,
                created_by=ctx.actor.account_id,
                has_reminders=True,
                wake_at=ctx.now,
            )
        )
        groups.session.add(group)
        groups.session.flush()
        groups.add_moderator(group, f"account:{ctx.actor.account_id}")
        self._post_welcome(ctx, group, before, members)
        return group

    def _free_room(self, ctx: Context, room: str) -> int:
        """End the finished groups in a channel; return the tenant's number."""
        tenant = People(self._groups.work).find_tenant(ctx.place.platform, ctx.place.tenant)
        assert tenant is not None
        for other in self._groups.list_running(tenant.id):
            if other.room == room:
                other.ended_at = ctx.now
        self._groups.session.flush()
        return tenant.id

    def _post_welcome(self, ctx: Context, group: Group, before: Predecessor | None, members: Members | None) -> None:
        carried = self._rounds.carry_over(before.group, group, ctx.now) if before and members == "same" else 0
        timeline = self._groups.timeline(group)
        opens_now = any(slot.opens_at <= ctx.now for slot in timeline.planned(ctx.now)[:1])
        was_cut = before is not None and before.catches_up_until is not None
        origin = wording.EarlierRound(before.group.name, carried, was_cut) if before else None
        post = wording.render_welcome(timeline, ctx.now, origin, opens_now=opens_now)
        outbox.announce(
            self._groups.work,
            Announcement(message_keys.make_welcome_key(group.id), self._groups.place(group), post, ctx.now),
        )
