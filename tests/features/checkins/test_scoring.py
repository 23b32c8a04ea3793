"""Scoring: streaks, freezes, held units, rulings and points, case by case."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.features.checkins.scoring import AwaySpan, CheckinFact, Period, Score, score, sum_points
from bot.features.checkins.wording import describe_line, describe_state

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
TIMES = {"k": timedelta(days=2), "l": timedelta(days=6, hours=14), "c": timedelta(days=9)}


def period(number: int, *, is_paused: bool = False) -> Period:
    opens_at = START + WEEK * (number - 1)
    return Period(f"u{number}", number, opens_at, opens_at + timedelta(days=6.5), opens_at + WEEK, is_paused)


def checkin(number: int, after_opening: timedelta) -> CheckinFact:
    at = START + WEEK * (number - 1) + after_opening
    return CheckinFact(f"u{number}", at, at.date())


def story(
    text: str,
    *,
    running: str = "",
    extra: Sequence[CheckinFact] = (),
    excused: Collection[str] = (),
    voided: Collection[str] = (),
    away: Sequence[AwaySpan] = (),
    joined: timedelta = -WEEK,
    repaired: Collection[str] = (),
) -> Score:
    """Score a history: k kept, l late, c caught up, - nothing, e excused, p paused, a away; then the running unit."""
    letters = text + running
    periods = [period(number, is_paused=letter == "p") for number, letter in enumerate(letters, 1)]
    spans = [
        AwaySpan(one.deadline_at.date(), one.deadline_at.date(), one.opens_at, ZoneInfo("UTC"))
        for one, letter in zip(periods, letters, strict=True)
        if letter == "a"
    ]
    return score(
        periods,
        [*(checkin(number, TIMES[letter]) for number, letter in enumerate(letters, 1) if letter in TIMES), *extra],
        now=START + WEEK * len(text) + (3 * DAY if running else timedelta(0)),
        joined_at=START + joined,
        excused={f"u{number}" for number, letter in enumerate(letters, 1) if letter == "e"} | set(excused),
        voided=voided,
        away=[*spans, *away],
        repaired=repaired,
    )


def states(scored: Score) -> list[str]:
    return [unit.state for unit in scored.states]


# The streak


@pytest.mark.parametrize(
    ("text", "running", "streak", "best", "freezes", "spent"),
    [
        ("", "", 0, 0, 1, []),
        ("", ".", 0, 0, 1, []),
        ("", "k", 1, 1, 1, []),
        ("k", "", 1, 1, 1, []),
        ("kl", "", 2, 2, 1, []),  # late keeps
        ("kl", ".", 2, 2, 1, []),  # the running unit never breaks it
        ("kl", "k", 3, 3, 1, []),  # and counts once it is kept
        ("---k", "", 1, 1, 1, []),  # counted from the first that is kept; no freeze at streak 0
        ("k-", "", 1, 1, 0, ["u2"]),  # a freeze holds, it does not add
        ("k-k", "", 2, 2, 0, ["u2"]),
        ("k--", "", 0, 1, 0, ["u2"]),  # one freeze covers one unit
        ("k--k", "", 1, 1, 0, ["u2"]),
        ("kck", "", 2, 2, 0, ["u2"]),  # caught up: the freeze stays spent
        ("kkkk", "", 4, 4, 2, []),  # one more per four kept
        ("kkkkkkkkkkkk", "", 12, 12, 2, []),  # two at most
        ("kkkk--", "", 4, 4, 0, ["u5", "u6"]),
        ("kkkk---", "", 0, 4, 0, ["u5", "u6"]),
        ("kkkkkk-kk", "", 8, 8, 1, ["u7"]),  # kept units do not count ahead while two are held
        ("kkkkkk-kkkk", "", 10, 10, 2, ["u7"]),
        ("k-kkk", "", 4, 4, 1, ["u2"]),
        ("kk--kk", "", 2, 2, 1, ["u3"]),  # four kept earn one, also over a broken streak
        ("kpk", "", 2, 2, 1, []),
        ("kek", "", 2, 2, 1, []),
        ("kak", "", 2, 2, 1, []),
        ("kpppppea", "", 1, 1, 1, []),  # held units neither add nor cost
        ("pea", "", 0, 0, 1, []),
        ("kk", "p", 2, 2, 1, []),
    ],
)
def test_a_streak_counts_kept_units_and_freezes_hold_it(
    text: str, running: str, streak: int, best: int, freezes: int, spent: list[str]
) -> None:
    scored = story(text, running=running)
    assert (scored.streak, scored.best_streak) == (streak, best)
    assert (scored.freezes_held, list(scored.freezes_spent_on)) == (freezes, spent)


def test_a_member_who_kept_nothing_yet_has_an_empty_score() -> None:
    scored = score([], [], now=START, joined_at=START)
    assert scored == Score()
    assert (scored.streak, scored.freezes_held, scored.points) == (0, 1, 0)


@pytest.mark.parametrize(
    ("after_deadline", "state"),
    [
        (-DAY, "kept"),
        (timedelta(0), "kept"),
        (timedelta(microseconds=1), "late"),
        (12 * HOUR - timedelta(microseconds=1), "late"),
        (12 * HOUR, "caught up"),
    ],
)
def test_the_deadline_and_the_grace_are_cut_to_the_instant(after_deadline: timedelta, state: str) -> None:
    fact = checkin(1, timedelta(days=6.5) + after_deadline)
    assert states(story("-", running=".", extra=[fact]))[0] == state


def test_a_freeze_is_spent_at_the_instant_at_which_the_grace_ends() -> None:
    facts = [checkin(1, DAY)]
    end = period(2).grace_until
    just_before = score([period(1), period(2)], facts, now=end - timedelta(seconds=1), joined_at=START)
    at_the_end = score([period(1), period(2)], facts, now=end, joined_at=START)
    assert (states(just_before)[1], just_before.freezes_held) == ("open", 1)
    assert (states(at_the_end)[1], at_the_end.freezes_held) == ("frozen", 0)


def test_units_that_open_later_and_facts_that_lie_ahead_are_not_seen() -> None:
    scored = score([period(1), period(2)], [checkin(1, DAY)], now=START, joined_at=START)
    assert states(scored) == ["open"]


def test_a_check_in_for_a_unit_that_never_opened_changes_nothing() -> None:
    assert story("k-", extra=[CheckinFact("gone", START, START.date())]) == story("k-")


# Catching up


def test_catching_up_is_done_earns_less_and_never_touches_the_streak() -> None:
    missed, caught = story("k--k-"), story("k-ck-")
    assert states(caught) == ["kept", "frozen", "caught up", "kept", "missed"]
    assert [unit.outcome for unit in caught.states] == ["kept", "frozen", "missed", "kept", "missed"]
    assert (caught.streak, caught.best_streak, caught.freezes_held) == (missed.streak, missed.best_streak, 0)
    assert caught.points == missed.points + 4


@pytest.mark.parametrize(
    ("text", "outcome"), [("kc-", "frozen"), ("-c-", "missed"), ("c--", "missed"), ("kcc", "frozen")]
)
def test_what_was_caught_up_keeps_its_outcome_for_the_streak(text: str, outcome: str) -> None:
    place = text.index("c")
    unit = story(text).states[place]
    assert (unit.state, unit.outcome, unit.points) == ("caught up", outcome, 4)


@pytest.mark.parametrize(("letter", "outcome"), [("e", "excused"), ("p", "paused"), ("a", "away")])
def test_a_held_unit_may_be_caught_up(letter: str, outcome: str) -> None:
    scored = story(f"k{letter}-", extra=[checkin(2, 9 * DAY)])
    assert (scored.states[1].state, scored.states[1].outcome) == ("caught up", outcome)
    assert scored.ledger[1].streak == 1


# Held units


@pytest.mark.parametrize("letter", ["e", "p", "a"])
@pytest.mark.parametrize("time", ["k", "l"])
def test_work_in_time_wins_over_every_reason_not_to_do_it(letter: str, time: str) -> None:
    scored = story(f"k{letter}", extra=[checkin(2, TIMES[time])])
    assert scored.streak == 2
    assert states(scored)[1] == {"k": "kept", "l": "late"}[time]


@pytest.mark.parametrize(
    ("zone", "from_day", "until_day", "said", "state"),
    [
        # the deadline is Sunday, 11 January, 21:00 UTC
        ("UTC", date(2026, 1, 11), date(2026, 1, 11), 0 * DAY, "away"),
        ("UTC", date(2026, 1, 5), date(2026, 1, 10), 0 * DAY, "missed"),
        ("UTC", date(2026, 1, 12), date(2026, 1, 20), 0 * DAY, "missed"),
        ("UTC", date(2026, 1, 11), date(2026, 1, 10), 0 * DAY, "missed"),  # ended before it held anything
        ("Pacific/Kiritimati", date(2026, 1, 12), date(2026, 1, 12), 0 * DAY, "away"),
        ("Pacific/Kiritimati", date(2026, 1, 5), date(2026, 1, 11), 0 * DAY, "missed"),
        ("Asia/Kolkata", date(2026, 1, 12), date(2026, 1, 13), 0 * DAY, "away"),
        ("Pacific/Pago_Pago", date(2026, 1, 11), date(2026, 1, 11), 0 * DAY, "away"),
        ("UTC", date(2026, 1, 1), date(2026, 1, 20), timedelta(days=6.9), "away"),  # said within the grace
        ("UTC", date(2026, 1, 1), date(2026, 1, 20), 7 * DAY, "missed"),  # said when the grace was over
    ],
)
def test_away_holds_the_unit_whose_deadline_lies_in_the_members_own_days(
    zone: str, from_day: date, until_day: date, said: timedelta, state: str
) -> None:
    span = AwaySpan(from_day, until_day, START + said, ZoneInfo(zone))
    assert states(story("-", running=".", away=[span]))[0] == state


def test_an_absence_is_not_seen_before_it_was_said() -> None:
    span = AwaySpan(date(2026, 1, 5), date(2026, 1, 20), START + 3 * DAY, ZoneInfo("UTC"))
    seen_then = score([period(1)], [], now=START + DAY, joined_at=START, away=[span])
    seen_later = score([period(1)], [], now=START + 4 * DAY, joined_at=START, away=[span])
    assert states(seen_then) + states(seen_later) == ["open", "away"]


def test_excusing_a_missed_unit_gives_its_freeze_back() -> None:
    missed, excused = story("kk-"), story("kk-", excused=["u3"])
    assert (missed.freezes_held, excused.freezes_held) == (0, 1)
    assert (missed.streak, excused.streak) == (2, 2)


def test_excusing_mends_a_broken_streak_without_adding_to_it() -> None:
    assert story("kk--k").streak == 1
    assert story("kk--k", excused=["u4"]).streak == 3


# Rulings and joining


def test_a_void_unit_is_as_if_nothing_had_been_checked_in() -> None:
    kept, void = story("kkkc-"), story("kkkc-", voided=["u2", "u4"])
    assert kept.points - void.points == 14
    assert states(void) == ["kept", "frozen", "kept", "missed", "missed"]
    ruled = "A moderator decided that this unit doesn't count."
    assert describe_state(void.states[1]) == f"{ruled} A freeze saved the streak."
    assert describe_state(void.states[3]) == ruled, "they did check in"


def test_units_that_were_over_at_joining_are_never_missed() -> None:
    scored = story("--k", joined=2 * WEEK)
    assert states(scored) == ["before", "before", "kept"]
    assert (scored.streak, scored.freezes_held, scored.fading, scored.is_resting) == (1, 1, None, False)
    assert "Closed before joining." in describe_line(scored.ledger[0])


def test_the_unit_whose_grace_runs_at_joining_counts() -> None:
    assert states(story("-", joined=WEEK - timedelta(seconds=1))) == ["missed"]
    assert states(story("-", joined=WEEK)) == ["before"]


def test_units_from_before_joining_may_be_caught_up() -> None:
    scored = story("--", joined=WEEK, extra=[checkin(1, 8 * DAY)])
    assert states(scored) == ["caught up", "missed"]
    assert scored.points == 4


# Points


@pytest.mark.parametrize(
    ("offsets", "base", "extra"),
    [
        ([1 * DAY], 10, 0),
        ([1 * DAY, 1 * DAY + HOUR], 10, 0),  # the same day
        ([1 * DAY, 2 * DAY], 10, 1),
        ([1 * DAY, 2 * DAY, 3 * DAY, 4 * DAY], 10, 3),
        ([1 * DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY], 10, 3),  # three at most
        ([timedelta(days=6.6)], 8, 0),
        ([timedelta(days=6.6), 20 * DAY], 8, 1),
        ([8 * DAY], 4, 0),
        ([8 * DAY, 9 * DAY, 10 * DAY, 11 * DAY, 12 * DAY], 4, 3),
        ([12 * DAY, 1 * DAY], 10, 1),  # in any order
    ],
)
def test_points_reward_being_in_time_and_further_days(offsets: list[timedelta], base: int, extra: int) -> None:
    (first, *_) = story("---", extra=[checkin(1, offset) for offset in offsets]).states
    assert (first.base_points, first.extra_day_points, first.points) == (base, extra, base + extra)


def test_days_are_the_members_own_days() -> None:
    evening = checkin(1, DAY)
    next_local_day = replace(evening, at=evening.at + HOUR, day=evening.day + DAY)
    assert story("-", extra=[evening, next_local_day]).points == 11


def test_points_of_a_phase_are_the_points_of_its_units() -> None:
    scored = story("klc-", running="k")
    assert sum_points(scored, {"u1", "u2"}) == 18
    assert sum_points(scored, {"u3", "u4"}) == 4
    assert sum_points(scored, {"u5"}) == 10
    assert sum_points(scored, set()) == sum_points(scored, {"elsewhere"}) == 0
    assert scored.points == sum(scored.points_by_unit.values()) == 32
