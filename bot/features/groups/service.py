"""The rules of a group: its members with the names that others see, its moderators and its channel."""

from __future__ import annotations

import difflib
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from bot.commands.context import Context, Place
from bot.curriculum.track import Library
from bot.delivery import suspended_channels
from bot.features import command_links
from bot.features.courses.own_roadmap import shelved
from bot.features.groups import message_keys
from bot.features.groups.calendar.timeline import Astray, Timeline, load_timeline
from bot.features.groups.memberships import make_membership_key
from bot.features.groups.tables import Group, GroupModerator, Membership
from bot.features.people.service import People
from bot.features.people.tables import AccountRow, Notice, Tenant
from bot.messages import markup, mention, names
from bot.messages.errors import NotFound
from bot.messages.reply import Button
from bot.storage.insert import insert_once
from bot.storage.read_cache import cache_value, read_cached, start_over
from bot.storage.unit_of_work import Work


class Names:
    """The names in a group; members come, go and rename themselves, so each look checks again.

    Args:
        members: the current members.
        moderators: the accounts named as moderators, members or not.
    """

    def __init__(self, members: Sequence[tuple[Membership, AccountRow]], moderators: Iterable[AccountRow]) -> None:
        self._members = members
        self._bearers: defaultdict[str, set[int]] = defaultdict(set)
        for account in (*(account for _, account in members), *moderators):
            self._bear(account.name, account.id)
        for membership, account in members:
            self._bear(membership.alias, account.id)

    def _bear(self, name: str, account_id: int) -> None:
        for shape in names.shapes(name):
            self._bearers[shape].add(account_id)

    def is_free(self, alias: str, account_id: int) -> bool:
        """Whether no reader would take the name for another account's."""
        return all(self._bearers.get(shape, set()) <= {account_id} for shape in names.shapes(alias))

    def shown(self) -> dict[int, str]:
        """Return the name that others see, by account."""
        return {a.id: m.alias if m.alias and self.is_free(m.alias, a.id) else a.name for m, a in self._members}

    def lost(self) -> list[tuple[Membership, AccountRow]]:
        """Return the members who are shown under their own name because somebody else has their alias."""
        return [(m, a) for m, a in self._members if m.alias and not self.is_free(m.alias, a.id)]


Member = tuple[Membership, AccountRow]

