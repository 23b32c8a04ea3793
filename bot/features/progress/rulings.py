"""What moderators rule about a member's unit: append-only rows, and how the member hears of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from bot.core import markup
from bot.core.context import Context
from bot.core.reply import Button, Reply, Text
from bot.features import ways
from bot.features.cohort.calendar.timeline import Opened, Timeline
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort
from bot.features.cohort.telling import tell
from bot.features.people.tables import Account
from bot.features.progress.record import standing_rulings
from bot.features.progress.service import Progress
from bot.features.progress.standing import settle
from bot.features.progress.tables import Ruling

Kind = Literal["excuse", "void", "lift"]
DID: dict[Kind, str] = {
    "excuse": "excused you from",
    "void": "ruled that your check-in does not count for",
    "lift": "lifted what was ruled about",
}


@dataclass(frozen=True)
class Case:
    """A member's unit before a moderator, and what stands about it."""

    timeline: Timeline
    account: Account
    opened: Opened
    standing: tuple[str, ...]

    @property
    def label(self) -> str:
        """The unit's name, escaped."""
        return markup.escape(self.timeline.label(self.opened.slot))


class Rulings:
    """Rules about members' units, and tells them."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._cohorts: Cohorts = progress.cohorts
        self._session = progress.session

    def case(self, ctx: Context, named: str, unit: str) -> Case:
        """Return the member's unit that is meant, with the kinds of ruling that stand about it."""
        timeline = self._cohorts.here(ctx)
        _, account = self._cohorts.find_member(timeline.cohort, named)
        opened = self._progress.named(ctx, timeline, unit, "until then there is nothing to rule on")
        chosen = select(Ruling).where(
            Ruling.cohort_id == timeline.cohort.id,
            Ruling.account_id == account.id,
            Ruling.unit_id == opened.slot.unit_id,
        )
        rows = self._session.scalars(chosen.order_by(Ruling.id)).all()
        standing = tuple(r.kind for r in standing_rulings(rows) if r.kind in DID)
        return Case(timeline, account, opened, standing)

    def rule(self, ctx: Context, case: Case, kind: Kind, reason: str) -> str:
        """Add the ruling and tell the member; return when they hear of it, as a sentence."""
        cohort = case.timeline.cohort
        row = Ruling(
            cohort_id=cohort.id,
            account_id=case.account.id,
            unit_id=case.opened.slot.unit_id,
            kind=kind,
            reason=markup.clean(reason),
            author_id=ctx.actor.account_id,
            made_at=ctx.now,
        )
        self._session.add(row)
        self._session.flush()
        settle(self._session, case.timeline, [case.account.id], ctx.now)
        self._cohorts.wake(cohort, ctx.now)
        said = f"A moderator {DID[kind]} **{case.label}**: {markup.escape(reason, 200)}"
        return tell_ruled(self._cohorts, cohort, case.account, f"ruling:{row.id}", said, ctx.now)


def tell_ruled(cohorts: Cohorts, cohort: Cohort, account: Account, key: str, said: str, now: datetime) -> str:
    """Tell a member what a moderator ruled; return when they hear of it, as a sentence."""
    progress = Button("My progress", ways.PROGRESS.call(cohort.id), "primary")
    message = Reply((Text(said),), (progress,), title=markup.escape(cohort.name))
    at = tell(cohorts, cohort, account, key, message, now, sentence=said)
    if at is None:
        return "Their direct messages are closed to me, so they are told with their next answer, with your reason."
    if at > now:
        return f"They are told by direct message after their quiet hours, {markup.moment(at, cohort.zone)}."
    return "They are told now by direct message, with your reason."
