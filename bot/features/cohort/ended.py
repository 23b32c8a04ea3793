"""Cohorts that have ended: what somebody is told who would change one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core import markup
from bot.core.errors import NotAllowed
from bot.core.reply import Button
from bot.features import ways
from bot.features.cohort.tables import Cohort


def refusal(session: Session, cohort: Cohort, *, is_member: bool) -> NotAllowed:
    """Return what somebody is told who would change a cohort that has ended: when, and what there is instead."""
    assert cohort.ended_at is not None
    look = ways.PROGRESS.call(cohort.id) if is_member else ways.REPORT.call(cohort.id)
    buttons = [Button("My record" if is_member else "The record", look, "primary")]
    chosen = select(Cohort).where(
        Cohort.tenant_id == cohort.tenant_id, Cohort.room == cohort.room, Cohort.ended_at.is_(None)
    )
    following = session.scalars(chosen).first()
    if following is not None:
        buttons.append(Button(markup.clip(following.name, 40), ways.HELP.call(following.id)))
    goes_on = f" **{markup.escape(following.name)}** goes on in its channel." if following else ""
    return NotAllowed(
        f"**{markup.escape(cohort.name)}** ended on {markup.moment(cohort.ended_at, cohort.zone, 'day')}; nothing in "
        f"it changes any more. Its record stays for you to read.{goes_on}",
        buttons=tuple(buttons),
    )
