"""Resolve a Call's actor: the group that it is about and the caller's roles there."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.commands.context import MODERATES, Actor, Context, Invocation, Role
from bot.commands.permissions import Policy
from bot.commands.refusals import unproven
from bot.features.groups.memberships import Tie, list_ties
from bot.features.groups.service import MOST_HELPERS, name_moderators, refuse_no_group
from bot.features.groups.tables import Group, GroupModerator
from bot.features.groups.visibility import (
    GroupVisibility,
    list_newest,
    refuse_closed,
    refuse_unclear,
)
from bot.features.people.service import People
from bot.features.people.tables import AccountRow, Tenant
from bot.features.resolution import wording
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotAllowed, NotFound
from bot.storage.unit_of_work import Work


def refuse_ended(session: Session, group: Group, *, is_member: bool) -> NotAllowed:
    """Return the refusal to change an ended group: when it ended, and what to do instead."""
    chosen = select(Group).where(Group.tenant_id == group.tenant_id, Group.room == group.room, Group.ended_at.is_(None))
    return wording.ended(group, session.scalars(chosen).first(), is_member=is_member)


MOST_ALIKE = 3
"""Most groups with similar names that a refusal offers."""

MOST_BY_ROLE = 20
"""Most groups to check for a caller outside any tenant who may moderate by a role."""


class ActorResolver:
    """Resolves callers.

    Args:
        moderators: "platform:account id" of people whom the settings trust everywhere.
        owners_may_start: whether people may start a group in a channel of their own.
    """

    def __init__(self, moderators: frozenset[str], *, owners_may_start: bool = False) -> None:
        self._moderators, self._owners_may_start = moderators, owners_may_start

    def __call__(self, work: Work, invocation: Invocation, policy: Policy, named: str | None = None) -> Actor:
        """Return the actor; NotFound, with buttons to choose from, if the group is unclear."""
        people = People(work)
        account = invocation.account
        tenant, row = people.ensure(account) if work.writes else people.known(account)
        search = _Search(work.session, invocation, policy, tenant, row, self._grants(work.session, invocation, None))
        group = None if policy.group == "none" else search.find(named)
        tie = search.tie(group)
        if group is not None and group.ended_at is not None and not policy.after_end:
            raise refuse_ended(work.session, group, is_member=tie is not None and tie.is_member)
        zone = (row and row.zone) or account.zone or (group.zone if group else "UTC")
        grants = self._grants(work.session, invocation, group)
        if tie is None or tenant is None:  # its tenant may grant the caller more than the event could say
            roles = _list_roles(
                GroupVisibility(work.session, invocation.sight, row.id if row else 0, grants), group, grants
            )
        else:
            roles = tie.roles | ({"moderator"} if MODERATES in grants else frozenset())
        if policy.role == "moderator" and policy.group == "if any" and search.governs():
            roles |= {"moderator"}
        name = row.name if row else account.name
        has_zone = bool(account.zone or (row and row.has_own_zone))
        helpers: tuple[str, ...] = ()
        if not policy.allows(roles):
            if policy.founds and self._owns_room(invocation):
                roles |= {"owner"}
            else:
                helpers = self._helpers(work.session, invocation, policy, group)
        return Actor(
            row.id if row else 0,
            account.id,
            name,
            zone,
            group.id if group else None,
            roles,
            has_zone,
            grants,
            helpers,
            self._owners_may_start,
            account.realm,
            account.zone_source,
            account.tenancy,
            group=group.name if group is not None and search.is_in_several else "",
            sees_pictures=(row is None or row.sees_pictures) and (group is None or group.has_pictures),
        )

    def _owns_room(self, invocation: Invocation) -> bool:
        """Whether the caller owns the channel and may start a group there; TryLater if that is unclear now."""
        place = invocation.place
        if not self._owners_may_start or place.tenant is None or place.is_direct:
            return False
        owns = invocation.sight.owns(place.whole)
        if owns is None:
            raise unproven()
        return owns

    def _helpers(
        self, session: Session, invocation: Invocation, policy: Policy, group: Group | None
    ) -> tuple[str, ...]:
        """Return the names of a few people who have the permission that the caller lacks."""
        if policy.role != "moderator":
            return ()
        if group is not None and (names := name_moderators(session, group)):
            return names
        account, place = invocation.account, invocation.place
        ids = sorted(
            moderator.partition(":")[2]
            for moderator in self._moderators
            if moderator.startswith(f"{account.platform}:")
        )
        chosen = select(AccountRow).where(AccountRow.platform == account.platform, AccountRow.external_id.in_(ids))
        named = {a.external_id: a.name for a in session.scalars(chosen.order_by(AccountRow.id))} if ids else {}
        if place.tenant is not None and not place.is_direct:
            named |= dict(invocation.sight.trusted_in(place.whole))
        return tuple(markup.name(external_id, name) for external_id, name in list(named.items())[:MOST_HELPERS])

    def _grants(self, session: Session, invocation: Invocation, group: Group | None) -> frozenset[str]:
        """Return the grants from the event, the settings and, in a message of no tenant, the platform."""
        account = invocation.account
        grants = set(account.grants)
        if f"{account.platform}:{account.id}" in self._moderators:
            grants.add(MODERATES)
        if account.tenant is None and group is not None:
            home = session.get_one(Tenant, group.tenant_id).external_id
            grants |= invocation.sight.grants.get(home, frozenset())
        return frozenset(grants)


def _list_roles(seeing: GroupVisibility, group: Group | None, grants: frozenset[str]) -> frozenset[Role]:
    roles: set[Role] = {"anyone"}
    if MODERATES in grants or (group is not None and seeing.moderates(group)):
        roles.add("moderator")
    if group is not None and seeing.is_member(group):
        roles.add("member")
    return frozenset(roles)


class _Search:
    """The search for a Call's group among those that its caller may see."""

    def __init__(
        self,
        session: Session,
        invocation: Invocation,
        policy: Policy,
        tenant: Tenant | None,
        row: AccountRow | None,
        grants: frozenset[str],
    ) -> None:
        self._session, self._invocation, self._policy = session, invocation, policy
        self._seeing = GroupVisibility(session, invocation.sight, row.id if row else 0, invocation.account.grants)
        self._tenant = tenant
        account_id, self._is_trusted = row.id if row else 0, MODERATES in grants
        self._ties = list_ties(session, tenant, account_id, grants, trusted=self._is_trusted)
        running = [t for t in self._ties if t.group.ended_at is None]
        self._mine = [t.group for t in running if t.is_member]
        self._here = [t.group for t in running] if tenant is not None else []
        self._moderated = [t.group for t in running if t.is_named] if tenant is None else []
        over = [t for t in self._ties if t.group.ended_at is not None]
        self._past = [t.group for t in over]
        self._lived = [t.group for t in over if t.is_member]
        self._platform, self._is_unclear = invocation.account.platform, False

    def find(self, named: str | None) -> Group | None:
        """Return the group; None if the Call can do without."""
        if (group_id := self._invocation.call.group) is not None:
            return self._by_id(group_id)
        if named:
            return self._by_name(named)
        in_room = [c for c in self._here if c.room == self._invocation.place.room]
        if visible := self._open(in_room):
            return self._lived_before(visible[0]) or visible[0]
        if self._policy.after_end or not self._mine:
            was_here = [c for c in self._past if c.room == self._invocation.place.room][:1]
            if visible := self._open(was_here):
                return visible[0]
        return self._only()

    def _lived_before(self, group: Group) -> Group | None:
        """Return the caller's earlier round, if a record is asked for and they didn't join the next round."""
        tie = self.tie(group)
        is_theirs = self._is_trusted or (tie is not None and (tie.is_member or tie.is_named))
        if is_theirs or self._policy.role != "member" or not self._policy.after_end:
            return None
        before = [t for t in self._ties if t.group in self._lived and t.group.room == group.room][:1]
        stayed = [t.group for t in before if t.membership is not None and t.membership.left_at is None]
        return next(iter(self._open(stayed)), None)

    @property
    def is_in_several(self) -> bool:
        """Whether the caller is in several running groups here, or moderates several in a direct message."""
        return len({group.id for group in (*self._mine, *self._moderated)}) > 1

    def governs(self) -> bool:
        """Whether the caller moderates any group here; in a message of no tenant, anywhere."""
        return any(t.is_named for t in self._ties if t.group.ended_at is None)

    def tie(self, group: Group | None) -> Tie | None:
        """Return the caller's tie to the group, if known without asking the platform."""
        return next((t for t in self._ties if t.group is group), None)

    def _only(self) -> Group | None:
        own_groups = self._open(self._mine)
        is_unclear_of_mine = self._is_unclear
        if self._mine and not own_groups and self._policy.role == "member":
            raise refuse_unclear() if is_unclear_of_mine else refuse_closed(self._mine[0])
        if not own_groups and self._policy.role == "member" and (lived := self._open(self._lived)):
            return lived[0]
        choices = own_groups or self._open(self._here) or self._open(self._moderated) or self._by_role()
        if is_unclear_of_mine and self._policy.group == "needed":
            raise refuse_unclear()
        if not choices and self._may_be_met:
            choices = self._open(list_newest(self._session, self._platform))
            if choices and self._policy.role == "member":
                raise wording.newcomer(choices)
        if not choices and (past := self._open(self._lived) or self._open(self._past)):
            return past[0]
        if len(choices) == 1:
            return choices[0]
        if self._policy.group in ("if any", "none") or (self._policy.group == "choose" and len(own_groups) < 2):
            return None
        if choices and not own_groups and self._policy.role == "member" and not self._acts_as_moderator():
            raise wording.newcomer(choices)
        if choices:
            raise wording.which_group(_make_choices(self._invocation, choices))
        if self._is_unclear:
            raise refuse_unclear()
        if lost := (self._mine or self._lived):
            raise refuse_closed(lost[0])
        if self._invocation.account.tenant is None:
            raise NotFound(
                "You're not in a group yet. Groups meet in channels. Please try again in your group's channel."
            )
        raise refuse_no_group()

    def _acts_as_moderator(self) -> bool:
        """Whether the caller moderates a group here, and moderators may send the Call without being members."""
        return self._policy.moderators_too and (self._is_trusted or self.governs())

    @property
    def _may_be_met(self) -> bool:
        """Whether the Call may be about a group that the caller has no tie to, in a message of no tenant."""
        policy, has_record = self._policy, self._policy.after_end and bool(self._past)
        is_alone = self._invocation.account.tenant is None
        return is_alone and policy.group == "needed" and policy.role != "moderator" and not has_record

    def _open(self, groups: Sequence[Group]) -> list[Group]:
        """Return the groups that the caller may see; a member's own record needs no look at the channel."""
        own = [c for c in groups if self._policy.own and (c in self._mine or c in self._lived)]
        visible = self._seeing.among([c for c in groups if c not in own])
        self._is_unclear = self._is_unclear or visible.is_unclear
        return [c for c in groups if c in own or c in visible.groups]

    def _by_id(self, group_id: int) -> Group:
        meant = [c for c in (*self._mine, *self._here, *self._moderated, *self._past) if c.id == group_id][:1]
        meant = meant or [
            c for c in _list_moderated_by_role(self._session, self._invocation, self._tenant) if c.id == group_id
        ]
        if not meant and self._may_be_met:
            meant = list_newest(self._session, self._platform, Group.id == group_id)
        if visible := self._open(meant):
            return visible[0]
        if self._is_unclear:
            raise refuse_unclear()
        if meant and (meant[0] in self._mine or meant[0] in self._lived):
            raise refuse_closed(meant[0])
        raise NotFound("That group has ended, or you can't see it.")

    def _by_name(self, named: str) -> Group:
        alive = list({c.id: c for c in [*self._mine, *self._here, *self._moderated]}.values())
        reachable = [*alive, *self._past]
        key = named.strip().lower()
        hits = self._open([c for c in alive if c.name.lower() == key or str(c.id) == key])
        # If several ended groups share a name, the newest is meant.
        hits = hits or self._open([c for c in self._past if c.name.lower() == key or str(c.id) == key])[:1]
        hits = hits or self._open([c for c in reachable if c.name.lower().startswith(key)])
        others = list_newest(self._session, self._platform) if self._may_be_met else []
        if not hits and others:
            begins = func.lower(Group.name).startswith(key, autoescape=True)
            hits = self._open(list_newest(self._session, self._platform, begins))
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise wording.which_group(_make_choices(self._invocation, hits))
        known = self._open([*reachable, *others])
        if self._is_unclear:  # Nothing may reveal that a group with this name exists.
            raise refuse_unclear()
        if lost := next((c for c in [*self._mine, *self._lived] if c.name.lower() == key), None):
            raise refuse_closed(lost)
        raise _refuse_unknown(self._invocation, named, known)

    def _by_role(self) -> list[Group]:
        """Return the groups that a role of the caller moderates, for a message of no tenant."""
        if self._policy.role != "moderator":
            return []
        sight = self._invocation.sight
        visible = self._open(_list_moderated_by_role(self._session, self._invocation, self._tenant))
        return [
            c
            for c in visible
            if GroupVisibility(self._session, sight, 0, sight.granted(self._seeing.room(c))).moderates(c)
        ]


