"""From an account to an actor: which cohort a Call is about, and which roles its caller holds there.

Cohorts that have ended: what somebody is told who would change one.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.commands.context import MODERATES, Actor, Context, Invocation, Role
from bot.commands.permissions import Policy
from bot.commands.refusals import unproven
from bot.features import command_links
from bot.features.groups.memberships import Tie, list_ties
from bot.features.groups.service import MOST_HELPERS, name_moderators, none_here
from bot.features.groups.tables import Cohort, CohortModerator
from bot.features.groups.visibility import Seeing, closed, joining, newest, unclear
from bot.features.people.service import People
from bot.features.people.tables import AccountRow, Tenant
from bot.messages import markup
from bot.messages.errors import NotAllowed, NotFound
from bot.messages.reply import Button
from bot.storage.unit_of_work import Work


def refusal(session: Session, cohort: Cohort, *, is_member: bool) -> NotAllowed:
    """Return what somebody is told who would change a cohort that has ended: when, and what there is instead."""
    assert cohort.ended_at is not None
    look = command_links.PROGRESS.call(cohort.id) if is_member else command_links.REPORT.call(cohort.id)
    buttons = [Button("My record" if is_member else "The record", look, "primary")]
    chosen = select(Cohort).where(
        Cohort.tenant_id == cohort.tenant_id, Cohort.room == cohort.room, Cohort.ended_at.is_(None)
    )
    following = session.scalars(chosen).first()
    if following is not None:
        buttons.append(Button(markup.clip(following.name, 40), command_links.HELP.call(following.id)))
    goes_on = f" **{markup.escape(following.name)}** goes on in its channel." if following else ""
    return NotAllowed(
        f"**{markup.escape(cohort.name)}** ended on {markup.moment(cohort.ended_at, cohort.zone, 'day')}; nothing in "
        f"it changes any more. Its record stays for you to read.{goes_on}",
        buttons=tuple(buttons),
    )


MOST_ALIKE = 3

"""Cohorts that are offered for a name that is nearly theirs."""

MOST_BY_ROLE = 20

"""Cohorts that are looked at for somebody who writes from no tenant and may moderate one by a role."""


class Identity:
    """Identifies callers.

    Args:
        moderators: "platform:account id" of those whom the settings trust everywhere.
        owners_may_start: whether people may start a group in a room of their own.
    """

    def __init__(self, moderators: frozenset[str], *, owners_may_start: bool = False) -> None:
        self._moderators, self._owners_may_start = moderators, owners_may_start

    def __call__(self, work: Work, invocation: Invocation, policy: Policy, named: str | None = None) -> Actor:
        """Return the actor; NotFound, with a choice by buttons, if it is unclear which cohort is meant."""
        people = People(work)
        said = invocation.account
        tenant, row = people.ensure(said) if work.writes else people.known(said)
        search = _Search(work.session, invocation, policy, tenant, row, self._grants(work.session, invocation, None))
        cohort = None if policy.cohort == "none" else search.find(named)
        tie = search.tie(cohort)
        if cohort is not None and cohort.ended_at is not None and not policy.after_end:
            raise refusal(work.session, cohort, is_member=tie is not None and tie.is_member)
        zone = (row and row.zone) or said.zone or (cohort.zone if cohort else "UTC")
        grants = self._grants(work.session, invocation, cohort)
        if tie is None or tenant is None:  # its tenant may grant the caller more than the event could say
            roles = _roles(Seeing(work.session, invocation.sight, row.id if row else 0, grants), cohort, grants)
        else:
            roles = tie.roles | ({"moderator"} if MODERATES in grants else frozenset())
        if policy.role == "moderator" and policy.cohort == "if any" and search.governs():
            roles |= {"moderator"}
        name = row.name if row else said.name
        has_zone = bool(said.zone or (row and row.has_own_zone))
        helpers: tuple[str, ...] = ()
        if not policy.allows(roles):
            if policy.founds and self._owns_room(invocation):
                roles |= {"owner"}
            else:
                helpers = self._helpers(work.session, invocation, policy, cohort)
        return Actor(
            row.id if row else 0,
            said.id,
            name,
            zone,
            cohort.id if cohort else None,
            roles,
            has_zone,
            grants,
            helpers,
            self._owners_may_start,
            said.realm,
            said.zone_source,
            said.tenancy,
            group=cohort.name if cohort is not None and search.is_in_several else "",
            sees_pictures=(row is None or row.sees_pictures) and (cohort is None or cohort.has_pictures),
        )

    def _owns_room(self, invocation: Invocation) -> bool:
        """Whether a group may be started by whoever has the room for their own; TryLater if that cannot be said now."""
        place = invocation.place
        if not self._owners_may_start or place.tenant is None or place.is_direct:
            return False
        owns = invocation.sight.owns(place.whole)
        if owns is None:
            raise unproven()
        return owns

    def _helpers(
        self, session: Session, invocation: Invocation, policy: Policy, cohort: Cohort | None
    ) -> tuple[str, ...]:
        """Return the names of a few who could do what the caller may not."""
        if policy.role != "moderator":
            return ()
        if cohort is not None and (found := name_moderators(session, cohort)):
            return found
        said, place = invocation.account, invocation.place
        ids = sorted(
            moderator.partition(":")[2] for moderator in self._moderators if moderator.startswith(f"{said.platform}:")
        )
        chosen = select(AccountRow).where(AccountRow.platform == said.platform, AccountRow.external_id.in_(ids))
        named = {a.external_id: a.name for a in session.scalars(chosen.order_by(AccountRow.id))} if ids else {}
        if place.tenant is not None and not place.is_direct:
            named |= dict(invocation.sight.trusted_in(place.whole))
        return tuple(markup.name(one, name) for one, name in list(named.items())[:MOST_HELPERS])

    def _grants(self, session: Session, invocation: Invocation, cohort: Cohort | None) -> frozenset[str]:
        """Return what the event proves, what the settings say, and, in a message of no tenant, what was asked for."""
        said = invocation.account
        grants = set(said.grants)
        if f"{said.platform}:{said.id}" in self._moderators:
            grants.add(MODERATES)
        if said.tenant is None and cohort is not None:
            home = session.get_one(Tenant, cohort.tenant_id).external_id
            grants |= invocation.sight.grants.get(home, frozenset())
        return frozenset(grants)


def _roles(seeing: Seeing, cohort: Cohort | None, grants: frozenset[str]) -> frozenset[Role]:
    roles: set[Role] = {"anyone"}
    if MODERATES in grants or (cohort is not None and seeing.moderates(cohort)):
        roles.add("moderator")
    if cohort is not None and seeing.is_member(cohort):
        roles.add("member")
    return frozenset(roles)


class _Search:
    """The look for the cohort that a Call is about, among those that exist for its caller."""

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
        self._seeing = Seeing(session, invocation.sight, row.id if row else 0, invocation.account.grants)
        self._tenant = tenant
        account_id, self._is_trusted = row.id if row else 0, MODERATES in grants
        self._ties = list_ties(session, tenant, account_id, grants, trusted=self._is_trusted)
        running = [t for t in self._ties if t.cohort.ended_at is None]
        self._mine = [t.cohort for t in running if t.is_member]
        self._here = [t.cohort for t in running] if tenant is not None else []
        self._moderated = [t.cohort for t in running if t.is_named] if tenant is None else []
        over = [t for t in self._ties if t.cohort.ended_at is not None]
        self._past = [t.cohort for t in over]
        self._lived = [t.cohort for t in over if t.is_member]
        self._platform, self._is_unclear = invocation.account.platform, False

    def find(self, named: str | None) -> Cohort | None:
        """Return the cohort; None where the Call can do without."""
        if (cohort_id := self._invocation.call.cohort) is not None:
            return self._by_id(cohort_id)
        if named:
            return self._by_name(named)
        in_room = [c for c in self._here if c.room == self._invocation.place.room]
        if found := self._open(in_room):
            return self._lived_before(found[0]) or found[0]
        if self._policy.after_end or not self._mine:
            was_here = [c for c in self._past if c.room == self._invocation.place.room][:1]
            if found := self._open(was_here):
                return found[0]
        return self._only()

    def _lived_before(self, cohort: Cohort) -> Cohort | None:
        """Return the round before that the caller stayed in, where a record is asked for and they did not go on."""
        tie = self.tie(cohort)
        is_theirs = self._is_trusted or (tie is not None and (tie.is_member or tie.is_named))
        if is_theirs or self._policy.role != "member" or not self._policy.after_end:
            return None
        before = [t for t in self._ties if t.cohort in self._lived and t.cohort.room == cohort.room][:1]
        stayed = [t.cohort for t in before if t.membership is not None and t.membership.left_at is None]
        return next(iter(self._open(stayed)), None)

    @property
    def is_in_several(self) -> bool:
        """Whether the caller is in more than one running cohort here, or moderates several in a direct message."""
        return len({one.id for one in (*self._mine, *self._moderated)}) > 1

    def governs(self) -> bool:
        """Whether the caller moderates any cohort here, or anywhere in a message of no tenant."""
        return any(t.is_named for t in self._ties if t.cohort.ended_at is None)

    def tie(self, cohort: Cohort | None) -> Tie | None:
        """Return what ties the caller to the cohort, where that is known without asking the platform."""
        return next((t for t in self._ties if t.cohort is cohort), None)

    def _only(self) -> Cohort | None:
        mine = self._open(self._mine)
        is_unclear_of_mine = self._is_unclear
        if self._mine and not mine and self._policy.role == "member":
            raise unclear() if is_unclear_of_mine else closed(self._mine[0])
        if not mine and self._policy.role == "member" and (lived := self._open(self._lived)):
            return lived[0]
        choices = mine or self._open(self._here) or self._open(self._moderated) or self._by_role()
        if is_unclear_of_mine and self._policy.cohort == "needed":
            raise unclear()
        if not choices and self._may_be_met:
            choices = self._open(newest(self._session, self._platform))
            if choices and self._policy.role == "member":
                raise NotFound("You are in no group yet. Join one, then say it again.", buttons=joining(choices))
        if not choices and (past := self._open(self._lived) or self._open(self._past)):
            return past[0]
        if len(choices) == 1:
            return choices[0]
        if self._policy.cohort in ("if any", "none") or (self._policy.cohort == "choose" and len(mine) < 2):
            return None
        if choices:
            raise NotFound("Which cohort do you mean?", buttons=_choices(self._invocation, choices))
        if self._is_unclear:
            raise unclear()
        if lost := (self._mine or self._lived):
            raise closed(lost[0])
        if self._invocation.account.tenant is None:
            raise NotFound("You are in no cohort yet. Cohorts meet in channels: please say it in the channel of yours.")
        raise none_here()

    @property
    def _may_be_met(self) -> bool:
        """Whether it may be about a group that its caller has nothing to do with yet, and is in no tenant with here."""
        policy, has_record = self._policy, self._policy.after_end and bool(self._past)
        is_alone = self._invocation.account.tenant is None
        return is_alone and policy.cohort == "needed" and policy.role != "moderator" and not has_record

    def _open(self, cohorts: Sequence[Cohort]) -> list[Cohort]:
        """Return those that exist for the caller: a member's own need no look where their own record is asked for."""
        own = [c for c in cohorts if self._policy.own and (c in self._mine or c in self._lived)]
        found = self._seeing.among([c for c in cohorts if c not in own])
        self._is_unclear = self._is_unclear or found.is_unclear
        return [c for c in cohorts if c in own or c in found.cohorts]

    def _by_id(self, cohort_id: int) -> Cohort:
        meant = [c for c in (*self._mine, *self._here, *self._moderated, *self._past) if c.id == cohort_id][:1]
        meant = meant or [c for c in _with_roles(self._session, self._invocation, self._tenant) if c.id == cohort_id]
        if not meant and self._may_be_met:
            meant = newest(self._session, self._platform, Cohort.id == cohort_id)
        if found := self._open(meant):
            return found[0]
        if self._is_unclear:
            raise unclear()
        if meant and (meant[0] in self._mine or meant[0] in self._lived):
            raise closed(meant[0])
        raise NotFound("That cohort is over, or not one of yours.")

    def _by_name(self, named: str) -> Cohort:
        alive = list({c.id: c for c in [*self._mine, *self._here, *self._moderated]}.values())
        reachable = [*alive, *self._past]
        said = named.strip().lower()
        hits = self._open([c for c in alive if c.name.lower() == said or str(c.id) == said])
        # of seasons that bear one name the newest is meant
        hits = hits or self._open([c for c in self._past if c.name.lower() == said or str(c.id) == said])[:1]
        hits = hits or self._open([c for c in reachable if c.name.lower().startswith(said)])
        others = newest(self._session, self._platform) if self._may_be_met else []
        if not hits and others:
            begins = func.lower(Cohort.name).startswith(said, autoescape=True)
            hits = self._open(newest(self._session, self._platform, begins))
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise NotFound("Which cohort do you mean?", buttons=_choices(self._invocation, hits))
        known = self._open([*reachable, *others])
        if self._is_unclear:  # whatever the name was: that a group of this name exists is told by nothing
            raise unclear()
        if lost := next((c for c in [*self._mine, *self._lived] if c.name.lower() == said), None):
            raise closed(lost)
        raise _unknown(self._invocation, named, known)

    def _by_role(self) -> list[Cohort]:
        """Return the cohorts that a role of the caller moderates, for a message that names no tenant."""
        if self._policy.role != "moderator":
            return []
        sight = self._invocation.sight
        found = self._open(_with_roles(self._session, self._invocation, self._tenant))
        return [c for c in found if Seeing(self._session, sight, 0, sight.granted(self._seeing.room(c))).moderates(c)]


