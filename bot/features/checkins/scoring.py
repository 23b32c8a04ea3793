"""Score one member: unit states, streak, freezes, points and ledger as one pure function of stored facts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Literal
from zoneinfo import ZoneInfo

from bot.features.rules import (
    BASE_POINTS,
    FADING_AFTER,
    FIRST_FREEZES,
    KEPT_PER_FREEZE,
    MOST_EXTRA_DAYS,
    MOST_FREEZES,
    QUIZ_DAY_POINTS,
    RESTING_AFTER,
)

Outcome = Literal["kept", "late", "frozen", "away", "excused", "paused", "missed", "repaired", "open", "before"]

State = Outcome | Literal["caught up"]


@dataclass(frozen=True)
class Period:
    """A unit as it opened for the group, its deadline as it stands now; all instants UTC.

    Args:
        leg: the number of its leg, in which one broken streak may be repaired.
    """

    unit_id: str
    number: int
    opens_at: datetime
    deadline_at: datetime
    grace_until: datetime
    is_paused: bool = False
    leg: int = 1


@dataclass(frozen=True)
class CheckinFact:
    """A check-in that stands: its instant, and the member's local day when it was made."""

    unit_id: str
    at: datetime
    day: date


@dataclass(frozen=True)
class QuizFact:
    """A local day of the member with a quiz, whatever was right, and when it became one."""

    day: date
    at: datetime


@dataclass(frozen=True)
class AwaySpan:
    """An absence in the member's local days, both included; one that ended early carries its real last day."""

    from_day: date
    until_day: date
    said_at: datetime
    zone: ZoneInfo

    def holds(self, period: Period) -> bool:
        """Say whether the absence was announced in time and the deadline falls into it."""
        day = period.deadline_at.astimezone(self.zone).date()
        return self.said_at < period.grace_until and self.from_day <= day <= self.until_day


_DONE: frozenset[Outcome] = frozenset({"kept", "late"})

_NOT_DONE: frozenset[Outcome] = frozenset({"missed", "frozen"})

_APART: frozenset[Outcome] = frozenset({"before", "away", "excused"})


@dataclass(frozen=True)
class UnitState:
    """What one unit shows: its state, and the outcome that the streak saw (they differ when it was caught up).

    Args:
        took_part: whether the member is among those of whom the others read how many kept it: nobody who was away or
            excused, rested at its deadline or had not come by then, unless they kept it.
    """

    unit_id: str
    number: int
    state: State
    outcome: Outcome
    base_points: int
    extra_day_points: int
    quiz_points: int
    is_void: bool = False
    took_part: bool = True

    @property
    def points(self) -> int:
        """Return all points of the unit."""
        return self.base_points + self.extra_day_points + self.quiz_points


@dataclass(frozen=True)
class LedgerLine:
    """One unit of the ledger: its deadline, its state, and the balance before and after it."""

    unit_id: str
    number: int
    deadline_at: datetime
    grace_until: datetime
    outcome: Outcome
    state: UnitState
    streak_before: int
    streak: int
    freezes: int
    points: int
    has_earned_freeze: bool = False


