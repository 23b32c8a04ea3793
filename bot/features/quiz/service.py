"""Attempts at questions, and the answers that stay.

What a quiz makes possible beyond itself: a port, which a feature that builds on quizzes fills.
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from bot.commands.context import Context
from bot.curriculum.bank import BankItem
from bot.curriculum.content import Unit
from bot.curriculum.track import Library, Track
from bot.features.courses.own_roadmap import find_track
from bot.features.groups.service import lock_group
from bot.features.groups.tables import Group
from bot.features.quiz import reviews
from bot.features.quiz.attempt import Posed
from bot.features.quiz.reviews import day, rate
from bot.features.quiz.strengths import list_last_answers
from bot.features.quiz.tables import QuizAnswer, QuizAttempt, QuizCard, QuizDay, QuizItem
from bot.features.quiz.weekly_round import WeeklyRound
from bot.features.rules import QUIZ_PASS, QUIZ_QUESTIONS
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.reply import Reply
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Work


class Prospects(ABC):
    """Knows what a finished quiz makes possible; a service above the quizzes implements it."""

    @abstractmethod
    def after(self, ctx: Context, attempt: Attempt) -> Reply | None:
        """Return what to add below the result, with the first buttons; None for nothing."""


KEPT = timedelta(weeks=2)

"""How long a stopped attempt can be continued."""

BRIDGE = "leg:"

"""Begins what stands in the place of a unit's id where a quiz is about what comes before a point of a leg."""

_SEEDS = 2**31


def makes_day(answers: Iterable[tuple[str, datetime]], ends: Collection[datetime]) -> bool:
    """Whether the answers on a local day make it one with a quiz: no other begins before it ends where it was spent.

    Args:
        answers: each question, and when it was answered.
        ends: when each day that is one already ends, in the zone of then; what was answered until then is its own.
    """
    fresh = {item_id for item_id, at in answers if not ends or at >= max(ends)}
    return len(fresh) >= QUIZ_QUESTIONS


@dataclass(frozen=True)
class Attempt:
    """An attempt: its questions in order, without those that the course no longer has."""

    row: QuizAttempt
    track: Track
    posed: tuple[Posed, ...]

    @property
    def unit(self) -> Unit | None:
        """Return its unit, if the course still has it."""
        return next((unit for unit in self.track.roadmap.units if unit.id == self.row.unit_id), None)

    @property
    def bridge(self) -> int | None:
        """Return the number of the part that it tests the way into, if it does."""
        return int(self.row.unit_id.removeprefix(BRIDGE)) if self.row.unit_id.startswith(BRIDGE) else None

    @property
    def is_review(self) -> bool:
        """Whether it is a review, not a quiz on a unit."""
        return not self.row.unit_id

    @property
    def next(self) -> Posed | None:
        """Return the first question without an answer."""
        return next((question for question in self.posed if question.given is None), None)

    @property
    def answered(self) -> tuple[Posed, ...]:
        """Return the questions with an answer."""
        return tuple(question for question in self.posed if question.given is not None)

    @property
    def missed(self) -> tuple[Posed, ...]:
        """Return the questions whose answer is not right."""
        return tuple(question for question in self.answered if not question.is_right)

    @property
    def is_passed(self) -> bool:
        """Whether it is on a unit and enough answers are right: of five questions, or of all if the unit has fewer."""
        bank = self.track.find_bank(self.row.unit_id)
        if bank is None or len(self.posed) < min(QUIZ_QUESTIONS, len(bank.items)):
            return False
        return (len(self.answered) - len(self.missed)) * QUIZ_QUESTIONS >= len(self.posed) * QUIZ_PASS

    def at(self, place: int) -> Posed | None:
        """Return the question of a place."""
        return next((question for question in self.posed if question.place == place), None)

    def number(self, posed: Posed) -> int:
        """Return which question it is, from 1."""
        return self.posed.index(posed) + 1


