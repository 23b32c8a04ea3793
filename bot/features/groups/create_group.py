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
from bot.features import command_links
from bot.features.courses import own_roadmap
from bot.features.groups import message_keys, wording
from bot.features.groups.calendar import pacing
from bot.features.groups.calendar.timeline import Astray, Timeline
from bot.features.groups.preview import GroupWish, Proposals
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort, CohortModerator, Membership
from bot.features.groups.wording import EarlierRound
from bot.features.people.service import People
from bot.messages.errors import BadInput
from bot.messages.reply import Button
from bot.storage.insert import insert_once

NAME_MAX = 60


def make_next_round_button(cohort: Cohort) -> Button:
    """Return the button that sets up the next round with this round's settings."""
    return Button("Start the next round", command_links.SETUP.call(channel=cohort.room))


def make_next_name(name: str) -> str:
    """Return the next round's name: "Night owls 3" after "Night owls 2"."""
    match = re.fullmatch(r"(.*\S)\s+(\d{1,3})", name)
    stem, number = (match[1], int(match[2]) + 1) if match else (name, 2)
    return f"{stem[: NAME_MAX - 1 - len(str(number))].rstrip()} {number}"


class Rounds:
    """Finds earlier rounds, and carries their members and settings over."""

    def __init__(self, cohorts: Cohorts) -> None:
        self._cohorts = cohorts
        self._session = cohorts.session

    def find_before(self, tenant_id: int, room: str) -> Cohort | None:
        """Return the newest finished group of a channel, or None."""
        chosen = select(Cohort).where(
            Cohort.tenant_id == tenant_id,
            Cohort.room == room,
            or_(Cohort.ended_at.is_not(None), Cohort.closed_at.is_not(None)),
        )
        return self._session.scalars(chosen.order_by(Cohort.id.desc()).limit(1)).first()

    def get_before(self, tenant_id: int, room: str) -> Cohort:
        """Return the newest finished group of a channel; BadInput if there is none."""
        before = self.find_before(tenant_id, room)
        if before is None:
            raise BadInput(
                "**Members**: no round came before in that channel, so there is nobody to carry over.", field="members"
            )
        return before

    def initial(self, before: Cohort) -> Mapping[str, str]:
        """Return the values that the form of the next round opens with."""
        values = {
            "name": make_next_name(before.name),
            "timezone": before.zone,
            "channel": before.room,
            "rhythm": before.rhythm,
            "pace": before.pace,
        }
        with suppress(Astray):
            values |= self._next_way(self._cohorts.timeline(before))
        return values

    def _next_way(self, timeline: Timeline) -> Mapping[str, str]:
        """Return the part after the group's last one, or else the next course."""
        if (last := timeline.cohort.last_unit) is not None:
            leg, legs = timeline.roadmap.leg_of(last).number, len(timeline.roadmap.legs)
            if not timeline.is_walked or leg < legs:
                return {"roadmap": timeline.roadmap.id, "leg": str(leg + timeline.is_walked)}
        return {"roadmap": self._next_roadmap(timeline)}

    def _next_roadmap(self, timeline: Timeline) -> str:
        """Return the group's course again, or the following course if it has completed a bundled one."""
        own, tracks = timeline.roadmap.id, self._cohorts.tracks_of(timeline.cohort)
        listed = [track.id for track in tracks.values() if own_roadmap.parse_id(track.id) is None]
        if own not in listed or not timeline.is_walked:
            return own if own in tracks else (listed or [own])[0]
        return (listed[listed.index(own) + 1 :] or [own])[0]

    def catches_up_until(self, before: Cohort) -> datetime | None:
        """Return when catching up in a finished round ends; None if it is over."""
        return _find_catch_up_end(before) if before.ended_at is None else None

    def origin(self, cohort: Cohort) -> EarlierRound | None:
        """Return the welcome's text on the earlier round; None for the first one."""
        chosen = select(Cohort).where(
            Cohort.tenant_id == cohort.tenant_id, Cohort.room == cohort.room, Cohort.id < cohort.id
        )
        before = self._session.scalars(chosen.order_by(Cohort.id.desc()).limit(1)).first()
        welcome = find_row(self._session, message_keys.make_welcome_key(cohort.id))
        if before is None or welcome is None:
            return None
        began = select(func.count()).where(
            Membership.cohort_id == cohort.id, Membership.joined_at == welcome.due_at, Membership.left_at.is_(None)
        )
        until = _find_catch_up_end(before)
        was_cut = until is not None and before.ended_at is not None and before.ended_at < until
        return EarlierRound(before.name, self._session.scalar(began) or 0, was_cut)

    def carry_over(self, before: Cohort, after: Cohort, now: datetime) -> int:
        """Add one round's members to the next, with their settings; return how many."""
        after.notified_role = before.notified_role
        after.has_reminders, after.has_hints = before.has_reminders, before.has_hints
        after.has_quiz_points, after.has_warm_ups = before.has_quiz_points, before.has_warm_ups
        after.channel_shows, after.has_pictures = before.channel_shows, before.has_pictures
        members = self._cohorts.list_members(before.id)
        for old, account in members:
            new, _ = self._cohorts.join(after, account.id, is_shown=old.is_shown, now=now)
            new.alias, new.wants_reminders, new.sees_board = old.alias, old.wants_reminders, old.sees_board
        for grant in self._session.scalars(
            select(CohortModerator.grant).where(CohortModerator.cohort_id == before.id)
        ).all():
            insert_once(self._session, CohortModerator, cohort_id=after.id, grant=grant)
        return len(members)