_MEMBERSHIP = (
    select(Membership, AccountRow)
    .join(AccountRow, AccountRow.id == Membership.account_id)
    .where(Membership.group_id == bindparam("group"), Membership.account_id == bindparam("account"))
    .execution_options(populate_existing=True)
)
_NEAR = 0.7
"""How similar a suggested name must be to the typed one, by `difflib`."""
_HELD = (
    select(Group)
    .where(Group.id == bindparam("group"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)

MOST_HELPERS = 3
"""Most moderators that a refusal names."""


def _suggest_names(typed: str, names: Iterable[str]) -> str:
    """Return a question with similar names; only shown members are suggested."""
    by_key = {name.lower(): markup.escape(name, 40) for name in names}
    close_matches = difflib.get_close_matches(typed, by_key, 2, _NEAR)
    return f" Do you mean {' or '.join(by_key[key] for key in close_matches)}?" if close_matches else ""


def refuse_no_group() -> NotFound:
    """Return the refusal if no group runs here; its button starts one, or names who can."""
    return NotFound(
        f"There's no group here yet. Managers of the server or workspace can start one with {markup.typed('setup')}.",
        buttons=(Button("Start a group", command_links.SETUP.call()),),
    )


def name_moderators(session: Session, group: Group) -> tuple[str, ...]:
    """Return the names, as tokens, of a few moderators of the group."""
    chosen = select(GroupModerator.grant).where(GroupModerator.group_id == group.id).order_by(GroupModerator.id)
    ids = [int(g.removeprefix("account:")) for g in session.scalars(chosen) if g.startswith("account:")]
    accounts = [session.get(AccountRow, account_id) for account_id in ids[:MOST_HELPERS]]
    return tuple(markup.name(a.external_id, a.name) for a in accounts if a is not None)


def lock_group(session: Session, group_id: int) -> None:
    """Lock the group's row and drop cached reads, so that concurrent changes to one group run one after the other.

    On SQLite a writing unit of work is alone from its start. Notices don't depend on a group, so they stay cached.
    """
    if session.get_bind().dialect.name == "postgresql":

        def lock() -> Group | None:
            held = session.scalars(_HELD, {"group": group_id}).first()
            start_over(session, but=Notice)
            return held

        read_cached(session, ("held", group_id), (), lock)


class ShownNames(ABC):
    """The names of members in posts; a service above the groups implements it."""

    @abstractmethod
    def hide_name(self, group_id: int, account_id: int) -> None:
        """Take a member who hides out of posts that stay."""


class Groups:
    """Reads and changes groups and memberships.

    Args:
        installed: the courses of all servers; `tracks` adds a server's own.
    """

    def __init__(self, work: Work, installed: Library) -> None:
        self.work = work
        self.session = work.session
        self._installed = installed

    def tracks(self, ctx: Context) -> Library:
        """Return the courses available to a Call: those of its group's server, or else of its own server."""
        if ctx.actor.group_id is not None:
            return self.tracks_of(self.get(ctx.actor.group_id))
        tenant = People(self.work).find_tenant(ctx.place.platform, ctx.place.tenant)
        return shelved(self.session, self._installed, tenant.id if tenant else None)

    def tracks_of(self, group: Group) -> Library:
        """Return the courses available to a group's server."""
        return shelved(self.session, self._installed, group.tenant_id)

    def get(self, group_id: int | None) -> Group:
        """Return the group; NotFound if there is none here."""
        group = self.session.get(Group, group_id) if group_id is not None else None
        if group is None:
            raise refuse_no_group()
        return group

    def here(self, ctx: Context) -> Timeline:
        """Return the timeline of the Call's group."""
        return self.timeline(self.get(ctx.actor.group_id))

    def timeline(self, group: Group) -> Timeline:
        """Return a group's timeline; Astray if its course is no longer complete."""
        return load_timeline(self.session, group, self._installed)

    def astray(self, group: Group) -> Astray | None:
        """Return what the group's course lacks, or None."""
        try:
            self.timeline(group)
        except Astray as astray:
            return astray
        return None

    def list_running(self, tenant_id: int) -> Sequence[Group]:
        """Return the tenant's groups that have not ended, oldest first."""
        chosen = select(Group).where(Group.tenant_id == tenant_id, Group.ended_at.is_(None)).order_by(Group.id)
        return self.session.scalars(chosen).all()

    def place(self, group: Group) -> Place:
        """Return the group's room."""
        tenant = self._tenant(group)
        return Place(tenant.platform, tenant.external_id, group.room, zone=group.zone)

    def direct(self, group: Group, account: AccountRow) -> Place:
        """Return the place of the account's direct messages, reached as this group's tenant."""
        tenant = self._tenant(group)
        return replace(Place.direct(tenant.platform, tenant.external_id, account.external_id), zone=group.zone)

    def _tenant(self, group: Group) -> Tenant:
        of = ("tenant of", group.tenant_id)  # nothing else holds the row, so that the mapper would read it each time
        return read_cached(self.session, of, (Tenant,), lambda: self.session.get_one(Tenant, group.tenant_id))

    def bring_posts(self, group: Group, old: Place) -> int:
        """Move queued posts from the group's old channel to its current one; return how many.

        The suspension of a channel is dropped once no group uses it.
        """
        moved = suspended_channels.follow(self.work, message_keys.make_prefix(group.id), old, group.room)
        lives = select(Group.id).where(
            Group.tenant_id == group.tenant_id, Group.room == old.room, Group.ended_at.is_(None)
        )
        if self.session.scalar(lives.limit(1)) is None:
            suspended_channels.free_room(self.work, old)
        return moved

    def wake(self, group: Group, now: datetime) -> None:
        """Wake the schedule for the group at its next tick, unless an earlier wake-up is set."""
        lock_group(self.session, group.id)
        if group.wake_at is None or group.wake_at > now:
            group.wake_at = now

    def find_membership(self, group_id: int, account_id: int) -> Membership | None:
        """Return the membership, even after the member left, or None."""

        def read() -> Membership | None:
            row = self.session.execute(_MEMBERSHIP, {"group": group_id, "account": account_id}).first()
            if row is None:
                return None
            membership, account = row
            cache_value(self.session, ("account", account_id), (AccountRow,), account)  # else the session lets go of it
            return membership

        return read_cached(self.session, make_membership_key(group_id, account_id), (Membership,), read)

    def list_members(self, group_id: int) -> Sequence[Member]:
        """Return the current members by name."""
        chosen = (
            select(Membership, AccountRow)
            .join(AccountRow, AccountRow.id == Membership.account_id)
            .where(Membership.group_id == group_id, Membership.left_at.is_(None))
            .order_by(AccountRow.name, AccountRow.id)
        )
        return [(m, a) for m, a in self.session.execute(chosen)]

    def count_members(self, group_id: int) -> tuple[int, int]:
        """Return how many members there are, and how many get reminders."""
        chosen = select(func.count(), func.count().filter(Membership.wants_reminders)).where(
            Membership.group_id == group_id, Membership.left_at.is_(None)
        )
        count, reminded = self.session.execute(chosen).one()
        return count, reminded

    def names(self, group: Group) -> Names:
        """Return the current names in the group."""
        return Names(self.list_members(group.id), self.moderators(group))

    def join(self, group: Group, account_id: int, *, is_shown: bool, now: datetime) -> tuple[Membership, bool]:
        """Make the account a member; return the membership and whether it is new or renewed."""
        # Who is new comes in as who comes back does, so that what follows a membership follows both.
        new = {"account_id": account_id, "group_id": group.id, "joined_at": now, "left_at": now, "is_shown": is_shown}
        insert_once(self.session, Membership, **new)
        membership = self.find_membership(group.id, account_id)
        assert membership is not None
        was_out = membership.left_at is not None
        membership.left_at = None
        self.wake(group, now)
        return membership, was_out

    def leave(self, group: Group, account_id: int, now: datetime) -> bool:
        """End the membership; its record and settings stay. False if there was none."""
        membership = self.find_membership(group.id, account_id)
        if membership is None or membership.left_at is not None:
            return False
        membership.left_at = now
        self.wake(group, now)
        return True

    def find_member(self, group: Group, named: str) -> Member:
        """Return the member with this platform id, name or alias; NotFound suggests similar names."""
        text = named.strip().lower()
        members = self.list_members(group.id)
        hits = [pair for pair in members if pair[1].external_id.lower() == text]
        if not hits:
            names = self.names(group).shown()
            hits = [(m, a) for m, a in members if text in (a.name.lower(), names[a.id].lower())]
        hits = hits or [(m, a) for m, a in members if text and a.name.lower().startswith(text)]
        if len(hits) == 1:
            return hits[0]
        trouble = "could be more than one member" if hits else "is not a member"
        is_id = mention.is_id(named)
        who = markup.name(named.strip(), "That person") if is_id else f"“{markup.escape(named, 40)}”"
        near = "" if hits or is_id else _suggest_names(text, (names[a.id] for m, a in members if m.is_shown))
        raise NotFound(f"{who} {trouble} of {markup.escape(group.name)}.{near}", field="member")

    def add_moderator(self, group: Group, grant: str) -> None:
        """Let an account or a role moderate this group."""
        insert_once(self.session, GroupModerator, group_id=group.id, grant=grant)

    def remove_moderators(self, group: Group, grants: Collection[str]) -> None:
        """Take the permission to moderate this group from accounts and roles."""
        chosen = select(GroupModerator).where(GroupModerator.group_id == group.id, GroupModerator.grant.in_(grants))
        for row in self.session.scalars(chosen):
            self.session.delete(row)
        self.session.flush()

    def moderator_roles(self, group: Group) -> list[str]:
        """Return the platform's ids of the roles that moderate this group."""
        grants = self.session.scalars(select(GroupModerator.grant).where(GroupModerator.group_id == group.id)).all()
        return sorted(g.removeprefix("role:") for g in grants if g.startswith("role:"))

    def moderators(self, group: Group) -> Sequence[AccountRow]:
        """Return the accounts that moderate this group by name, its creator first."""

        def read() -> Sequence[AccountRow]:
            chosen = select(GroupModerator.grant).where(GroupModerator.group_id == group.id)
            grants = self.session.scalars(chosen).all()
            ids = [int(g.removeprefix("account:")) for g in grants if g.startswith("account:")]
            accounts = {a.id: a for a in self.session.scalars(select(AccountRow).where(AccountRow.id.in_(ids)))}
            return [accounts[i] for i in dict.fromkeys((group.created_by, *ids)) if i in accounts]

        return read_cached(self.session, ("moderators", group.id), (Group, GroupModerator, AccountRow), read)