def list_reachable(work: Work, ctx: Context) -> list[Group]:
    """Return a person's own running groups, or else those of this tenant that they see."""
    tenant = People(work).find_tenant(ctx.place.platform, ctx.place.tenant)
    held = ctx.actor.grants
    ties = list_ties(work.session, tenant, ctx.actor.account_id, held, trusted=MODERATES in held)
    running = [t for t in ties if t.group.ended_at is None]
    own_groups = [t.group for t in running if t.is_member]
    here = [t.group for t in running] if tenant is not None else []
    return own_groups or GroupVisibility.by(work.session, ctx).among(here).groups


def list_own_groups(work: Work, ctx: Context) -> list[Tie]:
    """Return the ties to running groups that a person is in or moderates, and whose channel they see."""
    tenant = People(work).find_tenant(ctx.place.platform, ctx.place.tenant)
    ties = list_ties(work.session, tenant, ctx.actor.account_id, ctx.actor.grants, trusted=False)
    own = [t for t in ties if t.group.ended_at is None and (t.is_member or t.is_named)]
    seen = GroupVisibility.by(work.session, ctx).among([t.group for t in own]).groups
    return [t for t in own if t.group in seen]


def list_moderated(work: Work, ctx: Context) -> list[Group]:
    """Return the running groups that name the caller as moderator, in any tenant."""
    ties = list_ties(work.session, None, ctx.actor.account_id, (), trusted=False)
    return [t.group for t in ties if t.is_named and t.group.ended_at is None]


