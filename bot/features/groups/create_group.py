"""Create a group, and carry over what it takes from the earlier round in its channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.commands.context import Context
from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.features.groups import message_keys, wording
from bot.features.groups.preview import GroupWish, Proposals
from bot.features.groups.rounds import Rounds
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort
from bot.features.people.service import People

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
