"""How a cohort begins, and what it takes from the round before in its room."""

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
    """The round before in a room, as the start of the next one finds it.

    Args:
        members: how many are in it.
        catches_up_until: until when catching up was promised, which the start would end; None if that is over.
    """

    cohort: Cohort
    members: int
    catches_up_until: datetime | None


class Founding:
    """Starts cohorts."""

    def __init__(self, cohorts: Cohorts) -> None:
        self._cohorts = cohorts
        self._rounds = Rounds(cohorts)

    def initial(self, ctx: Context, room: str) -> Mapping[str, str]:
        """Return what the form of the next round in a room opens filled with; nothing for the first one."""
        before = self.find_predecessor(ctx, room)
        return self._rounds.initial(before.cohort) if before else {}

    def find_predecessor(self, ctx: Context, room: str, members: Members | None = None) -> Predecessor | None:
        """Return the round before; BadInput if its members are wanted and there was none."""
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
        """Store a cohort, its creator as moderator, and queue the welcome; frees a room whose cohort has finished.

        Args:
            opens_now: whether the first unit's post comes right after it.
        """
        cohorts = self._cohorts
        proposal = Proposals(cohorts).new(ctx, wish)
        before = self.find_predecessor(ctx, proposal.room, members)
        cohort = proposal.apply(
            Cohort(
                tenant_id=self._freed(ctx, proposal.room),
                confirmed_at=ctx.now,
                created_by=ctx.actor.account_id,
                has_reminders=True,
                wake_at=ctx.now,
            )
        )
        cohorts.session.add(cohort)
        cohorts.session.flush()
        cohorts.add_moderator(cohort, f"account:{ctx.actor.account_id}")
        self._welcome(ctx, cohort, before, members, opens_now=opens_now)
        return cohort

    def _freed(self, ctx: Context, room: str) -> int:
        """End what has finished in a room; return the tenant's number."""
        tenant = People(self._cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
        assert tenant is not None
        for other in self._cohorts.list_running(tenant.id):
            if other.room == room:
                other.ended_at = ctx.now
        self._cohorts.session.flush()
        return tenant.id

    def _welcome(
        self, ctx: Context, cohort: Cohort, before: Predecessor | None, members: Members | None, *, opens_now: bool
    ) -> None:
        carried = self._rounds.carry_over(before.cohort, cohort, ctx.now) if before and members == "same" else 0
        timeline = self._cohorts.timeline(cohort)
        opens_now = opens_now or any(slot.opens_at <= ctx.now for slot in timeline.planned(ctx.now)[:1])
        was_cut = before is not None and before.catches_up_until is not None
        origin = wording.EarlierRound(before.cohort.name, carried, was_cut) if before else None
        post = wording.welcome(timeline, ctx.now, origin, opens_now=opens_now)
        outbox.announce(
            self._cohorts.work,
            Announcement(message_keys.welcome(cohort.id), self._cohorts.place(cohort), post, ctx.now),
        )