def _find_catch_up_end(cohort: Cohort) -> datetime | None:
    """Return when the promised catching up ends; None before the closing post."""
    return pacing.find_catch_up_end(cohort.closed_at, ZoneInfo(cohort.zone)) if cohort.closed_at else None


Members = Literal["new", "same"]
"""Who is in a cohort from the start: nobody, or those of the round before."""


@dataclass(frozen=True)
class Predecessor:
    """The earlier round in a channel, as its successor finds it.

    Args:
        members: how many are in it.
        catches_up_until: when its promised catching up ends, which the start would cut short; None if over.
    """

    cohort: Cohort
    members: int
    catches_up_until: datetime | None


class Founding:
    """Creates groups."""

    def __init__(self, cohorts: Cohorts) -> None:
        self._cohorts = cohorts
        self._rounds = Rounds(cohorts)

    def initial(self, ctx: Context, room: str) -> Mapping[str, str]:
        """Return the values that the form of the next round opens with; empty for the first group."""
        before = self.find_predecessor(ctx, room)
        return self._rounds.initial(before.cohort) if before else {}

    def find_predecessor(self, ctx: Context, room: str, members: Members | None = None) -> Predecessor | None:
        """Return the earlier round; BadInput if its members are wanted and there is none."""
        tenant = People(self._cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
        find = self._rounds.get_before if members == "same" else self._rounds.find_before
        before = find(tenant.id if tenant else 0, room)
        if before is None:
            return None
        count = len(self._cohorts.list_members(before.id))
        return Predecessor(before, count, self._rounds.catches_up_until(before))

    def found(
        self, ctx: Context, wish: GroupWish, members: Members | None = None, *, opens_now: bool = False
    ) -> Cohort:
        """Store a group with its creator as moderator, queue the welcome, and end a finished group in the channel.

        Args:
            opens_now: whether the first unit's post follows at once.
        """
        cohorts = self._cohorts
        proposal = Proposals(cohorts).new(ctx, wish)
        before = self.find_predecessor(ctx, proposal.room, members)
        cohort = proposal.apply(
            Cohort(
                tenant_id=self._free_room(ctx, proposal.room),
                confirmed_at=ctx.now,
                created_by=ctx.actor.account_id,
                has_reminders=True,
                wake_at=ctx.now,
            )
        )
        cohorts.session.add(cohort)
        cohorts.session.flush()
        cohorts.add_moderator(cohort, f"account:{ctx.actor.account_id}")
        self._post_welcome(ctx, cohort, before, members, opens_now=opens_now)
        return cohort

    def _free_room(self, ctx: Context, room: str) -> int:
        """End the finished groups in a channel; return the tenant's number."""
        tenant = People(self._cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
        assert tenant is not None
        for other in self._cohorts.list_running(tenant.id):
            if other.room == room:
                other.ended_at = ctx.now
        self._cohorts.session.flush()
        return tenant.id

    def _post_welcome(
        self, ctx: Context, cohort: Cohort, before: Predecessor | None, members: Members | None, *, opens_now: bool
    ) -> None:
        carried = self._rounds.carry_over(before.cohort, cohort, ctx.now) if before and members == "same" else 0
        timeline = self._cohorts.timeline(cohort)
        opens_now = opens_now or any(slot.opens_at <= ctx.now for slot in timeline.planned(ctx.now)[:1])
        was_cut = before is not None and before.catches_up_until is not None
        origin = wording.EarlierRound(before.cohort.name, carried, was_cut) if before else None
        post = wording.render_welcome(timeline, ctx.now, origin, opens_now=opens_now)
        outbox.announce(
            self._cohorts.work,
            Announcement(message_keys.make_welcome_key(cohort.id), self._cohorts.place(cohort), post, ctx.now),
        )
