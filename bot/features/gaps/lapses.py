"""Find quiz questions that many members of a group missed, with the note section that answers each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, delete, distinct, func, or_, select

from bot.curriculum.bank import Amount, BankItem, InOrder, OneOf, SomeOf
from bot.curriculum.track import Track
from bot.features.gaps.service import gone
from bot.features.gaps.tables import Heeded
from bot.features.quiz.attempt import figure
from bot.features.quiz.tables import QuizAnswer
from bot.storage.insert import put
from bot.storage.read_cache import rows
from bot.storage.unit_of_work import Work

MISSED, MOST = 3, 3
"""Members who missed a question, at least, and at least half of those who answered; and how many are told at once."""


@dataclass(frozen=True)
class Lapse:
    """A question that many missed.

    Args:
        title: of the note that answers it.
        asked: open questions that lead to the same heading.
    """

    item: BankItem
    title: str
    missed: int
    answered: int
    asked: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str]:
        """Return the note and the heading that answer it."""
        return self.item.source.note, self.item.source.heading

    @property
    def draft(self) -> str:
        """Return a draft from the reasons in the quiz."""
        return "\n".join([self.item.why, *(["", *reasons] if (reasons := list(_list_reasons(self.item))) else [])])


def _list_reasons(item: BankItem) -> Iterator[str]:
    match item.form:
        case OneOf(choices) | SomeOf(choices):
            yield from (f"- {choice.text}: {choice.why}" for choice in choices if choice.why)
        case InOrder(steps):
            yield from (f"{place}. {step}" for place, step in enumerate(steps, 1))
        case Amount(value, _, unit):
            yield f"- It is {figure(value)}{f' {unit}' if unit else ''}."


class Lapses:
    """Finds questions that many missed, and records how moderators handled them."""

    def __init__(self, work: Work) -> None:
        self._session = work.session

    def list(self, cohort_id: int, track: Track) -> list[Lapse]:
        """Return questions that many missed since they were last handled, most missed first."""
        answered = func.count(distinct(QuizAnswer.account_id))
        missed = func.count(distinct(case((~QuizAnswer.is_right, QuizAnswer.account_id))))
        heeded = and_(Heeded.cohort_id == QuizAnswer.cohort_id, Heeded.item_id == QuizAnswer.item_id)
        chosen = (
            select(QuizAnswer.item_id, missed, answered)
            .outerjoin(Heeded, heeded)
            .where(
                QuizAnswer.cohort_id == cohort_id,
                QuizAnswer.roadmap_id == track.origin,
                or_(Heeded.at.is_(None), QuizAnswer.at > Heeded.at),
            )
            .group_by(QuizAnswer.item_id)
            .having(missed >= MISSED, missed * 2 >= answered)
            .order_by(missed.desc(), answered, QuizAnswer.item_id)
        )
        return [
            Lapse(item, note.title, of_those, all_of_them)
            for item_id, of_those, all_of_them in rows(self._session, chosen)
            if (item := track.items.get(item_id)) and (note := track.notes.get(item.source.note))
        ]

    def get(self, cohort_id: int, track: Track, item_id: str) -> Lapse:
        """Return a question that many missed; raise NotFound if it was handled meanwhile."""
        match = next((lapse for lapse in self.list(cohort_id, track) if lapse.item.id == item_id), None)
        if match is None:
            raise gone()
        return match

    def heed(self, cohort_id: int, item_id: str, now: datetime) -> None:
        """Mark a question as handled: earlier answers no longer count."""
        put(self._session, Heeded, [{"cohort_id": cohort_id, "item_id": item_id, "at": now}])

    def unheed(self, cohort_id: int, item_id: str) -> None:
        """Take that back."""
        self._session.execute(delete(Heeded).where(Heeded.cohort_id == cohort_id, Heeded.item_id == item_id))


def joined(lapses: Sequence[Lapse], asked: Sequence[tuple[str, Collection[tuple[str, str]]]]) -> list[Lapse]:
    """Return lapses with the open questions on their headings, those with most questions first.

    Args:
        asked: questions, each with the notes and headings that are nearest to it.
    """
    with_questions = [
        Lapse(
            lapse.item,
            lapse.title,
            lapse.missed,
            lapse.answered,
            tuple(question for question, near in asked if lapse.place in near),
        )
        for lapse in lapses
    ]
    return sorted(with_questions, key=lambda lapse: -len(lapse.asked))
