"""The groups that somebody may join who is in none, or writes from no tenant."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.core import markup
from bot.core.context import Context
from bot.core.reply import Button
from bot.db.work import Work
from bot.features import ways
from bot.features.cohort.seeing import Seeing
from bot.features.cohort.tables import Cohort
from bot.features.people.tables import Tenant

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
        Button(markup.clip(f"Join {c.name}", 40), ways.JOIN.call(c.id), "plain" if i else "primary") for i, c in shown
    )
