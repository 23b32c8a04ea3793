"""Cohorts that have ended: whose record a person may still read, and what they are told of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.core import markup
from bot.core.call import Call
from bot.core.errors import NotAllowed
from bot.core.reply import Button
from bot.features.cohort.tables import Cohort, CohortModerator, Membership
from bot.features.people.tables import Account, Tenant


def list_ended(
    session: Session, tenant: Tenant | None, row: Account | None, grants: Collection[str], *, trusted: bool
) -> list[Cohort]:
    """Return the ended cohorts whose record a person may read, the newest first.

    Args:
        tenant: where to look; None in a message that names none, for the person's own everywhere.
        grants: what may have made the person a moderator, besides their account.
        trusted: whether they moderate everything in the tenant.
    """
    account_id = row.id if row else 0
    was_member = select(Membership.cohort_id).where(Membership.account_id == account_id)
    named = [*grants, f"account:{account_id}"]
    moderated = select(CohortModerator.cohort_id).where(CohortModerator.grant.in_(named))
    chosen = select(Cohort).where(Cohort.ended_at.is_not(None)).order_by(Cohort.ended_at.desc(), Cohort.id.desc())
    if tenant is not None:
        chosen = chosen.where(Cohort.tenant_id == tenant.id)
    if tenant is None or not trusted:
        chosen = chosen.where(or_(Cohort.id.in_(was_member), Cohort.id.in_(moderated)))
    return list(session.scalars(chosen))


def was_in(session: Session, row: Account | None, cohort: Cohort) -> bool:
    """Whether a person was ever a member of the cohort."""
    chosen = select(Membership.id).where(Membership.cohort_id == cohort.id)
    return row is not None and session.scalar(chosen.where(Membership.account_id == row.id)) is not None


def refusal(session: Session, cohort: Cohort, *, is_member: bool) -> NotAllowed:
    """Return what somebody is told who would change a cohort that has ended: when, and what there is instead."""
    assert cohort.ended_at is not None
    look = Call("progress", {}, cohort.id) if is_member else Call("report", {}, cohort.id)
    buttons = [Button("My record" if is_member else "The record", look, "primary")]
    chosen = select(Cohort).where(
        Cohort.tenant_id == cohort.tenant_id, Cohort.room == cohort.room, Cohort.ended_at.is_(None)
    )
    following = session.scalars(chosen).first()
    if following is not None:
        buttons.append(Button(markup.clip(following.name, 40), Call("help", {}, following.id)))
    goes_on = f" **{markup.escape(following.name)}** goes on in its channel." if following else ""
    return NotAllowed(
        f"**{markup.escape(cohort.name)}** ended on {markup.moment(cohort.ended_at, cohort.zone, 'day')}; nothing in "
        f"it changes any more. Its record stays for you to read.{goes_on}",
        buttons=tuple(buttons),
    )
