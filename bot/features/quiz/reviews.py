"""Spaced repetition: a card per question and person, moved by the package `fsrs`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fsrs import Card, Rating, Scheduler
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.curriculum.bank import BankItem
from bot.curriculum.track import Library, Track
from bot.features.courses.own_roadmap import find_track
from bot.features.groups.calendar.rhythm import local_instant
from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow
from bot.features.quiz.tables import QuizAnswer, QuizAttempt, QuizCard, ReviewHabit
from bot.storage.insert import put
from bot.storage.unit_of_work import Work

AGAIN, HARD, GOOD, EASY = (int(rating) for rating in (Rating.Again, Rating.Hard, Rating.Good, Rating.Easy))

"""What an answer is rated: missed, right by a guess, right, and right with ease."""

SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)

"""Without steps of minutes, because nobody waits for a bot; without chance, so that a history gives one card."""


def card(history: Iterable[tuple[int, datetime]]) -> dict[str, Any]:
    """Return the card that a history of ratings and instants makes, in the form of `fsrs`; it needs at least one."""
    made: Card | None = None
    for rating, at in history:
        made, _ = SCHEDULER.review_card(made or Card(card_id=0, due=at), Rating(rating), at)
    assert made is not None
    return dict(made.to_dict())


def due_at(state: dict[str, Any]) -> datetime:
    """Return when a card is due."""
    return datetime.fromisoformat(state["due"])


FORECAST = 7

"""Days of a forecast, today included."""

AHEAD = timedelta(days=FORECAST)

CAP, MAX_CAP, HOUR = 10, 50, time(18)

"""Questions of a day unless somebody says how many, at most, and when they are told of them unless they say when."""

WEEKLY_ON = 0

"""The weekday on which those are told who want it weekly: Monday."""


@dataclass(frozen=True)
class Reviewer:
    """A member who wants review reminders."""

    account: AccountRow
    hour: time
    is_weekly: bool
    cap: int

    def is_told_on(self, day: date) -> bool:
        """Whether the member wants a reminder on a local day."""
        return not self.is_weekly or day.weekday() == WEEKLY_ON


@dataclass(frozen=True)
class PartRecall:
    """How much of a part somebody will probably remember.

    Args:
        label: of the part, with its course if the person has several; unescaped.
        percent: the mean probability of a right answer in a week without review.
        questions: how many of its questions they have answered.
    """

    label: str
    percent: int
    questions: int


class Reviews:
    """Cards and habits of people."""

    def __init__(self, work: Work, library: Library) -> None:
        self._session = work.session
        self._library = library

    def due(self, account_id: int, until: datetime) -> tuple[Track, list[BankItem]] | None:
        """Return the questions due before an instant, the longest due first, of one course; None if none is due."""
        chosen = select(QuizCard.roadmap_id, QuizCard.item_id).where(
            QuizCard.account_id == account_id, QuizCard.due_at < until
        )
        due_items = [
            (track, track.items[item_id])
            for roadmap_id, item_id in self._session.execute(chosen.order_by(QuizCard.due_at, QuizCard.item_id))
            if (track := find_track(self._session, self._library, roadmap_id)) is not None and item_id in track.items
        ]
        return (due_items[0][0], [item for track, item in due_items if track is due_items[0][0]]) if due_items else None

    def forecast_reviews(self, account_id: int, today: date, zone: ZoneInfo) -> list[tuple[date, int]]:
        """Return how many questions come back on each local day from today on; today's include those overdue."""
        ends = [local_instant(today + timedelta(days=n + 1), time.min, zone) for n in range(FORECAST)]
        chosen = select(QuizCard.due_at).where(QuizCard.account_id == account_id, QuizCard.due_at < ends[-1])
        due = list(self._session.scalars(chosen))
        counts = [sum(at < end for at in due) for end in ends]
        return [(today + timedelta(days=n), counts[n] - (counts[n - 1] if n else 0)) for n in range(FORECAST)]

    def estimate_recall(self, account_id: int, now: datetime) -> list[PartRecall]:
        """Return how well somebody will remember each part in a week, of the parts that they have answered."""
        then = now + AHEAD
        chosen = select(QuizCard.roadmap_id, QuizCard.item_id, QuizCard.state).where(QuizCard.account_id == account_id)
        known: dict[tuple[str, str], float] = {
            (roadmap_id, item_id): SCHEDULER.get_card_retrievability(Card.from_dict(state), then)
            for roadmap_id, item_id, state in self._session.execute(chosen)
        }
        ids = dict.fromkeys(roadmap_id for roadmap_id, _ in known)
        courses = [course for id_ in ids if (course := find_track(self._session, self._library, id_)) is not None]
        parts = []
        for course in courses:
            for part in course.roadmap.parts:
                banks = [course.banks[unit.id] for unit in part.units if unit.id in course.banks]
                keys = [(course.id, item.id) for bank in banks for item in bank.items]
                shares = [known[key] for key in keys if key in known]
                if shares:
                    label = f"{course.title}, part {part.number}" if len(courses) > 1 else f"Part {part.number}"
                    parts.append(PartRecall(label, round(100 * sum(shares) / len(shares)), len(shares)))
        return parts

    def next_due_at(self, account_id: int) -> datetime | None:
        """Return when the next question is due; None without answers."""
        return self._session.scalar(select(func.min(QuizCard.due_at)).where(QuizCard.account_id == account_id))

    def count_reviewed(self, account_id: int, since: datetime) -> int:
        """Return how many questions somebody has reviewed since an instant."""
        return count_reviewed(self._session, account_id, since)

    def habit(self, account_id: int) -> ReviewHabit:
        """Return a person's habit, or the default."""
        row = self._session.get(ReviewHabit, account_id)
        return row or ReviewHabit(account_id=account_id, cap=CAP, hour=HOUR, nudge="no")

    def keep(self, account_id: int, *, cap: int, hour: time, nudge: str, now: datetime) -> None:
        """Store a person's habit, and wake the schedule for their groups, ended ones included."""
        put(self._session, ReviewHabit, [{"account_id": account_id, "cap": cap, "hour": hour, "nudge": nudge}])
        theirs = select(Membership.group_id).where(Membership.account_id == account_id, Membership.left_at.is_(None))
        self._session.execute(update(Group).where(Group.id.in_(theirs)).values(wake_at=now))