def _refuse_unknown(invocation: Invocation, named: str, known: Sequence[Group]) -> NotFound:
    """Return the refusal of an unknown name, with a button for each similar group, or else a few known names."""
    by_name = {c.name.lower(): c for c in known}
    near = difflib.get_close_matches(named.strip().lower()[:60], by_name, MOST_ALIKE)
    names = list(dict.fromkeys(c.name for c in known))[:5]
    return wording.unknown_group(named, _make_choices(invocation, [by_name[name] for name in near]), names)


def _make_choices(invocation: Invocation, groups: list[Group]) -> list[tuple[Group, Call]]:
    return [(group, replace(invocation.call, group=group.id)) for group in groups]


def _list_moderated_by_role(session: Session, invocation: Invocation, tenant: Tenant | None) -> list[Group]:
    """Return running groups that a role moderates, for a message of no tenant whose sender may have the role."""
    if tenant is not None:
        return []
    chosen = (
        select(Group)
        .join(Tenant, Tenant.id == Group.tenant_id)
        .join(GroupModerator, GroupModerator.group_id == Group.id)
        .where(
            Tenant.platform == invocation.account.platform,
            GroupModerator.grant.startswith("role:"),
            Group.ended_at.is_(None),
        )
        .order_by(Group.id)
        .distinct()
        .limit(MOST_BY_ROLE)
    )
    return list(session.scalars(chosen))
