"""Has the model draft courses in the background: one request after the other, each stored before the next."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.answers.model.drafting import CourseDrafter, estimate_units, show_unit, split_material
from bot.base.clock import Clock
from bot.features.course_drafts.service import StoredUnit, read_units, write_units
from bot.features.course_drafts.tables import DONE, RUNNING, STOPPED, DraftedCourse
from bot.features.token_budget.service import Asker, Meter
from bot.llm.base import ChatModel, ChatUnavailable
from bot.messages import markup
from bot.messages.errors import TryLater
from bot.storage.unit_of_work import Database, Work

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=3)
"""How long a process has a draft to itself: longer than the requests of one unit take."""
NEXT_TRY, NEXT_BUDGET, TRIES = timedelta(seconds=30), timedelta(hours=1), 4
BUDGET, NO_REPLY = "budget", "no reply"
"""Why a draft waits or was stopped."""
_TITLE_MAX = 60


class DraftWorker:
    """Drafts what was started.

    Args:
        chat: None if no model is set up; then nothing is drafted.
    """

    def __init__(self, database: Database, chat: ChatModel | None, meter: Meter, clock: Clock) -> None:
        self._database, self._meter, self._clock = database, meter, clock
        self._drafter = CourseDrafter(chat) if chat is not None else None

    async def run(self) -> None:
        """Draft until nothing is due; errors are logged, and the next run goes on."""
        with suppress(TryLater):
            while self._drafter is not None and (row := await self._database.run(self._claim)) is not None:
                await self._draft_next(self._drafter, row)

    def _claim(self, work: Work) -> DraftedCourse | None:
        now = self._clock.now()
        due = select(DraftedCourse).where(DraftedCourse.state == RUNNING, DraftedCourse.due_at <= now)
        first = due.order_by(DraftedCourse.due_at, DraftedCourse.id).limit(1).with_for_update(skip_locked=True)
        row = work.session.scalars(first).first()
        if row is not None:
            row.due_at = now + CLAIM
            work.session.flush()
            work.session.refresh(row)
            work.session.expunge(row)
        return row

    async def _draft_next(self, drafter: CourseDrafter, row: DraftedCourse) -> None:
        """Draft the outline, or else the next unit, and store it."""
        units, passages, problem = read_units(row), split_material(row.material), ""
        at = next((at for at, unit in enumerate(units) if unit.draft is None), len(units))
        title = row.title
        with self._meter.charge(Asker(row.group_id, row.account_id, self._clock.now())) as charge:
            try:
                if not units:
                    outline = await drafter.draft_outline(passages, estimate_units(passages))
                    units = [StoredUnit(title=_clip(u.title), first=u.first, last=u.last) for u in outline.units]
                    title = title or _clip(outline.title) or _clip(row.source)
                elif at < len(units):
                    unit = units[at]
                    shown = show_unit(passages, unit.first, unit.last)
                    unit.draft, unit.doubts = await drafter.draft_unit(unit.title, shown)
            except ChatUnavailable:
                problem = BUDGET if charge.refused in ("group", "member") else NO_REPLY
            except Exception:
                log.exception("a course was not drafted")
                problem = NO_REPLY
        await self._database.run(lambda work: self._store(work, row, title, units, problem))

    def _store(self, work: Work, claimed: DraftedCourse, title: str, units: list[StoredUnit], problem: str) -> None:
        """Store the result, unless the draft is gone or another process has it."""
        chosen = select(DraftedCourse).where(DraftedCourse.id == claimed.id, DraftedCourse.due_at == claimed.due_at)
        row = work.session.scalars(chosen.with_for_update()).first()
        if row is None:
            return
        now = self._clock.now()
        if problem:
            self._put_off(row, problem, now)
            return
        accepted = {at: unit.unit_id for at, unit in enumerate(read_units(row))}
        for at, unit in enumerate(units):
            unit.unit_id = accepted.get(at, "")
        row.title, row.problem, row.tries, row.due_at = title, "", 0, now
        write_units(row, units)
        if row.state == RUNNING and all(unit.draft is not None for unit in units):
            row.state = DONE

    def _put_off(self, row: DraftedCourse, problem: str, now: datetime) -> None:
        row.problem, row.tries = problem, row.tries + (problem == NO_REPLY)
        row.due_at = now + (NEXT_BUDGET if problem == BUDGET else NEXT_TRY * 2**row.tries)
        if row.tries >= TRIES and row.state == RUNNING:
            row.state = STOPPED


def _clip(text: str) -> str:
    return markup.clip(text, _TITLE_MAX)