def rate(session: Session, account_id: int, roadmap_id: str, item_id: str) -> None:
    """Compute a card again from all answers of a person to a question."""
    of = QuizAnswer.account_id == account_id, QuizAnswer.roadmap_id == roadmap_id, QuizAnswer.item_id == item_id
    history = select(QuizAnswer.rating, QuizAnswer.at).where(*of).order_by(QuizAnswer.at, QuizAnswer.id)
    state = card((rating, at) for rating, at in session.execute(history))
    row = {
        "account_id": account_id,
        "roadmap_id": roadmap_id,
        "item_id": item_id,
        "state": state,
        "due_at": due_at(state),
    }
    put(session, QuizCard, [row])


def list_reviewers(session: Session, group_id: int) -> list[Reviewer]:
    """Return the group's members who want review reminders."""
    chosen = (
        select(AccountRow, ReviewHabit.hour, ReviewHabit.nudge, ReviewHabit.cap)
        .join(ReviewHabit, ReviewHabit.account_id == AccountRow.id)
        .join(Membership, Membership.account_id == AccountRow.id)
        .where(Membership.group_id == group_id, Membership.left_at.is_(None), ReviewHabit.nudge != "no")
    )
    return [
        Reviewer(account, hour, nudge == "weekly", cap)
        for account, hour, nudge, cap in session.execute(chosen.order_by(AccountRow.id))
    ]


def count_due(session: Session, who: Reviewer, today: tuple[datetime, datetime]) -> int:
    """Return how many questions a person is asked on a day, at most their cap.

    Args:
        today: the day's start and end.
    """
    begins, ends = today
    chosen = select(func.count()).where(QuizCard.account_id == who.account.id, QuizCard.due_at < ends)
    row = session.scalar(chosen) or 0
    return max(0, min(row, who.cap - count_reviewed(session, who.account.id, begins))) if row else 0


def count_reviewed(session: Session, account_id: int, since: datetime) -> int:
    """Return how many questions somebody has reviewed since an instant."""
    chosen = (
        select(func.count())
        .select_from(QuizAnswer)
        .join(QuizAttempt, QuizAttempt.id == QuizAnswer.attempt_id)
        .where(QuizAnswer.account_id == account_id, QuizAnswer.at >= since, QuizAttempt.unit_id == "")
    )
    return session.scalar(chosen) or 0


def last_answer_at(session: Session, account_id: int) -> datetime | None:
    """Return when somebody last answered a question; None to who never has."""
    return session.scalar(select(func.max(QuizAnswer.at)).where(QuizAnswer.account_id == account_id))


def day(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the start and the end of an instant's local day."""
    today = now.astimezone(zone).date()
    return local_instant(today, time.min, zone), local_instant(today + timedelta(days=1), time.min, zone)
