"""Store where unfinished answers stand, and replace them with a notice if their process dies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.base.clock import Clock
from bot.commands.context import Invocation, Place
from bot.commands.refusals import fault
from bot.delivery import answer_locations
from bot.delivery.answer_locations import AnswerRow
from bot.delivery.processed_events import ANYBODY, SqlDrafts
from bot.features.ask import transcript, wording
from bot.messages.call import PACKED_MAX, Call
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Database, Work

AGAIN_WITHIN = timedelta(hours=1)
"""How long a question can be tried again: as long as questions and answers are stored."""


class AnswersInProgress:
    """Stores where this process's answers stand.

    Args:
        owner: the process's name in the list of live processes.
    """

    def __init__(self, database: Database, clock: Clock, owner: str) -> None:
        self._database, self._clock, self._owner = database, clock, owner

    async def __call__(
        self, invocation: Invocation, turn: str, place: Place, ref: str | None, *, is_last: bool
    ) -> None:
        """Store where an answer stands; a failure is logged and does not stop the answer."""

        def keep(work: Work) -> None:
            if is_last or ref is None:
                answer_locations.end(work, turn, place, ref, self._clock.now())
                if ref is not None and place.thread is None and not place.is_direct:
                    transcript.set_thread(work, turn, ref)
            else:
                answer_locations.begin(work, turn, place, ref, invocation.call.pack(), self._owner)

        try:
            await self._database.run(keep)
        except Exception:  # noqa: BLE001  (the answer is what counts)
            fault("keeping where an answer stands")


def is_any_underway(work: Work) -> bool:
    """Whether answers are being made, or were."""
    return work.session.scalar(select(AnswerRow.id).where(AnswerRow.owner.is_not(None)).limit(1)) is not None


def fix(work: Work, living: Collection[str], now: datetime) -> int:
    """Replace answers whose process has died with a notice; return how many.

    Args:
        living: the live processes.
    """
    broken = answer_locations.list_broken(work, living)
    for row in broken:
        answer_locations.amend(work, row, _draw_notice(work, row, now), now)
    return len(broken)


def _draw_notice(work: Work, row: AnswerRow, now: datetime) -> Reply:
    asked = _unpack_call(row)
    if asked is None or work.made_at - row.at >= AGAIN_WITHIN:
        return wording.interrupted("", None)
    call = asked
    if len(asked.pack()) > PACKED_MAX:
        call = Call(asked.name, {"draft": SqlDrafts().keep(work, ANYBODY, asked, None, now)}, asked.group)
    return wording.interrupted(asked.args.get("question", ""), call)


def _unpack_call(row: AnswerRow) -> Call | None:
    try:
        return Call.unpack(row.call) if row.call else None
    except ValueError:
        return None