class Quizzes:
    """Begins and continues attempts, and stores answers."""

    def __init__(self, work: Work, library: Library) -> None:
        self._session = work.session
        self._library = library

    def begin(self, ctx: Context, track: Track, unit_id: str, items: Iterable[BankItem]) -> Attempt:
        """Begin an attempt at items in this order; an open one is ended.

        Args:
            unit_id: empty in a review.
        """
        account_id = ctx.actor.account_id
        before = update(QuizAttempt).where(*_open(ctx), _reviews() if not unit_id else _of(track))
        self._session.execute(before.values(ended_at=ctx.now))
        row = QuizAttempt(
            account_id=account_id,
            group_id=ctx.actor.group_id,
            roadmap_id=track.id,
            unit_id=unit_id,
            begun_at=ctx.now,
        )
        self._session.add(row)
        self._session.flush()
        posed = tuple(Posed(item, secrets.randbelow(_SEEDS), place) for place, item in enumerate(items, 1))
        self._session.add_all(
            QuizItem(attempt_id=row.id, place=question.place, item_id=question.item.id, seed=question.seed)
            for question in posed
        )
        return Attempt(row, track, posed)

    def find_open(self, ctx: Context, track: Track) -> Attempt | None:
        """Return the caller's open quiz on a course."""
        return self._newest(ctx, _of(track))

    def find_review(self, ctx: Context) -> Attempt | None:
        """Return the caller's open review."""
        return self._newest(ctx, _reviews())

    def enter_round(self, ctx: Context, track: Track, weekly: WeeklyRound) -> Attempt:
        """Return the caller's first attempt at a weekly round, which begins now if there is none."""
        chosen = select(QuizAttempt).where(
            QuizAttempt.account_id == ctx.actor.account_id,
            QuizAttempt.group_id == weekly.group_id,
            QuizAttempt.unit_id == weekly.key,
        )
        row = self._session.scalars(chosen.order_by(QuizAttempt.id).limit(1)).first()
        return self._load(row, track) if row is not None else self.begin(ctx, track, weekly.key, weekly.items)

    def _newest(self, ctx: Context, of: ColumnElement[bool]) -> Attempt | None:
        chosen = select(QuizAttempt).where(*_open(ctx), of, QuizAttempt.begun_at > ctx.now - KEPT)
        row = self._session.scalars(chosen.order_by(QuizAttempt.id.desc()).limit(1)).first()
        track = find_track(self._session, self._library, row.roadmap_id) if row is not None else None
        attempt = self._load(row, track) if row is not None and track is not None else None
        return attempt if attempt is not None and attempt.next is not None else None

    def list_due(self, attempt: Attempt) -> list[datetime]:
        """Return when the questions of an attempt come back, the earliest first."""
        items = [question.item.id for question in attempt.answered]
        chosen = select(QuizCard.due_at).where(
            QuizCard.account_id == attempt.row.account_id,
            QuizCard.roadmap_id == attempt.track.origin,
            QuizCard.item_id.in_(items),
        )
        return [*self._session.scalars(chosen.order_by(QuizCard.due_at))]

    def get(self, ctx: Context, attempt_id: int) -> Attempt:
        """Return an attempt of the caller's; NotFound if it is gone or another person's."""
        row = self._session.get(QuizAttempt, attempt_id)
        track = find_track(self._session, self._library, row.roadmap_id) if row is not None else None
        if row is None or track is None or row.account_id != ctx.actor.account_id or row.begun_at <= ctx.now - KEPT:
            raise NotFound(f"That quiz is over. To start another one, type {markup.typed('quiz')}.")
        return self._load(row, track)

    def _load(self, row: QuizAttempt, track: Track) -> Attempt:
        joined = (QuizAnswer.attempt_id == QuizItem.attempt_id) & (QuizAnswer.item_id == QuizItem.item_id)
        chosen_rows = (
            select(QuizItem.item_id, QuizItem.seed, QuizItem.place, QuizItem.chosen, QuizAnswer.given)
            .outerjoin(QuizAnswer, joined)
            .where(QuizItem.attempt_id == row.id)
            .order_by(QuizItem.place)
        )
        posed = (
            Posed(item, seed, place, chosen, given)
            for item_id, seed, place, chosen, given in self._session.execute(chosen_rows)
            if (item := track.items.get(item_id)) is not None
        )
        return Attempt(row, track, tuple(posed))

    def choose(self, attempt: Attempt, posed: Posed, chosen: str) -> Attempt:
        """Store the choice before it is submitted."""
        of = (QuizItem.attempt_id == attempt.row.id, QuizItem.place == posed.place)
        self._session.execute(update(QuizItem).where(*of).values(chosen=chosen))
        return self._load(attempt.row, attempt.track)

    def answer(self, ctx: Context, attempt: Attempt, posed: Posed, given: str) -> Attempt:
        """Store an answer; only the first one to a question counts."""
        is_right = posed.accepts(given)
        insert_once(
            self._session,
            QuizAnswer,
            account_id=attempt.row.account_id,
            group_id=attempt.row.group_id,
            attempt_id=attempt.row.id,
            roadmap_id=attempt.track.origin,
            item_id=posed.item.id,
            given=given,
            is_right=is_right,
            rating=reviews.GOOD if is_right else reviews.AGAIN,
            at=ctx.now,
        )
        rate(self._session, attempt.row.account_id, attempt.track.origin, posed.item.id)
        self._count_day(ctx, attempt.row)
        after = self._load(attempt.row, attempt.track)
        if after.next is None:
            attempt.row.ended_at = ctx.now
        return after

    def _count_day(self, ctx: Context, attempt: QuizAttempt) -> None:
        """Store today as a quiz day once enough questions are answered."""
        group = self._session.get(Group, attempt.group_id) if attempt.group_id is not None else None
        if group is None:
            return
        lock_group(self._session, group.id)
        begins, ends = day(ctx.now, ZoneInfo(ctx.actor.zone))
        key = (attempt.account_id, group.id, begins.astimezone(ZoneInfo(ctx.actor.zone)).date())
        answered = select(QuizAnswer.item_id, QuizAnswer.at).where(
            QuizAnswer.account_id == attempt.account_id,
            QuizAnswer.group_id == group.id,
            QuizAnswer.attempt_id.is_not(None),
            QuizAnswer.at >= begins,
            QuizAnswer.at < ends,
        )
        days = select(func.coalesce(QuizDay.ends_at, QuizDay.at))
        days = days.where(QuizDay.account_id == key[0], QuizDay.group_id == key[1])
        over, answers = self._session.scalars(days).all(), self._session.execute(answered)
        is_new = self._session.get(QuizDay, key) is None
        if not is_new or not makes_day(((item_id, at) for item_id, at in answers), over):
            return
        self._session.add(QuizDay(account_id=key[0], group_id=key[1], day=key[2], at=ctx.now, ends_at=ends))
        if group.has_quiz_points:
            group.wake_at = ctx.now

    def amend(self, attempt: Attempt, posed: Posed, rating: int) -> None:
        """Change a right answer's rating to how it felt."""
        of = (QuizAnswer.attempt_id == attempt.row.id, QuizAnswer.item_id == posed.item.id, QuizAnswer.is_right)
        self._session.execute(update(QuizAnswer).where(*of).values(rating=rating))
        rate(self._session, attempt.row.account_id, attempt.track.origin, posed.item.id)

    def missed(self, account_id: int, track: Track) -> list[BankItem]:
        """Return the questions of a track whose last answer was wrong, in its order."""
        last = list_last_answers(self._session, account_id, track)
        return [item for item in track.items.values() if last.get(item.id) is False]

    def has_passed(self, account_id: int, track: Track, unit_id: str) -> bool:
        """Whether a person has passed a unit's quiz recently."""
        chosen = select(QuizAttempt).where(
            QuizAttempt.account_id == account_id, QuizAttempt.roadmap_id == track.id, QuizAttempt.unit_id == unit_id
        )
        return any(self._load(row, track).is_passed for row in self._session.scalars(chosen))

    def pick(self, account_id: int, track: Track, items: Sequence[BankItem], count: int) -> list[BankItem]:
        """Return a number of items: never answered first, then missed, then the longest ago."""
        chosen = select(QuizAnswer.item_id, QuizAnswer.is_right, func.max(QuizAnswer.at)).where(
            QuizAnswer.account_id == account_id,
            QuizAnswer.roadmap_id == track.origin,
            QuizAnswer.item_id.in_([item.id for item in items]),
        )
        last: dict[str, tuple[datetime, bool]] = {}
        for item_id, is_right, at in self._session.execute(chosen.group_by(QuizAnswer.item_id, QuizAnswer.is_right)):
            last[item_id] = max(last.get(item_id, (at, is_right)), (at, is_right))
        shuffled = list(items)
        secrets.SystemRandom().shuffle(shuffled)

        def rank(item: BankItem) -> tuple[int, float]:
            if item.id not in last:
                return 0, 0.0
            at, is_right = last[item.id]
            return (2, at.timestamp()) if is_right else (1, 0.0)

        return sorted(shuffled, key=rank)[:count]


def _open(ctx: Context) -> tuple[ColumnElement[bool], ...]:
    return QuizAttempt.account_id == ctx.actor.account_id, QuizAttempt.ended_at.is_(None)


def _of(track: Track) -> ColumnElement[bool]:
    return and_(QuizAttempt.roadmap_id == track.id, QuizAttempt.unit_id != "")


def _reviews() -> ColumnElement[bool]:
    return QuizAttempt.unit_id == ""


def sweep(work: Work, now: datetime) -> int:
    """Delete attempts that nobody can continue; answers stay."""
    old = delete(QuizAttempt).where(QuizAttempt.begun_at <= now - KEPT).returning(QuizAttempt.id)
    return len(work.session.scalars(old).all())