def reachable(work: Work, ctx: Context) -> list[Cohort]:
    """Return the running cohorts that a person may mean: their own, or else those of this tenant that they see."""
    tenant = People(work).find_tenant(ctx.place.platform, ctx.place.tenant)
    held = ctx.actor.grants
    ties = list_ties(work.session, tenant, ctx.actor.account_id, held, trusted=MODERATES in held)
    running = [t for t in ties if t.cohort.ended_at is None]
    mine = [t.cohort for t in running if t.is_member]
    here = [t.cohort for t in running] if tenant is not None else []
    return mine or Seeing.by(work.session, ctx).among(here).cohorts


def own_groups(work: Work, ctx: Context) -> list[Tie]:
    """Return what ties a person to each running cohort that they are in or moderate, and whose room they see."""
    tenant = People(work).find_tenant(ctx.place.platform, ctx.place.tenant)
    ties = list_ties(work.session, tenant, ctx.actor.account_id, ctx.actor.grants, trusted=False)
    own = [t for t in ties if t.cohort.ended_at is None and (t.is_member or t.is_named)]
    seen = Seeing.by(work.session, ctx).among([t.cohort for t in own]).cohorts
    return [t for t in own if t.cohort in seen]


def moderated(work: Work, ctx: Context) -> list[Cohort]:
    """Return the running cohorts that name the caller as their moderator, wherever they are."""
    ties = list_ties(work.session, None, ctx.actor.account_id, (), trusted=False)
    return [t.cohort for t in ties if t.is_named and t.cohort.ended_at is None]