@dataclass(frozen=True)
class Score:
    """Everything that chat, page, board and report say about one member."""

    states: tuple[UnitState, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    kept_towards_freeze: int = 0
    fading: str | None = None
    is_resting: bool = False

    @property
    def streak(self) -> int:
        """Return the streak as it stands, a kept running unit included."""
        return self.ledger[-1].streak if self.ledger else 0

    @property
    def best_streak(self) -> int:
        """Return the longest streak there ever was."""
        return max((line.streak for line in self.ledger), default=0)

    @property
    def freezes_held(self) -> int:
        """Return how many freezes are left to spend."""
        return self.ledger[-1].freezes if self.ledger else FIRST_FREEZES

    @property
    def freezes_spent_on(self) -> tuple[str, ...]:
        """Return the ids of the units that a freeze covers, in order."""
        return tuple(line.unit_id for line in self.ledger if line.outcome == "frozen")

    @property
    def points(self) -> int:
        """Return the points of the whole season."""
        return sum(state.points for state in self.states)

    @property
    def points_by_unit(self) -> dict[str, int]:
        """Return the points of each unit that has opened, in order."""
        return {state.unit_id: state.points for state in self.states}


@dataclass(frozen=True)
class _Balance:
    streak: int = 0
    freezes: int = FIRST_FREEZES
    towards: int = 0  # kept units since the last freeze was earned; stands still while two are held


def score(
    periods: Sequence[Period],
    checkins: Iterable[CheckinFact],
    *,
    now: datetime,
    joined_at: datetime,
    excused: Collection[str] = frozenset(),
    voided: Collection[str] = frozenset(),
    away: Sequence[AwaySpan] = (),
    quizzes: Iterable[QuizFact] = (),
    repaired: Collection[str] = frozenset(),
    spared: Collection[str] = frozenset(),
    is_gone: bool = False,
) -> Score:
    """Score a member as of `now`; facts that lie after it are not seen.

    Args:
        periods: what has opened for the group, in order; those that open after `now` are left out.
        checkins: those that stand, in any order: neither undone nor void.
        joined_at: the first joining; units whose grace had ended by then are never missed.
        excused: unit ids that moderators excused for this member.
        voided: unit ids that moderators ruled not kept; their check-ins count for nothing.
        quizzes: in any order; each day counts once, for the unit that was the newest then, until its grace ends.
        repaired: unit ids at which a broken streak was repaired; it holds where the unit is caught up, once in a leg.
        spared: unit ids at which nobody who came in late has to have begun: to miss them is no silence until then.
        is_gone: the member has left the server.
    """
    seen = sorted((f for f in checkins if f.at <= now and f.unit_id not in voided), key=lambda fact: fact.at)
    by_unit: dict[str, list[CheckinFact]] = {}
    for fact in seen:
        by_unit.setdefault(fact.unit_id, []).append(fact)
    announced = [span for span in away if span.said_at <= now]
    began = [period for period in periods if period.opens_at <= now]
    quizzed = _list_quiz_units(began, (fact for fact in quizzes if joined_at <= fact.at <= now))
    instants = [fact.at for fact in seen]
    balance, states, ledger, mended = _Balance(), list[UnitState](), list[LedgerLine](), set[int]()
    for period in began:
        facts = by_unit.get(period.unit_id, [])
        judged = _judge(period, facts, now, joined_at, period.unit_id in excused, announced)
        may_hold = period.unit_id in repaired and bool(facts) and period.leg not in mended
        before, (balance, outcome) = balance, _step(balance, judged, may_hold=may_hold)
        mended |= {period.leg} if outcome == "repaired" else set()
        days = quizzed.count(period.unit_id)
        took_part = outcome in _DONE or not (
            outcome in _APART or period.deadline_at < joined_at or _is_resting(period, ledger, instants, spared)
        )
        states.append(_build_state(period, facts, outcome, period.unit_id in voided, days, took_part=took_part))
        ledger.append(_build_line(period, states[-1], before, balance))
    last_at = max((fact.at for fact in seen), default=None)
    heard = ledger if last_at is not None else [line for line in ledger if line.unit_id not in spared]
    fading, is_silent = _find_silence(heard, last_at)
    return Score(tuple(states), tuple(ledger), balance.towards, None if is_gone else fading, is_gone or is_silent)


def is_kept(period: Period, checkins: Iterable[CheckinFact], *, now: datetime, voided: Collection[str]) -> bool:
    """Whether a unit is completed as of `now`, on time or late; only the unit's own check-ins matter."""
    if now < period.opens_at or period.unit_id in voided:
        return False
    instants = (fact.at for fact in checkins if fact.unit_id == period.unit_id and fact.at <= now)
    return _judge_checkin(period, min(instants, default=None)) is not None


def sum_points(scored: Score, unit_ids: Collection[str]) -> int:
    """Return the points of some units, such as those of a phase or of the season."""
    return sum(state.points for state in scored.states if state.unit_id in unit_ids)


def _list_quiz_units(began: Sequence[Period], quizzes: Iterable[QuizFact]) -> list[str]:
    """Return the unit that each countable quiz day counts for."""
    first: dict[date, datetime] = {}
    for fact in quizzes:
        first[fact.day] = min(fact.at, first.get(fact.day, fact.at))
    newest = (next((period for period in reversed(began) if period.opens_at <= at), None) for at in first.values())
    return [
        period.unit_id for period, at in zip(newest, first.values(), strict=True) if period and at < period.grace_until
    ]


def _judge(
    period: Period,
    facts: Sequence[CheckinFact],
    now: datetime,
    joined_at: datetime,
    is_excused: bool,
    away: Sequence[AwaySpan],
) -> Outcome:
    """Return the outcome before freezes; work done in time beats every excuse."""
    if (done := _judge_checkin(period, facts[0].at if facts else None)) is not None:
        return done
    if period.grace_until <= joined_at:
        return "before"
    if is_excused:
        return "excused"
    if period.is_paused:
        return "paused"
    if any(span.holds(period) for span in away):
        return "away"
    return "missed" if period.grace_until <= now else "open"


def _judge_checkin(period: Period, first_at: datetime | None) -> Outcome | None:
    """Return the outcome of a first check-in on time or in the late period; None for a later one, or for none."""
    if first_at is not None and first_at <= period.deadline_at:
        return "kept"
    return "late" if first_at is not None and first_at < period.grace_until else None


def _step(balance: _Balance, judged: Outcome, *, may_hold: bool) -> tuple[_Balance, Outcome]:
    """Return the balance after a unit, and its outcome; a repair or a freeze turns a miss of a running streak."""
    if judged in _DONE:
        towards = balance.towards + 1 if balance.freezes < MOST_FREEZES else 0
        earned = towards // KEPT_PER_FREEZE
        return _Balance(balance.streak + 1, balance.freezes + earned, towards % KEPT_PER_FREEZE), judged
    if judged != "missed":
        return balance, judged
    if balance.streak and may_hold:
        return balance, "repaired"
    if balance.streak and balance.freezes:
        return _Balance(balance.streak, balance.freezes - 1, balance.towards), "frozen"
    return _Balance(0, balance.freezes, balance.towards), "missed"


def _build_state(
    period: Period, facts: Sequence[CheckinFact], outcome: Outcome, is_void: bool, quiz_days: int, *, took_part: bool
) -> UnitState:
    state: State = "caught up" if facts and outcome not in _DONE else outcome
    base = BASE_POINTS.get(state, 0)
    extra = min(MOST_EXTRA_DAYS, max(0, len({fact.day for fact in facts}) - 1))
    quizzes = quiz_days * QUIZ_DAY_POINTS
    return UnitState(period.unit_id, period.number, state, outcome, base, extra, quizzes, is_void, took_part)


def _build_line(period: Period, unit: UnitState, before: _Balance, after: _Balance) -> LedgerLine:
    return LedgerLine(
        unit_id=unit.unit_id,
        number=unit.number,
        deadline_at=period.deadline_at,
        grace_until=period.grace_until,
        outcome=unit.outcome,
        state=unit,
        streak_before=before.streak,
        streak=after.streak,
        freezes=after.freezes,
        points=unit.points,
        has_earned_freeze=after.freezes > before.freezes,
    )


def _is_resting(
    period: Period, earlier: Sequence[LedgerLine], instants: Sequence[datetime], spared: Collection[str]
) -> bool:
    """Whether the member was resting at a unit's deadline; later facts don't count."""
    last_at, silent = next((at for at in reversed(instants) if at <= period.deadline_at), None), 0
    for line in reversed(earlier):
        if line.outcome in _DONE or (last_at is not None and line.grace_until <= last_at):
            return False
        is_heard = last_at is not None or line.unit_id not in spared
        silent += is_heard and line.outcome in _NOT_DONE and line.grace_until <= period.deadline_at
    return silent >= RESTING_AFTER


def _find_silence(ledger: Sequence[LedgerLine], last_at: datetime | None) -> tuple[str | None, bool]:
    """Return why the member is fading, if so, and whether they rest; units held by absences don't count."""
    counted = [line for line in ledger if line.outcome in _DONE | _NOT_DONE]
    # Any check-in wakes: only what was missed after the newest one is silence.
    silent = list(
        takewhile(
            lambda line: line.outcome in _NOT_DONE and (last_at is None or line.grace_until > last_at),
            reversed(counted),
        )
    )
    if len(silent) >= RESTING_AFTER:
        return None, True
    if len(silent) < FADING_AFTER or last_at is None:
        return None, False
    *firsts, final = (str(line.number) for line in reversed(silent))
    since = _describe_earlier(counted[: len(counted) - len(silent)][-3:])
    return f"Missed units {', '.join(firsts)} and {final} {since}.", False


def _describe_earlier(earlier: Sequence[LedgerLine]) -> str:
    n_kept = sum(line.outcome in _DONE for line in earlier)
    if not n_kept:
        return "since the last check-in"
    return (
        f"after completing {n_kept} of the {len(earlier)} units before"
        if len(earlier) > 1
        else "after completing the unit before"
    )
