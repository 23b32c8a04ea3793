"""Which answers make a day with a quiz, wherever somebody says that they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.features.quiz.reviews import day
from bot.features.quiz.service import makes_day

START = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)
ZONES = st.sampled_from([ZoneInfo(name) for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC", "Asia/Kolkata")])
STEPS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from((0, 1, 30, 600))), min_size=1, max_size=40)


def quizzed(
    steps: list[tuple[str, int, ZoneInfo]],
) -> tuple[dict[date, tuple[datetime, datetime]], dict[date, set[str]]]:
    """Return when the days that are counted became so and end, and what was answered on each local day."""
    now, counted = START, dict[date, tuple[datetime, datetime]]()
    answers, asked = list[tuple[str, datetime]](), dict[date, set[str]]()
    for item, minutes, zone in steps:
        now += timedelta(minutes=minutes)
        answers.append((item, now))
        begins, ends = day(now, zone)
        today = now.astimezone(zone).date()
        asked.setdefault(today, set()).add(item)
        within = [(one, at) for one, at in answers if begins <= at < ends]
        if today not in counted and makes_day(within, [over for _, over in counted.values()]):
            counted[today] = now, ends
    return counted, asked


@given(st.lists(st.tuples(st.sampled_from((1, 30, 600)), ZONES), max_size=40))
def test_no_answer_makes_two_days_however_one_changes_their_zone(hops: list[tuple[int, ZoneInfo]]) -> None:
    counted, _ = quizzed([(str(n), minutes, zone) for n, (minutes, zone) in enumerate(hops)])
    instants = [START + timedelta(minutes=m) for m in accumulate(minutes for minutes, _ in hops)]
    made = [0, *(instants.index(at) + 1 for at, _ in counted.values())]
    assert all(after - before >= 5 for before, after in pairwise(made))
    assert all(over <= at for (_, over), (at, _) in pairwise(counted.values())), "two days at once"


@given(STEPS, ZONES)
def test_whoever_stays_in_their_zone_has_every_day_of_five_questions(
    steps: list[tuple[str, int]], zone: ZoneInfo
) -> None:
    counted, asked = quizzed([(*step, zone) for step in steps])
    assert set(counted) == {one for one, items in asked.items() if len(items) >= 5}
