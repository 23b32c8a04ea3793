"""What the answers of one person, or of a group, say of questions and topics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

from bot.curriculum.bank import BankItem
from bot.curriculum.track import Track
from bot.features.quiz.tables import QuizAnswer

FEWEST, TOPICS = 3, 10
"""Fewest answers for which a topic is shown, and most topics shown."""
PEOPLE, QUESTIONS = 3, 3
"""Fewest members for which a question is shown, and most questions shown."""


@dataclass(frozen=True)
class Strength:
    """How somebody stands in a topic: how many of its questions their last answer had right."""

    topic: str
    right: int
    answered: int


@dataclass(frozen=True)
class Missed:
    """A question that members of a group missed, without names."""

    item: BankItem
    missed: int
    answered: int


def list_strengths(session: Session, account_id: int, track: Track) -> list[Strength]:
    """Return a person's results by topic, for topics with enough answers, in the course's order."""
    last = list_last_answers(session, account_id, track)
    topics = []
    for topic in track.roadmap.topics if last else ():
        banks = [track.banks[unit.id] for unit in topic.units if unit.id in track.banks]
        answers = [last[item.id] for bank in banks for item in bank.items if item.id in last]
        if len(answers) >= FEWEST:
            topics.append(Strength(topic.title, sum(answers), len(answers)))
    known = sorted(topics, key=lambda topic_strength: -topic_strength.answered)[:TOPICS]
    return [topic_strength for topic_strength in topics if topic_strength in known]


def list_last_answers(session: Session, account_id: int, track: Track) -> dict[str, bool]:
    """Return whether a person's last answer to each question of a course was right."""
    chosen = select(QuizAnswer.item_id, QuizAnswer.is_right).where(
        QuizAnswer.account_id == account_id, QuizAnswer.roadmap_id == track.origin
    )
    answers = session.execute(chosen.order_by(QuizAnswer.id))
    return {item_id: is_right for item_id, is_right in answers}  # noqa: C416


def list_most_missed(
    session: Session, group_id: int, track: Track, most: int | None = QUESTIONS, *, since: datetime | None = None
) -> list[Missed]:
    """Return the questions that a group missed most, if enough members answered them.

    Args:
        most: how many at most; None for all.
        since: the earliest answer that counts; None for all.
    """
    answered = func.count(distinct(QuizAnswer.account_id))
    missed = func.count(distinct(case((~QuizAnswer.is_right, QuizAnswer.account_id))))
    chosen = (
        select(QuizAnswer.item_id, missed, answered)
        .where(QuizAnswer.group_id == group_id, QuizAnswer.roadmap_id == track.origin)
        .where(*(() if since is None else (QuizAnswer.at >= since,)))
        .group_by(QuizAnswer.item_id)
        .having(answered >= PEOPLE, missed > 0)
        .order_by((1.0 * missed / answered).desc(), missed.desc(), QuizAnswer.item_id)
        .limit(most)
    )
    items = ((track.items.get(item_id), m, n) for item_id, m, n in session.execute(chosen))
    return [Missed(item, m, n) for item, m, n in items if item is not None]
