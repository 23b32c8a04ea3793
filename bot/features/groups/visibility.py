"""The groups that somebody may join who is in none, or writes from no tenant.

Which cohorts exist for a person: those whose room they see.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.commands.context import MODERATES, Context, Place, RoomAccess, Verdict
from bot.features import command_links
from bot.features.groups.tables import Cohort, CohortModerator, Membership
from bot.features.people.tables import Tenant
from bot.messages import markup
from bot.messages.errors import NotAllowed, TryLater
from bot.messages.reply import Button
from bot.storage.read_cache import find
from bot.storage.unit_of_work import Work


@dataclass(frozen=True)
class Visible:
    """Those of some cohorts that a person sees, and whether that could not be said of all."""

    cohorts: list[Cohort]
    is_unclear: bool


class Seeing:
    """What one person sees.

    Args:
        account_id: our number for them; 0 is nobody that we know.
        grants: what they hold where the cohorts are, roles among it.
    """

    def __init__(self, session: Session, sight: RoomAccess, account_id: int, grants: Collection[str]) -> None:
        self._session, self._sight, self._account_id = session, sight, account_id
        self._grants = {g for g in grants if g.startswith("role:")} | {f"account:{account_id}"}

    @classmethod
    def by(cls, session: Session, ctx: Context) -> Seeing:
        """Return what the caller of a command sees."""
        return cls(session, ctx.sight, ctx.actor.account_id, ctx.actor.grants)

    def room(self, cohort: Cohort) -> Place:
        """Return the cohort's room."""
        tenant = find(self._session, Tenant, cohort.tenant_id)
        assert tenant is not None
        return Place(tenant.platform, tenant.external_id, cohort.room)

    def among(self, cohorts: Sequence[Cohort]) -> Visible:
        """Return those that the person sees; raises Unseen where the platform was not asked yet."""
        verdicts = self._sight.of(self.room(c) for c in cohorts)
        seen = [c for c, verdict in zip(cohorts, verdicts, strict=True) if self._is_open(c, verdict)]
        return Visible(seen, "unclear" in verdicts)

    def sees(self, cohort: Cohort) -> bool:
        """Whether the person sees the cohort; TryLater if that cannot be said now."""
        found = self.among([cohort])
        if found.is_unclear:
            raise unclear()
        return bool(found.cohorts)

    def moderates(self, cohort: Cohort) -> bool:
        """Whether the cohort itself names the person, or a role of theirs, as its moderator."""
        chosen = select(CohortModerator.id).where(
            CohortModerator.cohort_id == cohort.id, CohortModerator.grant.in_(self._grants)
        )
        return self._session.scalars(chosen).first() is not None

    def is_member(self, cohort: Cohort) -> bool:
        """Whether the person is in the cohort now, or was in one that has ended."""
        chosen = select(Membership.id).where(
            Membership.account_id == self._account_id, Membership.cohort_id == cohort.id
        )
        if cohort.ended_at is None:
            chosen = chosen.where(Membership.left_at.is_(None))
        return self._session.scalars(chosen).first() is not None

    def _is_open(self, cohort: Cohort, verdict: Verdict) -> bool:
        # nobody can see a room that is gone, and somebody has to move its cohort
        return verdict == "seen" or (verdict == "gone" and (self.is_member(cohort) or self.moderates(cohort)))


def governed(session: Session, ctx: Context, cohorts: Sequence[Cohort]) -> list[Cohort]:
    """Return those cohorts that the caller sees and moderates; TryLater if none is left because that cannot be said."""
    seeing = Seeing.by(session, ctx)
    found = seeing.among(cohorts)
    if found.is_unclear and not found.cohorts:
        raise unclear()
    return [c for c in found.cohorts if MODERATES in ctx.actor.grants or seeing.moderates(c)]


def unclear() -> TryLater:
    """Return the refusal where the platform does not say who sees a room."""
    return TryLater("I cannot check just now which groups you may see, so I show none. Please try again in a minute.")


def closed(cohort: Cohort) -> NotAllowed:
    """Return the refusal to a member who no longer sees their cohort's room."""
    return NotAllowed(
        f"You are a member of {markup.escape(cohort.name)}, but its channel is closed to you now, so what others do "
        f"there is too. Your own record stays yours: {markup.typed('progress')} shows it, {markup.typed('leave')} ends "
        "the membership. Whoever runs the channel can let you in again."
    )


MOST_MET = 20

"""Running cohorts that are looked at, the newest first, for somebody who writes from no tenant."""

MOST_JOINED = 5

"""Cohorts that a line offers to somebody in none."""


def newest(session: Session, platform: str, *where: ColumnElement[bool]) -> list[Cohort]:
    """Return a platform's newest running cohorts, of any tenant, whether or not anybody sees them."""
    chosen = select(Cohort).join(Tenant, Tenant.id == Cohort.tenant_id)
    running = chosen.where(Tenant.platform == platform, Cohort.ended_at.is_(None), *where)
    return list(session.scalars(running.order_by(Cohort.id.desc()).limit(MOST_MET)))


def met(work: Work, ctx: Context) -> list[Cohort]:
    """Return the newest running cohorts of any tenant whose rooms somebody sees who writes from none."""
    if ctx.place.tenant is not None:
        return []
    return Seeing.by(work.session, ctx).among(newest(work.session, ctx.place.platform)).cohorts


def joining(cohorts: Sequence[Cohort], most: int = MOST_JOINED) -> tuple[Button, ...]:
    """Return the buttons by which somebody who is in none of these joins one."""
    shown = enumerate(cohorts[:most])
    return tuple(
        Button(markup.clip(f"Join {c.name}", 40), command_links.JOIN.call(c.id), "plain" if i else "primary")
        for i, c in shown
    )
