"""What a sentence says about when, in the words of its writer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.plans.date_phrases import find_moment

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2026, 3, 4, 13, 5, tzinfo=UTC)  # 14:05 in Berlin
CASES = {
    "read chapter 3 Tue 7pm": "Tue 10 Mar 19:00",
    "Tue 7pm": "Tue 10 Mar 19:00",
    "I'll do the exercise on Tuesday at 7 pm.": "Tue 10 Mar 19:00",
    "tomorrow evening": "Thu 05 Mar 19:00",
    "the exercise, tomorrow evening at 8": "Thu 05 Mar 20:00",
    "8 in the evening: nothing but sets": "Wed 04 Mar 20:00",
    "Saturday morning, coffee and backpropagation": "Sat 07 Mar 09:00",
    "sat 10:30 read": "Sat 07 Mar 10:30",
    "Saturday": "Sat 07 Mar 10:00",
    "on the weekend I watch the lecture": "Sat 07 Mar 10:00",
    "today at 5": "Wed 04 Mar 17:00",
    "today at 18:30": "Wed 04 Mar 18:30",
    "today": "Wed 04 Mar 15:00",
    "Sun 2:30 at night": "Sun 08 Mar 02:30",
    "nachts um 3": "Thu 05 Mar 03:00",
    "11 at night": "Wed 04 Mar 23:00",
    "12 at night": "Thu 05 Mar 00:00",
    "tonight at 12": "Thu 05 Mar 00:00",
    "at midnight": "Thu 05 Mar 00:00",
    "12am": "Thu 05 Mar 00:00",
    "Friday at midnight": "Sat 07 Mar 00:00",
    "Friday 12 am, the exercise": "Sat 07 Mar 00:00",
    "Friday 12:30 at night": "Sat 07 Mar 00:30",
    "Friday 12 pm": "Fri 06 Mar 12:00",
    "11-12pm on Friday": "Fri 06 Mar 11:00",
    "tonight after dinner": "Wed 04 Mar 19:00",
    "this afternoon": "Wed 04 Mar 15:00",
    "at 7pm I read": "Wed 04 Mar 19:00",
    "at 9am I read": "Thu 05 Mar 09:00",
    "every morning before work": "Thu 05 Mar 08:00",
    "after work": "Wed 04 Mar 18:00",
    "thursday after lunch": "Thu 05 Mar 13:00",
    "thursday after lunch at 2": "Thu 05 Mar 14:00",
    "at noon": "Thu 05 Mar 12:00",
    "Wed 1pm": "Wed 11 Mar 13:00",
    "Wednesday 3pm": "Wed 04 Mar 15:00",
    "next Wednesday 3pm": "Wed 11 Mar 15:00",
    "next Friday at noon": "Fri 06 Mar 12:00",
    "the day after tomorrow at half past six": "Fri 06 Mar 18:30",
    "Thursday 7-8pm": "Thu 05 Mar 19:00",
    "between 7 and 9 pm on Friday": "Fri 06 Mar 19:00",
    "Sunday 11-1pm": "Sun 08 Mar 11:00",
    "Thursday from 19:00 to 20:00": "Thu 05 Mar 19:00",
    "Mon and Thu at 7 in the morning": "Thu 05 Mar 07:00",
    "finish by Sunday, sit down on Friday at 6pm": "Fri 06 Mar 18:00",
    "finish it by Sunday": "Sun 08 Mar 10:00",
    "on 2026-03-06 at 16:00": "Fri 06 Mar 16:00",
    "6 March, 4pm": "Fri 06 Mar 16:00",
    "in 2 days at eight in the evening": "Fri 06 Mar 20:00",
    "at seven on Friday": "Fri 06 Mar 19:00",
    "07:15 on the train": "Thu 05 Mar 07:15",
    "Friday 20h": "Fri 06 Mar 20:00",
    # German
    "Di 19 Uhr": "Tue 10 Mar 19:00",
    "Kapitel 3 lesen, Di 19 Uhr": "Tue 10 Mar 19:00",
    "Do. 19:30 Aufgabe": "Thu 05 Mar 19:30",
    "Mo 20h lesen": "Mon 09 Mar 20:00",
    "am Dienstag um 7 Uhr": "Tue 10 Mar 07:00",
    "Dienstagabend die Übung": "Tue 10 Mar 19:00",
    "morgen Abend": "Thu 05 Mar 19:00",
    "morgen früh um 7": "Thu 05 Mar 07:00",
    "übermorgen nachmittags": "Fri 06 Mar 15:00",
    "heute Abend um acht": "Wed 04 Mar 20:00",
    "am Morgen": "Thu 05 Mar 09:00",
    "Samstag Morgen die Aufgabe": "Sat 07 Mar 09:00",
    "Fr 19-20 Uhr": "Fri 06 Mar 19:00",
    "um halb acht": "Wed 04 Mar 19:30",
    "um 12 Uhr nachts": "Thu 05 Mar 00:00",
    "Freitag um Mitternacht": "Sat 07 Mar 00:00",
    "Freitag 24 Uhr": "Sat 07 Mar 00:00",
    "Freitag 12 Uhr mittags": "Fri 06 Mar 12:00",
    "am 6.3. um 18 Uhr": "Fri 06 Mar 18:00",
    "am Wochenende": "Sat 07 Mar 10:00",
    "bis Sonntag, jeden Tag nach der Arbeit": "Wed 04 Mar 18:00",
    # a day by numbers alone is not guessed
    "on the 21st at noon": None,
    "on the 31st of March, 8pm": "Tue 31 Mar 20:00",
    "21/3 at noon": None,
    "5/5/2026 at noon": None,
    "am 21. um 18 Uhr": None,
    "on 3/4 at noon": None,  # the third of April or the fourth of March
    "on the 32nd at noon": None,
    "read 1/2 of it at 7pm": "Wed 04 Mar 19:00",
    "work on the 2nd chapter at 7pm": "Wed 04 Mar 19:00",
    # hours in words
    "Fri 7": "Fri 06 Mar 19:00",
    "Thursday 20": "Thu 05 Mar 20:00",
    "in two hours": "Wed 04 Mar 16:05",
    "in half an hour: dot products": "Wed 04 Mar 14:35",
    "in 90 minutes": "Wed 04 Mar 15:35",
    "in zwei Stunden": "Wed 04 Mar 16:05",
    "Fri 7 papers": "Fri 06 Mar 10:00",
    "read half two chapters": None,
    # no time at all
    "read chapter 3": None,
    "do 2 exercises and look at 3 papers": None,
    "so I may sit down for 2 hours, 30 minutes each": None,
    "look at 5 examples of 10": None,
    "get 90% at 3.2": None,
    "": None,
    "2026-02-31": None,
}


def said(text: str, now: datetime = WEDNESDAY, zone: ZoneInfo = BERLIN) -> str | None:
    at = find_moment(text, now, zone)
    return f"{at.astimezone(zone):%a %d %b %H:%M}" if at else None


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_a_sentence_is_read_as_its_writer_means_it(text: str, expected: str | None) -> None:
    assert said(text) == expected


def test_a_week_across_the_change_of_clocks_keeps_the_hour_that_was_said() -> None:
    friday = datetime(2026, 3, 27, 12, tzinfo=UTC)  # Berlin's clocks go ahead on Sunday
    assert find_moment("Saturday 7pm", friday, BERLIN) == datetime(2026, 3, 28, 18, tzinfo=UTC)
    assert find_moment("Sunday 7pm", friday, BERLIN) == datetime(2026, 3, 29, 17, tzinfo=UTC)
    assert said("Sunday 02:30", friday) == "Sun 29 Mar 03:30"  # an hour that does not exist


def test_the_day_is_that_of_the_writer() -> None:
    now = datetime(2026, 3, 4, 23, tzinfo=UTC)
    there = {zone: said("today at 23:00", now, ZoneInfo(zone)) for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")}
    assert there == {"Pacific/Kiritimati": "Thu 05 Mar 23:00", "Pacific/Pago_Pago": "Wed 04 Mar 23:00"}


def test_what_is_over_is_named_no_more_and_a_part_of_the_day_that_runs_comes_soon() -> None:
    late = datetime(2026, 3, 4, 19, 40, tzinfo=UTC)  # 20:40 in Berlin
    assert said("today at 9am", late) is None
    assert said("tonight", late) == "Wed 04 Mar 21:30"
    assert said("every evening", late) == "Wed 04 Mar 21:30"
    assert said("in the morning", late) == "Thu 05 Mar 09:00"


WORDS = st.lists(st.sampled_from(" ".join(CASES).split()) | st.text(max_size=4), max_size=12).map(" ".join)


@given(WORDS, st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.sampled_from(["UTC", "Asia/Kolkata"]))
def test_whatever_is_said_names_an_instant_ahead_or_none(text: str, now: datetime, zone: str) -> None:
    now = now.replace(tzinfo=UTC)
    at = find_moment(text, now, ZoneInfo(zone))
    assert at is None or now < at < now + timedelta(days=400) or "20" in text
