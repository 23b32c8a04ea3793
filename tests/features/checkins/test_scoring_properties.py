"""Scoring: what holds for every history."""

import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.features.checkins.scoring import AwaySpan, CheckinFact, LedgerLine, Period, QuizFact, Score, score
from bot.features.checkins.wording import describe_state
from tests.examples import examples

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
WEEK, HOUR, LEG = timedelta(weeks=1), timedelta(hours=1), 6
MISSED = {"missed", "frozen"}
few = examples(100)


@dataclass(frozen=True)
class Unit:
    """How one unit went: hours of its check-ins after it opened, and what holds it."""

    hours: tuple[int, ...] = ()
    hold: str = ""
    id: str = field(default="", compare=False)


hours = st.lists(st.integers(0, 24 * 20), max_size=4).map(tuple)
unit = st.builds(Unit, hours, st.sampled_from(["", "", "", "excused", "paused", "away"]))
plain = st.builds(Unit, st.sampled_from([(), (), (24,), (24,), (160,), (24, 60)]))
histories = st.lists(st.one_of(unit, plain), min_size=1, max_size=16).map(
    lambda units: [replace(one, id=f"u{place}") for place, one in enumerate(units)]
)


def opening(place: int) -> datetime:
    return START + WEEK * place


def facts(units: list[Unit]) -> list[CheckinFact]:
    moments = [(one.id, opening(place) + HOUR * after) for place, one in enumerate(units) for after in one.hours]
    return [CheckinFact(unit_id, at, at.date()) for unit_id, at in moments]


def period(place: int, one: Unit) -> Period:
    opens_at = opening(place)
    ends, is_paused = opens_at + HOUR * 156, one.hold == "paused"
    return Period(one.id, place + 1, opens_at, ends, opens_at + WEEK, is_paused, place // LEG + 1)


def scored(
    units: list[Unit],
    *,
    now: datetime | None = None,
    voided: str = "",
    checkins: list[CheckinFact] | None = None,
    quizzes: Sequence[datetime] = (),
    repaired: Collection[str] = (),
) -> Score:
    days: list[date] = [(opening(p) + HOUR * 156).date() for p, one in enumerate(units) if one.hold == "away"]
    return score(
        [period(place, one) for place, one in enumerate(units)],
        facts(units) if checkins is None else checkins,
        now=now or opening(len(units)) + 4 * WEEK,
        joined_at=START,
        excused={unit.id for unit in units if unit.hold == "excused"},
        voided={voided},
        away=[AwaySpan(day, day, START, ZoneInfo("UTC")) for day in days],
        quizzes=[QuizFact(moment.date(), moment) for moment in quizzes],
        repaired=repaired,
    )


def at(units: list[Unit], place: int, one: Unit) -> list[Unit]:
    return [*units[:place], replace(one, id=units[place].id), *units[place + 1 :]]


def balance(line: LedgerLine) -> tuple[str, str, int, int]:
    return line.unit_id, line.outcome, line.streak, line.freezes


@few
@given(histories)
def test_a_streak_never_exceeds_the_kept_units_and_freezes_stay_between_none_and_two(units: list[Unit]) -> None:
    result = scored(units)
    kept = sum(line.outcome in {"kept", "late"} for line in result.ledger)
    assert 0 <= result.streak <= result.best_streak <= kept
    assert all(0 <= line.freezes <= 2 for line in result.ledger)
    assert len(result.freezes_spent_on) + result.freezes_held <= 1 + kept // 4
    assert len(result.states) == len(units)
    assert not (result.fading and result.is_resting)


@few
@given(histories)
def test_a_unit_moves_the_balance_by_one_step_only(units: list[Unit]) -> None:
    for before, after in pairwise(scored(units).ledger):
        if after.outcome in {"kept", "late"}:
            assert after.streak == before.streak + 1
            assert after.freezes in {before.freezes, before.freezes + 1}
        elif after.outcome == "frozen":
            assert (after.streak, after.freezes) == (before.streak, before.freezes - 1)
            assert before.streak > 0
        elif after.outcome == "missed":
            assert (after.streak, after.freezes) == (0, before.freezes)
            assert before.streak == 0 or before.freezes == 0
        else:
            assert (after.streak, after.freezes) == (before.streak, before.freezes)


@few
@given(histories, st.data(), st.integers(0, 156))
def test_an_added_on_time_check_in_never_lowers_points_or_the_streak(
    units: list[Unit], data: st.DataObject, hour: int
) -> None:
    place = data.draw(st.integers(0, len(units) - 1))
    one = units[place]
    before, after = scored(units), scored(at(units, place, replace(one, hours=(*one.hours, hour))))
    assert all(after.points_by_unit[unit_id] >= earned for unit_id, earned in before.points_by_unit.items())
    # Later a freeze that now protects a streak is spent, so the streaks compare up to the next miss.
    for old, new in zip(before.ledger[place:], after.ledger[place:], strict=True):
        assert new.streak >= old.streak
        if new is not after.ledger[place] and old.outcome in MISSED:
            break


@few
@given(histories, st.data(), st.sampled_from(["excused", "paused", "away"]))
def test_a_held_unit_stands_between_missed_and_kept_and_costs_no_freeze(
    units: list[Unit], data: st.DataObject, hold: str
) -> None:
    place = data.draw(st.integers(0, len(units) - 1))
    missed, held, kept = (
        scored(at(units, place, one)).ledger[place] for one in (Unit(), Unit(hold=hold), Unit(hours=(24,)))
    )
    assert missed.streak <= held.streak < kept.streak
    assert missed.freezes <= held.freezes <= kept.freezes


@few
@given(histories, st.data(), st.sampled_from(["excused", "paused", "away"]))
def test_a_held_unit_leaves_the_balance_as_if_it_had_not_been_there(
    units: list[Unit], data: st.DataObject, hold: str
) -> None:
    place = data.draw(st.integers(0, len(units) - 1))
    held = at(units, place, Unit(hold=hold))
    without = score(
        [period(p, one) for p, one in enumerate(held) if p != place],
        facts(held),
        now=opening(len(units)) + 4 * WEEK,
        joined_at=START,
        excused={one.id for one in held if one.hold == "excused"},
        away=[
            AwaySpan(day, day, START, ZoneInfo("UTC"))
            for day in ((opening(p) + HOUR * 156).date() for p, one in enumerate(held) if one.hold == "away")
        ],
    )
    lines = [line for line in scored(held).ledger if line.unit_id != held[place].id]
    assert [balance(line) for line in lines] == [balance(line) for line in without.ledger]


@few
@given(histories, st.data())
def test_voiding_a_unit_is_taking_back_its_check_ins_and_nothing_else(units: list[Unit], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(units) - 1))
    void = scored(units, voided=units[place].id)
    taken_back = scored(at(units, place, replace(units[place], hours=())))
    assert [balance(line) for line in void.ledger] == [balance(line) for line in taken_back.ledger]
    assert void.points_by_unit == taken_back.points_by_unit
    assert (void.fading, void.is_resting) == (taken_back.fading, taken_back.is_resting)


