"""Find gaps in a group's notes: open questions, badly rated answers, and quiz questions that many members missed.

Questions form one gap if their vectors are near, or without vectors if they share most words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
from sqlalchemy import ForeignKey, String, UniqueConstraint, and_, case, delete, distinct, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.answers.index.words import stems
from bot.commands.context import Context
from bot.curriculum.bank import BankItem, MultipleChoice, NumericAnswer, Ordering, SingleChoice
from bot.curriculum.track import Track
from bot.features.ask.question_log import Questions, Retention
from bot.features.ask.tables import Question
from bot.features.groups.tables import Membership
from bot.features.notes.tables import GroupNote
from bot.features.people.tables import AccountRow
from bot.features.quiz.attempt import figure
from bot.features.quiz.tables import QuizAnswer
from bot.llm.base import Matrix
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.storage.base import Base, UtcDateTime
from bot.storage.insert import put
from bot.storage.unit_of_work import Work

LINE_MAX = 200


class Rating(Base):
    """What one person says of one answer; gone with its question. `verdict` says what was wrong, if anything."""

    __tablename__ = "answer_rating"
    __table_args__ = (UniqueConstraint("question_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str] = mapped_column(String(12))
    line: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Heeded(Base):
    """A moderator has made something of a question that many missed: what was answered until then counts no more."""

    __tablename__ = "resolved_gap"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


Alike = npt.NDArray[np.bool_]

COSINE = 0.6
"""Cosine from which two questions are one gap; two in 10,000 golden pairs on different notes reach it."""

WORDS = 0.5
"""Share of common words from which two questions are one gap, without vectors."""


def groups(texts: Sequence[str], vectors: Matrix | None) -> list[list[int]]:
    """Return groups of the indices of similar texts, ordered by their first member.

    A text belongs to a group if it is like one of it. Time and memory grow with the square of the number of texts.

    Args:
        vectors: float32 [n, dim], rows of unit length.
    """
    alike = _compare_words(texts) if vectors is None else (vectors @ vectors.T >= COSINE) | _compare_texts(texts)
    left, grouped = list(range(len(texts))), []
    while left:
        group, edge = {left[0]}, [left[0]]
        while edge:
            number = edge.pop()
            new = [other for other in left if other not in group and alike[number, other]]
            group.update(new)
            edge += new
        grouped.append(sorted(group))
        left = [number for number in left if number not in group]
    return grouped


def _compare_texts(texts: Sequence[str]) -> Alike:
    normalised = np.array([" ".join(text.casefold().split()) for text in texts])
    alike: Alike = normalised[:, None] == normalised[None, :]
    return alike


def _compare_words(texts: Sequence[str]) -> Alike:
    words = [stems(text) for text in texts]
    number = {word: i for i, word in enumerate(sorted(frozenset().union(*words)))}
    has = np.zeros((len(words), len(number)), np.float32)
    for row, own_words in zip(has, words, strict=True):
        row[[number[word] for word in own_words]] = 1
    common, sizes = has @ has.T, has.sum(axis=1)
    every = sizes[:, None] + sizes[None, :] - common
    alike: Alike = _compare_texts(texts) | ((every > 0) & (common >= WORDS * every))
    return alike


Verdict = Literal["helpful", "wrong", "beside", "incomplete", "unclear"]

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

MOST = 200
"""Open questions that are looked at, the newest, and as many dismissed: each is compared with every other."""

BACK = 3
"""More people who have to ask what was dismissed until it is a gap again; one bad rating since is enough as well."""


@dataclass(frozen=True)
class Remark:
    """What somebody says is wrong with an answer."""

    account_id: int
    verdict: str
    line: str


@dataclass(frozen=True)
class OpenQuestion:
    """A question that waits for an answer, or a better one, or was dismissed.

    Args:
        asker: their account; None if the asker is not known any more or never was.
    """

    id: int
    key: str
    asked: str
    at: datetime
    asker: int | None
    is_unanswered: bool
    remarks: tuple[Remark, ...] = ()
    is_dismissed: bool = False


@dataclass(frozen=True)
class Gap:
    """Open questions that ask for the same, newest first."""

    asked: tuple[OpenQuestion, ...]

    @property
    def newest(self) -> OpenQuestion:
        """The newest of its questions, which stands for all of them."""
        return self.asked[0]

    @property
    def known(self) -> frozenset[int]:
        """The accounts of those who wait for an answer and can be told."""
        askers = {question.asker for question in self.asked if question.asker is not None}
        return frozenset(askers | {remark.account_id for question in self.asked for remark in question.remarks})

    @property
    def askers(self) -> int:
        """The number of askers; equal questions of unknown askers count once."""
        named = {question.asker for question in self.asked if question.asker is not None}
        return len(named) + len({question.asked.casefold() for question in self.asked if question.asker is None})

    @property
    def wanting(self) -> int:
        """The number of people who want an answer: unanswered askers, and people who rated an answer badly."""
        unnamed = {
            question.asked.casefold() for question in self.asked if question.is_unanswered and question.asker is None
        }
        return len(self.known) + len(unnamed)

    @property
    def verdicts(self) -> Counter[str]:
        """What is wrong with the answers, by how often that is said."""
        return Counter(remark.verdict for question in self.asked for remark in question.remarks)

    @property
    def lines(self) -> list[str]:
        """What readers say of the answers in their own words, newest question first."""
        return [remark.line for question in self.asked for remark in question.remarks if remark.line]


_BAD = select(Rating.id).where(Rating.question_id == Question.id, Rating.verdict != "helpful").exists()
"""Whether somebody says that the answer to a question falls short."""


def together(asked: Sequence[OpenQuestion], vectors: Matrix | None) -> list[Gap]:
    """Return open questions as gaps, the most wanted first, then the newest.

    Questions like a dismissed one are no gap, unless enough other people ask again.

    Args:
        asked: newest first.
        vectors: of their texts, unit rows; None compares words.
    """
    alike_groups = ([asked[i] for i in group] for group in groups([question.asked for question in asked], vectors))
    gaps = [
        Gap(tuple(question for question in alike if not question.is_dismissed))
        for alike in alike_groups
        if _matters(alike)
    ]
    return sorted(gaps, key=lambda gap: (gap.wanting, gap.newest.id), reverse=True)


def _matters(alike: Sequence[OpenQuestion]) -> bool:
    """Whether questions form a gap; dismissed ones need new askers or a bad rating."""
    waiting = [question for question in alike if not question.is_dismissed]
    more = {question.asker for question in waiting} - {question.asker for question in alike if question.is_dismissed}
    return bool(waiting) and (
        len(waiting) == len(alike) or len(more) >= BACK or any(question.remarks for question in waiting)
    )


class Gaps:
    """Reads and changes gaps and ratings, in one unit of work."""

    def __init__(self, work: Work, questions: Questions, retention: Retention) -> None:
        self._session, self._questions, self._retention = work.session, questions, retention

    def rated(self, ctx: Context, key: str) -> Rating | None:
        """Return the caller's rating of an answer; raise NotFound if its question is no longer stored."""
        question = self._question(ctx, key)
        chosen = select(Rating).where(Rating.question_id == question.id, Rating.account_id == ctx.actor.account_id)
        return self._session.scalars(chosen).first()

    def rate(self, ctx: Context, key: str, verdict: Verdict, line: str | None) -> Rating:
        """Keep what the caller says of an answer, in place of what they said before; raises NotFound as `rated`.

        Args:
            line: in their own words; None leaves what they have said.
        """
        question, row = self._question(ctx, key), self.rated(ctx, key)
        if row is None:
            row = Rating(question_id=question.id, account_id=ctx.actor.account_id, line="")
            self._session.add(row)
        if line is not None or verdict == "helpful":
            row.line = markup.clip(markup.clean(line or ""), LINE_MAX)
        row.verdict, row.at = verdict, ctx.now
        if verdict != "helpful":  # whatever was done about it, it has not helped
            question.settled, question.settled_at = "", None
        self._session.flush()
        return row

    def list_asked(self, group_id: int, now: datetime) -> list[OpenQuestion]:
        """Return what waits for an answer in a group or was dismissed, newest first, at most `MOST` of each."""
        rows: list[Question] = []
        for settled in ("", "dismissed"):
            chosen = select(Question).where(
                Question.group_id == group_id,
                Question.settled == settled,
                Question.at > self._retention.since(now),
                or_(Question.settled != "", Question.coverage != "covered", _BAD),
            )
            rows += self._session.scalars(chosen.order_by(Question.id.desc()).limit(MOST))
        remarks = self._list_remarks([row.id for row in rows])
        return [
            OpenQuestion(
                row.id,
                row.key,
                row.asked,
                row.at,
                row.account_id,
                row.coverage != "covered",
                remarks.get(row.id, ()),
                row.settled != "",
            )
            for row in sorted(rows, key=lambda row: row.id, reverse=True)
        ]

    def count_open(self, group_id: int, now: datetime) -> int:
        """Return how many questions wait for an answer in a group."""
        chosen = (
            select(func.count())
            .select_from(Question)
            .where(
                Question.group_id == group_id,
                Question.settled == "",
                Question.at > self._retention.since(now),
                or_(Question.coverage != "covered", _BAD),
            )
        )
        return self._session.scalars(chosen).one()

    def verdicts(self, group_id: int, now: datetime) -> Counter[str]:
        """Return what readers said of the answers that a group got, by how often."""
        chosen = (
            select(Rating.verdict, func.count())
            .join(Question, Question.id == Rating.question_id)
            .where(Question.group_id == group_id, Question.at > self._retention.since(now))
            .group_by(Rating.verdict)
        )
        return Counter({verdict: count for verdict, count in self._session.execute(chosen)})  # noqa: C416

    def settle(self, group_id: int, gap: Gap, how: Literal["noted", "dismissed"], now: datetime) -> None:
        """Close a gap; raise NotFound if it is closed already."""
        ids = [question.id for question in gap.asked]
        closed = (
            update(Question)
            .where(Question.group_id == group_id, Question.id.in_(ids), Question.settled == "")
            .values(settled=how, settled_at=now)
            .returning(Question.id)
        )
        if gap.newest.id not in self._session.scalars(closed).all():
            raise gone()

    def reopen(self, ctx: Context, key: str) -> int:
        """Open what was dismissed together with a question; return how many questions that are."""
        row = self._questions.find(ctx, key)
        if row is None or row.settled != "dismissed":
            raise gone()
        opened = (
            update(Question)
            .where(
                Question.group_id == row.group_id,
                Question.settled == "dismissed",
                Question.settled_at == row.settled_at,
            )
            .values(settled="", settled_at=None)
            .returning(Question.id)
        )
        return len(self._session.scalars(opened).all())

    def asked(self, ctx: Context, key: str) -> str:
        """Return the words of an open question; "" if it is none any more."""
        row = self._questions.find(ctx, key)
        return row.asked if row is not None and row.settled == "" else ""

    def waiting(self, group_id: int, gap: Gap) -> list[AccountRow]:
        """Return those who are in the group and wait for an answer."""
        chosen = (
            select(AccountRow)
            .join(Membership, Membership.account_id == AccountRow.id)
            .where(Membership.group_id == group_id, Membership.left_at.is_(None), AccountRow.id.in_(gap.known))
        )
        return list(self._session.scalars(chosen.order_by(AccountRow.id)))

    def _question(self, ctx: Context, key: str) -> Question:
        row = self._questions.find(ctx, key)
        if row is None:
            raise NotFound("That answer is too old to rate, or someone removed it. Ask again and rate the new one.")
        return row

    def _list_remarks(self, ids: Sequence[int]) -> Mapping[int, tuple[Remark, ...]]:
        chosen = select(Rating).where(Rating.question_id.in_(ids), Rating.verdict != "helpful")
        remarks: dict[int, tuple[Remark, ...]] = {}
        for row in self._session.scalars(chosen.order_by(Rating.id)):
            remark = Remark(row.account_id, row.verdict, row.line)
            remarks[row.question_id] = (*remarks.get(row.question_id, ()), remark)
        return remarks


