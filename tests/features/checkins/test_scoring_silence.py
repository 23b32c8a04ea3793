"""Scoring: who fades or rests, and the ledger that explains a streak."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.features.checkins.scoring import CheckinFact, Period, Score, score
from bot.features.checkins.wording import describe_line

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
TIMES = {"k": timedelta(days=2), "l": timedelta(days=6, hours=14), "c": timedelta(days=9)}


def period(number: int, *, is_paused: bool = False) -> Period:
    opens_at = START + WEEK * (number - 1)
    return Period(f"u{number}", number, opens_at, opens_at + timedelta(days=6.5), opens_at + WEEK, is_paused)


def checkin(number: int, after_opening: timedelta) -> CheckinFact:
    at = START + WEEK * (number - 1) + after_opening
    return CheckinFact(f"u{number}", at, at.date())


def story(text: str, *, running: str = "", extra: Sequence[CheckinFact] = (), is_gone: bool = False) -> Score:
    """Score a history: k kept, l late, c caught up, - nothing, e excused, p paused; then the running unit."""
    units = list(enumerate(text + running, 1))
    return score(
        [period(number, is_paused=letter == "p") for number, letter in units],
        [*(checkin(number, TIMES[letter]) for number, letter in units if letter in TIMES), *extra],
        now=START + WEEK * len(text) + (3 * DAY if running else timedelta(0)),
        joined_at=START,
        excused={f"u{number}" for number, letter in units if letter == "e"},
        is_gone=is_gone,
    )


@pytest.mark.parametrize(
    ("text", "running", "fading"),
    [
        ("kkk--", "", "Missed units 4 and 5 after completing 3 of the 3 units before."),
        ("kkk--", ".", "Missed units 4 and 5 after completing 3 of the 3 units before."),
        ("k-k--", "", "Missed units 4 and 5 after completing 2 of the 3 units before."),
        ("kk--", "", "Missed units 3 and 4 after completing 2 of the 2 units before."),
        ("kkk---", "", "Missed units 4, 5 and 6 after completing 3 of the 3 units before."),
        (
            "kkkp-e-",
            "",
            "Missed units 5 and 7 after completing 3 of the 3 units before.",
        ),  # held units count neither way
        ("kkk-", "", None),
        ("k--", "", "Missed units 2 and 3 after completing the unit before."),
        ("--k--", "", "Missed units 4 and 5 after completing 1 of the 3 units before."),
        ("k--k---", "", "Missed units 5, 6 and 7 after completing 1 of the 3 units before."),
        ("kkkk----c--", "", "Missed units 10 and 11 since the last check-in."),
        ("---", "", None),  # who never began is not fading
        ("kkk--", "k", None),
        ("kkk--k", "", None),
        ("kkk-e", "", None),
        ("kkk----", "", None),  # resting by now
        ("kkk-c-", "", None),  # a check-in after the first miss broke the silence
    ],
)
def test_fading_is_two_missed_in_a_row_by_whoever_had_begun(text: str, running: str, fading: str | None) -> None:
    assert story(text, running=running).fading == fading


@pytest.mark.parametrize(
    ("text", "running", "is_resting"),
    [
        ("----", "", True),
        ("kkkk----", "", True),
        ("k---", "", False),
        ("--ep--", "", True),  # held units count neither way
        ("----", ".", True),
        ("----", "k", False),
        ("----k", "", False),
        ("----k-", "", False),
        ("---c-", "", False),  # caught up in the fifth week
    ],
)
def test_four_missed_in_a_row_rest_until_any_check_in(text: str, running: str, is_resting: bool) -> None:
    assert story(text, running=running).is_resting is is_resting


@pytest.mark.parametrize(
    ("text", "running", "extra", "took_part"),
    [
        ("----", ".", (), "yyyyn"),
        ("----", ".", (checkin(5, DAY),), "yyyyy"),
        ("-----", "", (checkin(5, 6.6 * DAY),), "yyyyy"),  # kept within the grace
        ("-----", ".", (checkin(4, 14.2 * DAY),), "yyyyny"),  # woke after its grace
        ("-----", ".", (checkin(4, 10 * DAY),), "yyyyyy"),  # woke before its deadline
        ("-e--p--", ".", (), "ynyyyyn."[:7] + "n"),
    ],
)
def test_whoever_rested_at_a_deadline_had_no_part_in_the_unit_even_once_they_are_awake(
    text: str, running: str, extra: Sequence[CheckinFact], took_part: str
) -> None:
    states = story(text, running=running, extra=extra).states
    assert "".join("y" if state.took_part else "n" for state in states) == took_part


def test_catching_up_an_old_unit_wakes_and_one_more_miss_does_not_send_back_to_rest() -> None:
    awake = [checkin(1, 4 * WEEK + DAY)]
    assert not story("----", running=".", extra=awake).is_resting
    assert not story("-----", extra=awake).is_resting
    assert story("--------", extra=awake).is_resting


def test_whoever_left_the_server_rests_and_does_not_fade() -> None:
    scored = story("kkk--", is_gone=True)
    assert (scored.is_resting, scored.fading) == (True, None)


def test_the_ledger_shows_period_by_period_what_happened_and_the_balance() -> None:
    scored = story("kkkl-e--c", running="k", extra=[checkin(1, 3 * DAY)])
    assert [(describe_line(line), line.streak, line.freezes, line.points) for line in scored.ledger] == [
        ("Checked in on time. Includes 1 point for extra days.", 1, 1, 11),
        ("Checked in on time.", 2, 1, 10),
        ("Checked in on time.", 3, 1, 10),
        (
            "Checked in during the late period. Earned a freeze.",
            4,
            2,
            8,
        ),
        ("Not checked in. A freeze saved the streak.", 4, 1, 0),
        ("Excused by a moderator.", 4, 1, 0),
        ("Not checked in. A freeze saved the streak.", 4, 0, 0),
        (
            "Not checked in before the late period ended. The streak of 4 ended.",
            0,
            0,
            0,
        ),
        ("Caught up after the late period.", 0, 0, 4),
        ("Checked in on time.", 1, 0, 10),
    ]
    assert [line.number for line in scored.ledger] == list(range(1, 11))
    assert scored.ledger[0].deadline_at == period(1).deadline_at


def test_a_held_unit_that_was_caught_up_tells_both() -> None:
    line = story("ke-", extra=[checkin(2, 9 * DAY)]).ledger[1]
    assert describe_line(line) == "Excused by a moderator. Caught up after the late period."


def test_kept_units_towards_the_next_freeze_are_told() -> None:
    assert [story("k" * n).kept_towards_freeze for n in range(6)] == [0, 1, 2, 3, 0, 0]