@few
@given(histories, st.integers(0, 20 * 7 * 24))
def test_what_has_been_told_about_a_closed_unit_never_changes_later(units: list[Unit], hour: int) -> None:
    now = START + HOUR * hour
    then, later = scored(units, now=now), scored(units)
    closed = [line for line in then.ledger if line.grace_until <= now]
    assert [balance(line) for line in closed] == [balance(line) for line in later.ledger[: len(closed)]]


@few
@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_check_ins_and_a_repeated_one_change_nothing(units: list[Unit], chance: random.Random) -> None:
    shuffled = facts(units) * 2
    chance.shuffle(shuffled)
    assert scored(units, checkins=shuffled) == scored(units)


@few
@given(histories, st.lists(st.integers(-24, 24 * 7 * 18), max_size=12))
def test_days_with_a_quiz_earn_a_point_each_and_touch_neither_streaks_nor_freezes(
    units: list[Unit], after: list[int]
) -> None:
    moments = [START + HOUR * hour for hour in after]
    result, without = scored(units, quizzes=moments), scored(units)
    assert [balance(line) for line in result.ledger] == [balance(line) for line in without.ledger]
    assert (result.fading, result.is_resting) == (without.fading, without.is_resting)
    ends = opening(len(units))
    assert result.points - without.points == len({moment.date() for moment in moments if START <= moment < ends})
    assert [line.points for line in result.ledger] == [state.points for state in result.states]
    assert all("for quiz days" in describe_state(state) for state in result.states if state.quiz_points)


@few
@given(histories, st.sets(st.integers(0, 20)))
def test_repairs_hold_once_a_leg_never_add_and_earn_nothing(units: list[Unit], places: set[int]) -> None:
    result, without = scored(units, repaired={f"u{place}" for place in places}), scored(units)
    held = [line for line in result.ledger if line.outcome == "repaired"]
    assert all(count == 1 for count in Counter((line.number - 1) // LEG for line in held).values())
    assert {line.number - 1 for line in held} <= places
    assert all(state.state == "caught up" for state in result.states if state.outcome == "repaired")
    kept = sum(line.outcome in {"kept", "late"} for line in result.ledger)
    assert result.streak <= result.best_streak <= kept
    assert result.points_by_unit == without.points_by_unit
    for before, after in pairwise(result.ledger):
        if after.outcome == "repaired":
            assert (after.streak, after.freezes) == (before.streak, before.freezes) and before.streak > 0
    first = held[0].number - 1 if held else len(units)
    assert result.ledger[:first] == without.ledger[:first]
    assert held or result == without
