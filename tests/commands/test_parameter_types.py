"""What people type for a value, and what it means."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.parameter_types import (
    EXAMPLES,
    Kind,
    between,
    find_bool,
    parse,
    parse_bool,
    parse_choice,
    parse_clock,
    parse_date,
    parse_int,
    parse_minutes,
    parse_url,
    parse_zone,
    straighten,
    suggest_zones,
    zone_names,
)
from bot.messages import markup
from bot.messages.errors import BadInput

WEDNESDAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("45", 45),
        ("45m", 45),
        ("45 min", 45),
        ("45 minutes", 45),
        ("1h30", 90),
        ("1h 30m", 90),
        ("1 h 30 min", 90),
        ("1:30", 90),
        ("1.5 h", 90),
        ("1,5h", 90),
        ("1.5 hours", 90),
        ("2h", 120),
        ("0.25 h", 15),
        ("2 HOURS", 120),
        ("1 hour", 60),
        ("1 hour 30 minutes", 90),
        ("1h, 30m", 90),
        ("1 hr. 30 min.", 90),
        ("1h & 30m", 90),
        ("1 hour and 30 minutes", 90),
        ("an hour", 60),
        ("half an hour", 30),
        ("an hour and a half", 90),
        ("an hour and 30 minutes", 90),
        ("a quarter of an hour", 15),
        ("for 45 min", 45),
        ("1h5", 65),
    ],
)
def test_a_length_of_time_is_read_kindly(said: str, minutes: int) -> None:
    assert parse_minutes(said) == minutes


@pytest.mark.parametrize(
    "said", ["soon", "", "45 50", "1h70", "-5", "h", "1e3", "999999", "4 5 m", "1.555h", "45s", "1 hour 2"]
)
def test_what_is_no_length_of_time_is_refused_in_its_own_words(said: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_minutes(said)
    assert f"“{said}”" in refused.value.sentence


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", "2026-03-04"),
        ("now", "2026-03-04"),
        ("Tomorrow", "2026-03-05"),
        ("yesterday", "2026-03-03"),
        ("2026-12-01", "2026-12-01"),
        ("next monday", "2026-03-09"),
        ("monday", "2026-03-09"),
        ("fri", "2026-03-06"),
        ("on friday", "2026-03-06"),
        ("wednesday", "2026-03-11"),
        ("next wednesday", "2026-03-11"),
        ("in 3 days", "2026-03-07"),
        ("in 2 weeks", "2026-03-18"),
        ("1w", "2026-03-11"),
        ("5 d", "2026-03-09"),
        ("two weeks", "2026-03-18"),
        ("a week", "2026-03-11"),
        ("In twelve days", "2026-03-16"),
        ("until in two weeks", "2026-03-18"),
        ("one month", "2026-04-04"),
        ("in 12 months", "2027-03-04"),
        ("until friday", "2026-03-06"),
        ("Till  next monday", "2026-03-09"),
        ("to 2026-12-01", "2026-12-01"),
        ("from tomorrow", "2026-03-05"),
        ("by friday", "2026-03-06"),
        ("until in 2 weeks", "2026-03-18"),
        ("this week", "2026-03-08"),
        ("until the end of the week", "2026-03-08"),
        ("this friday", "2026-03-06"),
    ],
)
def test_a_day_is_read_kindly(said: str, day: str) -> None:
    assert parse_date(said, WEDNESDAY).isoformat() == day


def test_a_month_ends_no_later_than_its_last_day() -> None:
    assert parse_date("a month", date(2026, 1, 31)).isoformat() == "2026-02-28"
    assert parse_date("two months", date(2026, 12, 31)).isoformat() == "2027-02-28"


@pytest.mark.parametrize(
    "said",
    [
        "someday",
        "2026-02-30",
        "32",
        "next",
        "12/01/2026",
        "in 9999 weeks",
        "mo",
        "",
        "until",
        "this",
        "aday",
        "no weeks",
    ],
)
def test_what_is_no_day_is_refused(said: str) -> None:
    with pytest.raises(BadInput, match="is not a day"):
        parse_date(said, WEDNESDAY)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(["monday", "next monday", "on mon"]))
def test_a_weekday_is_always_one_to_seven_days_ahead(today: date, said: str) -> None:
    found = parse_date(said, today)
    assert found.weekday() == 0
    assert timedelta(1) <= found - today <= timedelta(7)


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("utc", "UTC"),
        ("kiritimati", "Pacific/Kiritimati"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("Etc/GMT+3", "Etc/GMT+3"),
    ],
)
def test_a_zone_is_found_by_name_or_city(said: str, zone: str) -> None:
    assert parse_zone(said) == zone


def test_a_slip_in_a_zone_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(BadInput, match=r"^Europe/Berln: did you mean Europe/Berlin\?$"):
        parse_zone("Europe/Berln")


def test_a_slip_in_a_city_is_answered_with_its_zone() -> None:
    with pytest.raises(BadInput, match=r"did you mean Europe/Berlin\?$"):
        parse_zone("berlinn")


def test_an_unknown_zone_is_refused_without_a_guess() -> None:
    with pytest.raises(BadInput, match=r"^Narnia is not a time zone I know$"):
        parse_zone("Narnia")


def test_every_zone_that_is_suggested_can_be_loaded_and_read_back() -> None:
    for zone in zone_names():
        ZoneInfo(zone)
        assert parse_zone(zone) == zone


def test_zones_that_begin_with_what_was_typed_come_first() -> None:
    assert suggest_zones("berl")[0] == "Europe/Berlin"
    assert len(suggest_zones("")) == 25


@pytest.mark.parametrize(
    "said", ["https://example.org/a", "<https://example.org/a>", "<https://example.org/a|example>"]
)
def test_a_web_address_is_taken_out_of_what_a_chat_client_wraps_around_it(said: str) -> None:
    assert parse_url(said) == "https://example.org/a"


@pytest.mark.parametrize(
    "said",
    [
        "example.org",
        "javascript:alert(1)",
        "ftp://example.org",
        "https://",
        "https://a b",
        "http://[::1",
        'https://x"',
        "https://example.org/" + "a" * 500,
        "https://x.org/`y`",
        "https://x.org/<y>",
    ],
)
def test_what_could_break_out_of_a_link_is_no_web_address(said: str) -> None:
    with pytest.raises(BadInput, match="is not a web address"):
        parse_url(said)


def test_brackets_of_a_web_address_are_kept_without_ending_a_link() -> None:
    assert parse_url("https://en.wikipedia.org/wiki/Set_(mathematics)") == (
        "https://en.wikipedia.org/wiki/Set_%28mathematics%29"
    )


@pytest.mark.parametrize(
    ("said", "means"), [("yes", True), ("Y", True), ("on", True), ("no", False), ("OFF", False), ("'off'", False)]
)
def test_yes_and_no_have_several_words(said: str, means: bool) -> None:
    assert parse_bool(said) is means


def test_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(BadInput, match="neither yes nor no"):
        parse_bool("perhaps")
    assert find_bool("perhaps") is None


@pytest.mark.parametrize(("said", "number"), [("7", 7), (" +12 ", 12), ("-3", -3)])
def test_a_whole_number_is_read(said: str, number: int) -> None:
    assert parse_int(said) == number


@pytest.mark.parametrize("said", ["", "7.5", "seven", "1" * 10, "٧"])
def test_what_is_no_whole_number_is_refused(said: str) -> None:
    with pytest.raises(BadInput, match="not a whole number"):
        parse_int(said)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("9", time(9)),
        ("9:30", time(9, 30)),
        ("09.05", time(9, 5)),
        ("9pm", time(21)),
        ("9 p.m.", time(21)),
        ("“9PM”", time(21)),
        ("12am", time(0)),
        ("12pm", time(12)),
    ],
)
def test_a_time_of_day_is_read_kindly(said: str, at: time) -> None:
    assert parse_clock(said) == at


@pytest.mark.parametrize(
    "said", ["9pm - 7am", "9pm to 7am", "from 9pm until 7am", "9pm – 7am", "'9pm-7am'", "9pm till 7am"]
)
def test_a_span_has_two_sides_however_it_is_said(said: str) -> None:
    assert between(said) == ("9pm", "7am")


@pytest.mark.parametrize("said", ["", "9pm", "9pm -", "to 7am", "9 - 12 - 15", "tomorrow"])
def test_what_has_not_two_sides_is_no_span(said: str) -> None:
    assert between(said) is None


@pytest.mark.parametrize("said", ["25:00", "9:75", "noon", "24:00"])
def test_what_is_no_time_of_day_is_refused(said: str) -> None:
    with pytest.raises(BadInput, match="not a time of day"):
        parse_clock(said)


def test_a_choice_is_the_word_or_a_beginning_that_fits_only_one() -> None:
    assert parse_choice("Week", ("phase", "week")) == "week"
    assert parse_choice("ph", ("phase", "week")) == "phase"
    assert parse_choice("on", ("on", "once")) == "on"
    assert parse_choice("on", ("no", "daily", "weekly")) == "daily" == parse_choice("yes", ("no", "daily", "weekly"))


@pytest.mark.parametrize("said", ["none", "Neither", "no", "off"])
def test_any_word_for_none_means_the_choice_that_is_one(said: str) -> None:
    assert parse_choice(said, ("board", "goal", "nothing")) == "nothing"
    assert parse_choice(said, ("daily", "off")) == "off"
    with pytest.raises(BadInput, match="choose board or goal"):
        parse_choice(said, ("board", "goal"))


@pytest.mark.parametrize("said", ["", "x", "o"])
def test_a_choice_that_fits_none_or_two_names_all(said: str) -> None:
    with pytest.raises(BadInput, match="choose on or off"):
        parse_choice(said, ("on", "off"))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("22 Dec", date(2026, 12, 22)),
        ("dec 22", date(2026, 12, 22)),
        ("22 december", date(2026, 12, 22)),
        ("from December 22nd", date(2026, 12, 22)),
        ("the 3rd of January", date(2027, 1, 3)),
        ("29 Feb", date(2028, 2, 29)),
        ("1 dec 2025", date(2025, 12, 1)),
    ],
)
def test_a_day_of_a_named_month_is_the_next_one_unless_it_has_just_been(typed: str, day: date) -> None:
    assert parse(Kind.DATE, typed, date(2026, 12, 1)) == day
    assert parse(Kind.DATE, "25 nov", date(2026, 12, 1)) == date(2026, 11, 25)
    for refused in ("31 feb", "0 dec", "dec", "22 decades"):
        with pytest.raises(BadInput):
            parse(Kind.DATE, refused, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("said", "who"), [("@ada", "ada"), ("ada", "ada"), ("<@123>", "123"), ("<@!123>", "123"), ("<@U1|ada>", "U1")]
)
def test_a_member_is_named_as_each_platform_writes_them(said: str, who: str) -> None:
    assert parse(Kind.MEMBER, said, WEDNESDAY) == who


@pytest.mark.parametrize(("said", "room"), [("#study", "study"), ("<#C1|study>", "C1"), ("<#99>", "99")])
def test_a_room_is_named_as_each_platform_writes_it(said: str, room: str) -> None:
    assert parse(Kind.ROOM, said, WEDNESDAY) == room


def test_what_chat_clients_do_to_quotes_and_dashes_is_undone() -> None:
    assert straighten(" “a” ‘b’ 2020–2021 — x\u00a0y ") == "\"a\" 'b' 2020-2021 - x y"


@pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.CHOICE])
def test_every_kind_reads_its_own_example(kind: Kind) -> None:
    parse(kind, EXAMPLES[kind], WEDNESDAY)


@given(st.sampled_from([k for k in Kind if k is not Kind.CHOICE]), st.text(max_size=60))
def test_any_text_is_a_value_or_a_refusal_that_cannot_carry_markup(kind: Kind, said: str) -> None:
    try:
        parse(kind, said, WEDNESDAY)
    except BadInput as refused:
        spans = markup.inline(refused.sentence)
        assert all(isinstance(span, markup.Plain) for span in spans)
