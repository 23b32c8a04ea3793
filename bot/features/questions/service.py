"""The quiz questions of a server's own course. All that writes them goes through `CourseQuestions`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, inspect, select

from bot.commands.context import Context
from bot.curriculum.bank_reader import MOST
from bot.curriculum.short_questions import (
    QuestionFault,
    ShortQuestion,
    find_faults,
    is_same_question,
    make_key,
    tidy,
)
from bot.curriculum.track import Track
from bot.features.courses import own_roadmap
from bot.features.courses.tables import ACCEPTED, RETIRED, SUGGESTED, CourseQuestion, OwnRoadmap
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.quiz.tables import QuizCard
from bot.messages import markup
from bot.messages.errors import BadInput, NotAllowed, NotFound
from bot.storage.unit_of_work import Work

MOST_SUGGESTED = 200
"""Suggestions that may wait in a course."""
MOST_OF_MEMBER = 10
"""Suggestions of one member that may wait in a course."""
MAY_NOT_CHANGE = "Only its author or a moderator of the whole server can change this course."
UNIT_FULL = QuestionFault("unit", f"**Unit**: it has {MOST} questions, which is the limit. Retire one first.")
RETIRED_FOR = timedelta(days=90)
"""How long a retired or refused question stays, so that it can be accepted again."""


@dataclass(frozen=True)
class AddedQuestions:
    """What became of several questions: those added, and for each other one its place and what is wrong with it."""

    added: tuple[CourseQuestion, ...]
    refused: tuple[tuple[int, QuestionFault], ...]


class CourseQuestions:
    """Reads and changes the questions of own courses, in one unit of work."""

    def __init__(self, work: Work, groups: Groups) -> None:
        self._session, self._groups = work.session, groups

    def find_course(self, group: Group) -> tuple[int, Track]:
        """Return the number and the course of a group; BadInput if it is an installed one."""
        track = self._groups.tracks_of(group)[group.roadmap_id]
        if (number := own_roadmap.parse_id(track.id)) is None:
            raise BadInput(
                f"**{markup.escape(track.title, 80)}** comes with its own questions. Only a course that your server "
                f"added can get more: {markup.typed('manage course add')}."
            )
        return number, track

    def find_owner(self, course: int) -> int | None:
        """Return the account that added a course."""
        return self._session.get_one(OwnRoadmap, course).added_by

    def may_change(self, ctx: Context, course: int) -> bool:
        """Whether a person may change a course's questions."""
        return own_roadmap.may_change(ctx, self._session.get_one(OwnRoadmap, course))

    def check_may_change(self, ctx: Context, course: int) -> None:
        """Raise NotAllowed for people who may not change a course's questions."""
        if not self.may_change(ctx, course):
            raise NotAllowed(MAY_NOT_CHANGE)

    def list(self, course: int, *, unit_id: str | None = None, states: Iterable[str] = ()) -> Sequence[CourseQuestion]:
        """Return the questions of a course, the oldest first.

        Args:
            states: those to return; empty for all.
        """
        chosen = select(CourseQuestion).where(CourseQuestion.course_id == course).order_by(CourseQuestion.id)
        if unit_id is not None:
            chosen = chosen.where(CourseQuestion.unit_id == unit_id)
        if states:
            chosen = chosen.where(CourseQuestion.state.in_(tuple(states)))
        return self._session.scalars(chosen).all()

    def list_authors(self, group: Group, rows: Iterable[CourseQuestion]) -> dict[int, str]:
        """Return the names of those who wrote or judged questions, by account, as the group sees them.

        People who neither are in the group nor moderate it are left out: they may have an alias elsewhere.
        """
        ids = {account_id for row in rows for account_id in (row.author_id, row.decided_by) if account_id is not None}
        if not ids:
            return {}
        names = {account.id: account.name for account in self._groups.moderators(group)}
        names |= self._groups.names(group).shown()
        return {account_id: names[account_id] for account_id in ids if account_id in names}

    def get(self, course: int, number: int) -> CourseQuestion:
        """Return a question of a course by its number; NotFound if the course has none such."""
        row = self._session.get(CourseQuestion, number)
        if row is None or row.course_id != course:
            raise NotFound("That question is gone.", field="of")
        return row

    def add(
        self,
        course: int,
        unit_id: str,
        question: ShortQuestion,
        now: datetime,
        *,
        author_id: int | None,
        accepted_by: int | None = None,
        group_id: int | None = None,
    ) -> CourseQuestion:
        """Store a question of a unit.

        Args:
            accepted_by: the account of a moderator; None stores a suggestion.
            group_id: the group in which it was written.

        Raises:
            BadInput: with a sentence for each fault.
        """
        self._lock(course)
        clean = tidy(question)
        room = self._find_waiting(course, author_id) if accepted_by is None else self._find_full(course, unit_id)
        _refuse([*find_faults(clean), *self._find_duplicate(course, clean), *room])
        row = _make_row(course, unit_id, clean, now, author_id, accepted_by, group_id)
        self._session.add(row)
        self._session.flush()
        return row

    def add_all(
        self,
        course: int,
        questions: Sequence[tuple[str, ShortQuestion]],
        now: datetime,
        *,
        accepted_by: int,
    ) -> AddedQuestions:
        """Store several questions of an author who accepts them, each with its unit's id; a faulty one keeps no other
        out.

        A question that the course has is left out silently, so that the same import can run twice.
        """
        self._lock(course)
        rows = self.list(course)
        known = {make_key(row.prompt) for row in rows}
        counts = Counter(row.unit_id for row in rows if row.state == ACCEPTED)
        added: list[CourseQuestion] = []
        refused: list[tuple[int, QuestionFault]] = []
        for at, (unit_id, question) in enumerate(questions):
            clean = tidy(question)
            if make_key(clean.prompt) in known:
                continue
            fault = next(find_faults(clean), None) or (UNIT_FULL if counts[unit_id] >= MOST else None)
            if fault is not None:
                refused.append((at, fault))
                continue
            known.add(make_key(clean.prompt))
            counts[unit_id] += 1
            added.append(_make_row(course, unit_id, clean, now, accepted_by, accepted_by, None))
        self._session.add_all(added)
        self._session.flush()
        return AddedQuestions(tuple(added), tuple(refused))

    def edit(self, row: CourseQuestion, question: ShortQuestion, by: int, now: datetime) -> CourseQuestion:
        """Change a question and return it.

        If the right answer or the number of answers changes, the old question is retired and a new one takes its
        place, so that stored answers stay true. Raises BadInput as `add` does.
        """
        self._lock(row.course_id)
        clean = replace(tidy(question), source=row.source)
        _refuse([*find_faults(clean), *self._find_duplicate(row.course_id, clean, but=row.id)])
        if is_same_question(own_roadmap.read_question(row).question, clean):
            row.prompt, row.right_answer, row.wrong_answers = clean.prompt, clean.right, "\n".join(clean.wrong)
            row.why, row.changed_at = clean.why, now
            self._session.flush()
            return row
        is_accepted = row.state == ACCEPTED
        self.retire(row, by, now)
        return self.add(
            row.course_id,
            row.unit_id,
            clean,
            now,
            author_id=row.author_id,
            accepted_by=by if is_accepted else None,
            group_id=row.group_id,
        )

    def accept(self, row: CourseQuestion, by: int, now: datetime) -> bool:
        """Have a question asked from now on; False if it was already. BadInput if its unit has too many."""
        self._lock(row.course_id)
        self._session.refresh(row)
        if row.state == ACCEPTED:
            return False
        question = own_roadmap.read_question(row).question
        _refuse(
            [*self._find_duplicate(row.course_id, question, but=row.id), *self._find_full(row.course_id, row.unit_id)]
        )
        row.state, row.decided_by, row.decided_at = ACCEPTED, by, now
        self._session.flush()
        return True

    def retire(self, row: CourseQuestion, by: int, now: datetime) -> bool:
        """Stop asking a question, or refuse a suggestion; False if it was retired already. Answers stay."""
        self._lock(row.course_id)
        self._session.refresh(row)
        if row.state == RETIRED:
            return False
        row.state, row.decided_by, row.decided_at = RETIRED, by, now
        self._session.flush()
        self._drop_cards(row.course_id, [row])
        return True

    def drop_cards(self, course: int, unit_ids: Collection[str] | None = None) -> None:
        """Stop reviews of the questions of units that are gone; None means of all units."""
        rows = [row for row in self.list(course) if unit_ids is None or row.unit_id in unit_ids]
        self._drop_cards(course, rows)

    def _drop_cards(self, course: int, rows: Iterable[CourseQuestion]) -> None:
        item_ids = [own_roadmap.read_question(row).item_id for row in rows]
        cards = (QuizCard.roadmap_id == own_roadmap.make_id(course), QuizCard.item_id.in_(item_ids))
        self._session.execute(delete(QuizCard).where(*cards))

    def copy(self, source: int, target: int, now: datetime) -> int:
        """Copy the accepted questions of a course to one with the same unit ids; return how many."""
        rows = self.list(source, states=(ACCEPTED,))
        for row in rows:
            values = {column.key: getattr(row, column.key) for column in inspect(CourseQuestion).columns}
            new = {**values, "course_id": target, "created_at": now, "changed_at": now}
            del new["id"]
            self._session.add(CourseQuestion(**new))
        self._session.flush()
        return len(rows)

    def _lock(self, course: int) -> None:
        """Have changes to the questions of one course run one after the other."""
        self._session.execute(select(OwnRoadmap.id).where(OwnRoadmap.id == course).with_for_update())

    def _find_duplicate(self, course: int, question: ShortQuestion, *, but: int = 0) -> Iterator[QuestionFault]:
        key = make_key(question.prompt)
        others = (row for row in self.list(course, states=(SUGGESTED, ACCEPTED)) if row.id != but)
        if any(make_key(row.prompt) == key for row in others):
            yield QuestionFault("question", "**Question**: this course already has that question.")

    def _find_full(self, course: int, unit_id: str) -> Iterator[QuestionFault]:
        """Yield that a unit has as many questions as fit."""
        if self._count(course, CourseQuestion.state == ACCEPTED, CourseQuestion.unit_id == unit_id) >= MOST:
            yield UNIT_FULL

    def _find_waiting(self, course: int, author_id: int | None) -> Iterator[QuestionFault]:
        """Yield that too many suggestions wait, of the author or of all."""
        mine = (CourseQuestion.state == SUGGESTED, CourseQuestion.author_id == author_id)
        if self._count(course, *mine) >= MOST_OF_MEMBER:
            sentence = f"{MOST_OF_MEMBER} of your suggestions wait for a moderator. Please wait for an answer first."
            yield QuestionFault("question", sentence)
        if self._count(course, CourseQuestion.state == SUGGESTED) >= MOST_SUGGESTED:
            yield QuestionFault("question", "Many suggestions wait for a moderator. Please try again later.")

    def _count(self, course: int, *where: ColumnElement[bool]) -> int:
        chosen = select(func.count()).select_from(CourseQuestion).where(CourseQuestion.course_id == course, *where)
        return self._session.scalar(chosen) or 0


def _make_row(
    course: int,
    unit_id: str,
    clean: ShortQuestion,
    now: datetime,
    author_id: int | None,
    accepted_by: int | None,
    group_id: int | None,
) -> CourseQuestion:
    return CourseQuestion(
        course_id=course,
        group_id=group_id,
        unit_id=unit_id,
        prompt=clean.prompt,
        right_answer=clean.right,
        wrong_answers="\n".join(clean.wrong),
        why=clean.why,
        source=clean.source,
        author_id=author_id,
        created_at=now,
        changed_at=now,
        state=SUGGESTED if accepted_by is None else ACCEPTED,
        decided_by=accepted_by,
        decided_at=None if accepted_by is None else now,
    )


def _refuse(faults: Sequence[QuestionFault]) -> None:
    """Raise BadInput with a sentence for each fault, if there are any."""
    if faults:
        raise BadInput("\n".join(fault.sentence for fault in faults), field=faults[0].field)


def sweep(work: Work, now: datetime) -> int:
    """Delete questions that were retired or refused long ago."""
    old = (CourseQuestion.state == RETIRED, CourseQuestion.decided_at <= now - RETIRED_FOR)
    return len(work.session.scalars(delete(CourseQuestion).where(*old).returning(CourseQuestion.id)).all())