def is_past(work: Work, args: Mapping[str, Any]) -> bool:
    """Whether somebody who waits for an answer has left the group meanwhile, or the note that answers is gone."""
    if "note" in args and work.session.get(GroupNote, args["note"]) is None:
        return True
    chosen = select(Membership.id).where(
        Membership.group_id == args["cohort"], Membership.account_id == args["account"], Membership.left_at.is_(None)
    )
    return work.session.scalar(chosen) is None


def gone() -> NotFound:
    """Return the error for a gap that is closed."""
    return NotFound(f"That question is closed already. {markup.typed('manage questions')} shows the open ones.")


LAPSE_MIN_MISSED, MOST_LAPSES = 3, 3
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
        case SingleChoice(choices) | MultipleChoice(choices):
            yield from (f"- {choice.text}: {choice.why}" for choice in choices if choice.why)
        case Ordering(steps):
            yield from (f"{place}. {step}" for place, step in enumerate(steps, 1))
        case NumericAnswer(value, _, unit):
            yield f"- It is {figure(value)}{f' {unit}' if unit else ''}."


class Lapses:
    """Finds questions that many missed, and records how moderators handled them."""

    def __init__(self, work: Work) -> None:
        self._session = work.session

    def list(self, group_id: int, track: Track) -> list[Lapse]:
        """Return questions that many missed since they were last handled, most missed first."""
        answered = func.count(distinct(QuizAnswer.account_id))
        missed = func.count(distinct(case((~QuizAnswer.is_right, QuizAnswer.account_id))))
        heeded = and_(Heeded.group_id == QuizAnswer.group_id, Heeded.item_id == QuizAnswer.item_id)
        chosen = (
            select(QuizAnswer.item_id, missed, answered)
            .outerjoin(Heeded, heeded)
            .where(
                QuizAnswer.group_id == group_id,
                QuizAnswer.roadmap_id == track.origin,
                or_(Heeded.at.is_(None), QuizAnswer.at > Heeded.at),
            )
            .group_by(QuizAnswer.item_id)
            .having(missed >= LAPSE_MIN_MISSED, missed * 2 >= answered)
            .order_by(missed.desc(), answered, QuizAnswer.item_id)
        )
        return [
            Lapse(item, note.title, of_those, all_of_them)
            for item_id, of_those, all_of_them in self._session.execute(chosen)
            if (item := track.items.get(item_id)) and (note := track.notes.get(item.source.note))
        ]

    def get(self, group_id: int, track: Track, item_id: str) -> Lapse:
        """Return a question that many missed; raise NotFound if it was handled meanwhile."""
        match = next((lapse for lapse in self.list(group_id, track) if lapse.item.id == item_id), None)
        if match is None:
            raise gone()
        return match

    def heed(self, group_id: int, item_id: str, now: datetime) -> None:
        """Mark a question as handled: earlier answers no longer count."""
        put(self._session, Heeded, [{"group_id": group_id, "item_id": item_id, "at": now}])

    def unheed(self, group_id: int, item_id: str) -> None:
        """Take that back."""
        self._session.execute(delete(Heeded).where(Heeded.group_id == group_id, Heeded.item_id == item_id))


def join_open_questions(
    lapses: Sequence[Lapse], asked: Sequence[tuple[str, Collection[tuple[str, str]]]]
) -> list[Lapse]:
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
