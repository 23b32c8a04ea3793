"""Remember people who moderate by a role: no list names them, so reading the digest proves that they may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.commands.context import Context
from bot.features.digest.tables import DigestReader
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort
from bot.features.people.tables import AccountRow
from bot.storage.insert import put
from bot.storage.read_cache import recall

TOLD_FOR = timedelta(days=30)
"""How long after their last reading they get notices."""


def note(ctx: Context, cohorts: Cohorts, cohort: Cohort) -> DigestReader | None:
    """Record that the caller may read the digest; return None for named moderators, who get it anyway."""
    if any(moderator.id == ctx.actor.account_id for moderator in cohorts.moderators(cohort)):
        return None
    row = {"cohort_id": cohort.id, "account_id": ctx.actor.account_id, "proved_at": ctx.now, "is_told": True}
    put(cohorts.session, DigestReader, [row], left_alone=("is_told",))
    return cohorts.session.get_one(DigestReader, (cohort.id, ctx.actor.account_id), populate_existing=True)


def list_told(cohorts: Cohorts, cohort: Cohort, closed_at: datetime, now: datetime) -> Sequence[AccountRow]:
    """Return the unnamed moderators to notify: those who read a digest within the month."""
    named = tuple(moderator.id for moderator in cohorts.moderators(cohort))
    chosen = (
        select(AccountRow)
        .join(DigestReader, DigestReader.account_id == AccountRow.id)
        .where(DigestReader.cohort_id == cohort.id, DigestReader.is_told, DigestReader.proved_at > now - TOLD_FOR)
        .where(DigestReader.proved_at < closed_at, AccountRow.id.not_in(named))
    )

    def read() -> Sequence[AccountRow]:
        return cohorts.session.scalars(chosen.order_by(AccountRow.id)).all()

    asked = ("told of digests", cohort.id, closed_at, now, named)
    return recall(cohorts.session, asked, (DigestReader, AccountRow), read)
