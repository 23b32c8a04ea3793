"""From an account to an actor: which cohort a Call is about, and which roles its caller holds there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core import markup
from bot.core.command import Command
from bot.core.context import MODERATES, Actor, Context, Invocation, Role
from bot.core.errors import NotFound
from bot.core.reply import Button
from bot.core.values import Kind
from bot.db.work import Work
from bot.features.cohort import ended
from bot.features.cohort.tables import Cohort, CohortModerator, Membership
from bot.features.people.service import People
from bot.features.people.tables import Account, Tenant


class Identity:
    """Identifies callers.

    Args:
        moderators: "platform:account id" of those whom the settings trust everywhere.
    """

    def __init__(self, moderators: frozenset[str]) -> None:
        self._moderators = moderators

    def __call__(self, work: Work, invocation: Invocation, command: Command, args: Mapping[str, object]) -> Actor:
        """Return the actor; NotFound, with a choice by buttons, if it is unclear which cohort is meant."""
        people = People(work)
        said = invocation.account
        tenant = people.find_tenant(said.platform, said.tenant)
        row = people.find_account(said.platform, said.scope, said.id)
        if work.writes:
            tenant, row = people.ensure_tenant(said), people.ensure_account(said)
        cohort = (
            None if command.cohort == "none" else self._cohort(work.session, invocation, command, args, tenant, row)
        )
        if cohort is not None and cohort.ended_at is not None and not command.after_end:
            raise ended.refusal(work.session, cohort, is_member=ended.was_in(work.session, row, cohort))
        zone = (row and row.zone) or said.zone or (cohort.zone if cohort else "UTC")
        roles = self._roles(work.session, invocation, row, cohort)
        name = row.name if row else said.name
        has_zone = bool(said.zone or (row and row.has_own_zone))
        return Actor(row.id if row else 0, said.id, name, zone, cohort.id if cohort else None, roles, has_zone)

    def _roles(
        self, session: Session, invocation: Invocation, row: Account | None, cohort: Cohort | None
    ) -> frozenset[Role]:
        said = invocation.account
        roles: set[Role] = {"anyone"}
        if self._is_trusted(invocation):
            roles.add("moderator")
        if cohort is None:
            return frozenset(roles)
        grants = {g for g in said.grants if g.startswith("role:")} | ({f"account:{row.id}"} if row else set())
        named = select(CohortModerator.id).where(
            CohortModerator.cohort_id == cohort.id, CohortModerator.grant.in_(grants)
        )
        if session.scalar(named) is not None:
            roles.add("moderator")
        if row and _membership(session, row.id, cohort.id) is not None:
            roles.add("member")
        if cohort.ended_at is not None and ended.was_in(session, row, cohort):
            roles.add("member")
        return frozenset(roles)

    def _is_trusted(self, invocation: Invocation) -> bool:
        said = invocation.account
        return MODERATES in said.grants or f"{said.platform}:{said.id}" in self._moderators

    def _cohort(
        self, session: Session, invocation: Invocation, command: Command, args: Mapping[str, object],
        tenant: Tenant | None, row: Account | None,
    ) -> Cohort | None:  # fmt: skip
        mine = _mine(session, row, tenant)
        moderated = _moderated(session, row) if tenant is None else []
        here = _in_tenant(session, tenant)
        grants = [g for g in invocation.account.grants if g.startswith("role:")]
        past = ended.list_ended(session, tenant, row, grants, trusted=self._is_trusted(invocation))
        if invocation.call.cohort is not None:
            return _by_id(invocation.call.cohort, [*mine, *here, *moderated, *past])
        if named := _named(command, args):
            return _by_name(named, [*mine, *here], past)
        in_room = next((c for c in here if c.room == invocation.place.room), None)
        if in_room is not None:
            return in_room
        was_here = next((c for c in past if c.room == invocation.place.room), None)
        if was_here is not None and (command.after_end or not mine):
            return was_here
        choices = mine or here or moderated
        lived = [c for c in past if ended.was_in(session, row, c)]
        if lived and not mine and command.role == "member":
            return lived[0]
        if past and not choices:
            return (lived or past)[0]
        if len(choices) == 1:
            return choices[0]
        if command.cohort in ("if any", "none") or (command.cohort == "choose" and len(mine) < 2):
            return None
        if not choices and invocation.account.tenant is None:
            raise NotFound("You are in no cohort yet. Cohorts meet in channels: please say it in the channel of yours.")
        if not choices:
            raise NotFound(f"No cohort runs here yet. A moderator starts one with {markup.typed('cohort create')}.")
        raise NotFound("Which cohort do you mean?", buttons=_choices(invocation, choices))


def reachable(work: Work, ctx: Context) -> list[Cohort]:
    """Return the running cohorts that a person may mean: their own, or else all of this tenant."""
    session = work.session
    tenant = People(work).find_tenant(ctx.place.platform, ctx.place.tenant)
    row = session.get(Account, ctx.actor.account_id)
    return _mine(session, row, tenant) or _in_tenant(session, tenant)


def _choices(invocation: Invocation, cohorts: list[Cohort]) -> tuple[Button, ...]:
    return tuple(
        Button(markup.clip(cohort.name, 40), replace(invocation.call, cohort=cohort.id)) for cohort in cohorts[:20]
    )


def _named(command: Command, args: Mapping[str, object]) -> str | None:
    param = next((p for p in command.params if p.kind is Kind.COHORT), None)
    named = args.get(param.name) if param else None
    return str(named) if named else None


def _by_id(cohort_id: int, reachable: list[Cohort]) -> Cohort:
    found = next((c for c in reachable if c.id == cohort_id), None)
    if found is None:
        raise NotFound("That cohort is over, or not one of yours.")
    return found


def _by_name(named: str, running: list[Cohort], past: list[Cohort]) -> Cohort:
    alive = list({c.id: c for c in running}.values())
    said = named.strip().lower()
    hits = [c for c in alive if c.name.lower() == said or str(c.id) == said]
    # of seasons that bear one name the newest is meant
    hits = hits or [c for c in past if c.name.lower() == said or str(c.id) == said][:1]
    hits = hits or [c for c in [*alive, *past] if c.name.lower().startswith(said)]
    if len(hits) != 1:
        known = ", ".join(markup.escape(c.name, 60) for c in [*alive, *past][:5]) or "none yet"
        raise NotFound(f"I know no cohort called “{markup.escape(named, 60)}” here. Known: {known}.")
    return hits[0]


def _in_tenant(session: Session, tenant: Tenant | None) -> list[Cohort]:
    if tenant is None:
        return []
    chosen = select(Cohort).where(Cohort.tenant_id == tenant.id, Cohort.ended_at.is_(None)).order_by(Cohort.id)
    return list(session.scalars(chosen))


def _mine(session: Session, row: Account | None, tenant: Tenant | None) -> list[Cohort]:
    """Return the running cohorts that the person belongs to: of this tenant, or of any in a message that names none."""
    if row is None:
        return []
    chosen = (
        select(Cohort)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.account_id == row.id, Membership.left_at.is_(None), Cohort.ended_at.is_(None))
        .order_by(Cohort.id)
    )
    if tenant is not None:
        chosen = chosen.where(Cohort.tenant_id == tenant.id)
    return list(session.scalars(chosen))


def _moderated(session: Session, row: Account | None) -> list[Cohort]:
    """Return the running cohorts that name the person as moderator, for a message that names no tenant."""
    if row is None:
        return []
    chosen = (
        select(Cohort)
        .join(CohortModerator, CohortModerator.cohort_id == Cohort.id)
        .where(CohortModerator.grant == f"account:{row.id}", Cohort.ended_at.is_(None))
        .order_by(Cohort.id)
    )
    return list(session.scalars(chosen))


def _membership(session: Session, account_id: int, cohort_id: int) -> int | None:
    chosen = select(Membership.id).where(
        Membership.account_id == account_id, Membership.cohort_id == cohort_id, Membership.left_at.is_(None)
    )
    return session.scalar(chosen)