def _unknown(invocation: Invocation, named: str, known: Sequence[Cohort]) -> NotFound:
    """Return the refusal of a name that no cohort has: those that look like it, with a button, else a few."""
    by_name = {c.name.lower(): c for c in known}
    near = difflib.get_close_matches(named.strip().lower()[:60], by_name, MOST_ALIKE)
    names = list(dict.fromkeys(c.name for c in known))[:5]
    told = ", ".join(markup.escape(name, 60) for name in names) or "none yet"
    alike = " or ".join(markup.escape(by_name[one].name, 60) for one in near)
    hint = f"Did you mean {alike}?" if near else f"Known: {told}."
    buttons = _choices(invocation, [by_name[one] for one in near])
    return NotFound(f"I know no cohort called “{markup.escape(named, 60)}” here. {hint}", buttons=buttons)


def _choices(invocation: Invocation, cohorts: list[Cohort]) -> tuple[Button, ...]:
    return tuple(Button(markup.clip(cohort.name, 40), replace(invocation.call, cohort=cohort.id)) for cohort in cohorts)


def _with_roles(session: Session, invocation: Invocation, tenant: Tenant | None) -> list[Cohort]:
    """Return running cohorts that a role moderates, for a message that names no tenant: its sender may hold one."""
    if tenant is not None:
        return []
    chosen = (
        select(Cohort)
        .join(Tenant, Tenant.id == Cohort.tenant_id)
        .join(CohortModerator, CohortModerator.cohort_id == Cohort.id)
        .where(
            Tenant.platform == invocation.account.platform,
            CohortModerator.grant.startswith("role:"),
            Cohort.ended_at.is_(None),
        )
        .order_by(Cohort.id)
        .distinct()
        .limit(MOST_BY_ROLE)
    )
    return list(session.scalars(chosen))
