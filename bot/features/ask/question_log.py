"""What a group has asked of late: for the list of what its notes lack, and for what is said of an answer.

Lines that ask for nothing that could be written into a note. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.answers.compose.turns import ASKED_MAX
from bot.answers.compose.values import Answer
from bot.answers.index.words import content
from bot.commands.context import Context
from bot.delivery import answer_locations
from bot.features import command_links
from bot.features.ask.tables import Exchange, Question
from bot.messages import markup
from bot.messages.call import Call
from bot.storage.unit_of_work import Work
from bot.understanding import free_text


def is_small_talk(line: str) -> bool:
    """Whether a line asks for nothing that could be written into a note."""
    return not content(line) or free_text.read(line).is_manners


@dataclass(frozen=True)
class Retention:
    """How long what is asked is kept; 0 keeps none.

    Args:
        days: the text of a group's question.
        conversation: a question and its answer, to go on with.
    """

    days: int = 30
    conversation: timedelta = timedelta(hours=1)

    def since(self, now: datetime) -> datetime:
        """Return the instant before which nothing is kept."""
        return now - timedelta(days=self.days)

    def sweep(self, work: Work, now: datetime) -> int:
        """Delete what was kept long enough, with what was said of it; return how much that is."""
        old = delete(Question).where(Question.at <= self.since(now)).returning(Question.id)
        turns = delete(Exchange).where(Exchange.at <= now - self.conversation).returning(Exchange.id)
        counts = len(work.session.scalars(old).all()), len(work.session.scalars(turns).all())
        return sum(counts) + answer_locations.sweep(work, self.since(now))


class Questions:
    """Keeps what groups ask, in one unit of work."""

    def __init__(self, work: Work, retention: Retention) -> None:
        self._session, self._retention = work.session, retention

    def keep(self, ctx: Context, key: str, call: Call, answer: Answer) -> bool:
        """Keep a question with what became of it; False if it is not kept.

        What was asked in private is not kept, and neither is small talk nor what is in another language than the notes.
        What was answered is kept without its asker.

        Args:
            key: of the turn.
            call: that asked it.
        """
        asked, group_id = call.args["question"], ctx.actor.group_id
        is_public = call.name == command_links.ASK.name and not ctx.place.is_direct
        is_vain = answer.is_unclear or answer.is_other_tongue or is_small_talk(asked)
        if group_id is None or not is_public or not self._retention.days or is_vain:
            return False
        self._session.add(
            Question(
                key=key,
                group_id=group_id,
                account_id=ctx.actor.account_id if answer.declined else None,
                asked=markup.clip(markup.clean(asked), ASKED_MAX),
                coverage=answer.coverage,
                at=ctx.now,
            )
        )
        return True

    def find(self, ctx: Context, key: str) -> Question | None:
        """Return the question of this turn if it is one of the caller's group and still kept."""
        chosen = select(Question).where(
            Question.key == key,
            Question.group_id == ctx.actor.group_id,
            Question.at > self._retention.since(ctx.now),
        )
        return self._session.scalars(chosen).first()

    def forget(self, ctx: Context, key: str) -> None:
        """Forget a question whose answer is taken away."""
        self._session.execute(delete(Question).where(Question.key == key, Question.group_id == ctx.actor.group_id))
