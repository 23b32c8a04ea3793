"""Which groups a person sees: those whose channels they see; also the groups that a newcomer may join."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.commands.context import MODERATES, Context, Place, RoomAccess, Verdict
from bot.features.groups.tables import Group, GroupModerator, Membership
from bot.features.people.tables import Tenant
from bot.messages import markup
from bot.messages.errors import NotAllowed, TryLater
from bot.storage.unit_of_work import Work


@dataclass(frozen=True)
class Visible:
    """The groups that a person sees, and whether that is unclear for some."""

    groups: list[Group]
    is_unclear: bool


class GroupVisibility:
    """One person's view of groups.

    Args:
        account_id: 0 for an unknown person.
        grants: their grants in the groups' tenant, roles included.
    """

    def __init__(self, session: Session, sight: RoomAccess, account_id: int, grants: Collection[str]) -> None:
        self._session, self._sight, self._account_id = session, sight, account_id
        self._grants = {g for g in grants if g.startswith("role:")} | {f"account:{account_id}"}

    @classmethod
    def by(cls, session: Session, ctx: Context) -> GroupVisibility:
        """Return the view of a command's caller."""
        return cls(session, ctx.sight, ctx.actor.account_id, ctx.actor.grants)

    def room(self, group: Group) -> Place:
        """Return the group's room."""
        tenant = self._session.get_one(Tenant, group.tenant_id)
        return Place(tenant.platform, tenant.external_id, group.room)

    def among(self, groups: Sequence[Group]) -> Visible:
        """Return the groups that the person sees; raises AccessUnknown if the platform must be asked first."""
        verdicts = self._sight.of(self.room(c) for c in groups)
        seen = [c for c, verdict in zip(groups, verdicts, strict=True) if self._is_open(c, verdict)]
        return Visible(seen, "unclear" in verdicts)

    def sees(self, group: Group) -> bool:
        """Whether the person sees the group; TryLater if that is unclear now."""
        visible = self.among([group])
        if visible.is_unclear:
            raise refuse_unclear()
        return bool(visible.groups)

    def moderates(self, group: Group) -> bool:
        """Whether the group names the person, or a role of theirs, as moderator."""
        chosen = select(GroupModerator.id).where(
            GroupModerator.group_id == group.id, GroupModerator.grant.in_(self._grants)
        )
        return self._session.scalars(chosen).first() is not None

    def is_member(self, group: Group) -> bool:
        """Whether the person is a member now, or was one until the group ended."""
        chosen = select(Membership.id).where(Membership.account_id == self._account_id, Membership.group_id == group.id)
        if group.ended_at is None:
            chosen = chosen.where(Membership.left_at.is_(None))
        return self._session.scalars(chosen).first() is not None

    def _is_open(self, group: Group, verdict: Verdict) -> bool:
        # nobody can see a room that is gone, and somebody has to move its group
        return verdict == "seen" or (verdict == "gone" and (self.is_member(group) or self.moderates(group)))


def list_governed(session: Session, ctx: Context, groups: Sequence[Group]) -> list[Group]:
    """Return the groups that the caller sees and moderates; TryLater if none is left because that is unclear."""
    seeing = GroupVisibility.by(session, ctx)
    visible = seeing.among(groups)
    if visible.is_unclear and not visible.groups:
        raise refuse_unclear()
    return [c for c in visible.groups if MODERATES in ctx.actor.grants or seeing.moderates(c)]


def refuse_unclear() -> TryLater:
    """Return the refusal if the platform can't say who sees a channel."""
    return TryLater("I can't check right now which groups you may see, so I show none. Please try again in a minute.")


def refuse_closed(group: Group) -> NotAllowed:
    """Return the refusal to a member who no longer sees their group's channel."""
    return NotAllowed(
        f"You can no longer see the channel of {markup.escape(group.name)}, so I don't show you the group. "
        f"{markup.typed('progress')} still shows your own record. To get back in, ask someone who manages the channel. "
        f"To leave the group, type {markup.typed('leave')}."
    )


MOST_MET = 20
"""Newest running groups to check for a person who writes from no tenant."""


def list_newest(session: Session, platform: str, *where: ColumnElement[bool]) -> list[Group]:
    """Return a platform's newest running groups of any tenant, visible or not."""
    chosen = select(Group).join(Tenant, Tenant.id == Group.tenant_id)
    running = chosen.where(Tenant.platform == platform, Group.ended_at.is_(None), *where)
    return list(session.scalars(running.order_by(Group.id.desc()).limit(MOST_MET)))


def list_met(work: Work, ctx: Context) -> list[Group]:
    """Return the newest running groups whose channels a person sees who writes from no tenant."""
    if ctx.place.tenant is not None:
        return []
    return GroupVisibility.by(work.session, ctx).among(list_newest(work.session, ctx.place.platform)).groups
