"""Read days and hours from a sentence in English or German. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.features.groups.calendar.rhythm import local_instant

_NAMES = (
    r"mondays?|mon|montags?",
    r"tuesdays?|tues?|dienstags?",
    r"wednesdays?|weds?|mittwochs?",
    r"thursdays?|thurs?|thu|donnerstags?",
    r"fridays?|fri|freitags?",
    r"saturdays?|sat|samstags?|sonnabends?",
    r"sundays?|sun|sonntags?",
)
_SHORT = ("mo", "di", "mi", "do", "fr", "sa", "so")
"""German weekdays that are words of other meanings as well, in English above all: days only before an hour."""
_BEFORE_AN_HOUR = (
    r"(?=(?:um |ab |gegen )?\d{1,2}(?:[:.]\d\d|(?: ?(?:-|bis) ?\d{1,2})? ?uhr|h\b)"
    r"|abend|fr[üu]h|morgen|mittag|nachmittag|vormittag)"
)
_WEEKDAYS = tuple(
    re.compile(
        rf"\b(?:next |n[äa]chste[nrs]? )?(?:(?:{names})(?:abend|morgen|vormittag|nachmittag|fr[üu]h)?s?\b"
        rf"|{short}\.?,? {_BEFORE_AN_HOUR})"
    )
    for names, short in zip(_NAMES, _SHORT, strict=True)
)
_TAG = r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
_PARTS = (
    (r"before (?:breakfast|work)|early|vor der arbeit|in aller fr[üu]he", time(8)),
    (r"after work|after school|nach der arbeit|feierabend", time(18)),
    (r"after lunch|nach dem mittagessen", time(13)),
    (rf"mornings?|fr[üu]h|(?:heute|am|jeden|{_TAG}) morgen|(?:{_TAG})?morgens", time(9)),
    (rf"(?:{_TAG})?vormittags?|forenoon", time(10)),
    (rf"afternoons?|(?:{_TAG})?nachmittags?", time(15)),
    (r"noon|midday|lunch(?:time| ?break)?|mittags?|mittagspause", time(12)),
    (rf"evenings?|tonight|after dinner|(?:{_TAG})?abends?|nach dem (?:abend)?essen", time(19)),
    (r"nights?|before bed|bedtime|nachts?|vor dem (?:schlafen|schlafengehen)", time(21)),
)
_MIDNIGHT = re.compile(r"\bmidnight\b|\b(?:um )?mitternachts?\b")
_LATE = {time(13), time(15), time(18), time(19), time(21)}
"""Parts of a day in which a bare 8 is in its second half."""
_EVENING, _NIGHT, _SMALL = time(19), time(21), 5
"""The parts of a day in which twelve is midnight, and the last hour of the next day that the second goes on to."""
_NOON, _ANY_TIME = time(12), time(10)
"""The one word for an hour that says it to the minute, and the hour of a day that is named alone."""
_SOON, _RUNS = timedelta(hours=1), timedelta(hours=4)
"""How long after now something comes whose part of the day is running, and how long such a part runs."""
_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_STUNDEN = ("eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
_SPELT = {word: str(n) for words in (_HOURS, _STUNDEN) for n, word in enumerate(words, 1)}
_BEFORE_HOUR = r"(?:at|@|um|gegen|around|from|ab|between|zwischen|von)"
_TO = r"\s*(?:-|to|till|until|and|bis|und)\s*"
_H = r"(?<![\d.,:])(?P<h>\d{1,2})"
_M = r"(?P<m>[0-5]\d)"
_ENDS = (
    r"(?=\s*(?:$|[,;!?)]|\.(?!\d)|o'?clock|-|–|(?:on|in|today|tomorrow|tonight|this|for|with|and|or|to|till|until|sharp"
    r"|before|after|every|each|i|we|heute|morgen|am|mit|bis|und|ich|wir|abends|morgens"
    rf"|{'|'.join(_NAMES)})\b))"
)
_AP = r"(?:\s*(?P<ap>[ap])\.?m\b)"
_CLOCKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:quarter|viertel) (?P<quarter>past|after|nach|to|vor)\s+{_H}(?:{_AP}|(?!\w|[:.]\d))",
        rf"\b(?P<half>half past|halb)\s+{_H}(?:{_AP}|(?!\w|[:.]\d))",
        rf"\b(?P<half>half)\s+{_H}(?:{_AP}|(?!\w|[:.]\d){_ENDS})",
        rf"{_H}(?:[:.]{_M})?{_TO}\d{{1,2}}(?:[:.]\d\d)?\s*(?P<ap_end>[ap])\.?m\b",
        rf"{_H}(?:[:.]{_M})?\s*(?P<ap>[ap])\.?m\b",
        rf"{_H}(?:[:.]\d\d)?{_TO}\d{{1,2}}\s*(?P<uhr>uhr)\b",
        rf"{_H}(?:[:.]{_M})?\s*(?P<uhr>uhr)\b",
        rf"{_H}:{_M}(?!\d)",
        rf"{_H} (?:o'?clock|in the (?:morning|afternoon|evening)|at night|am (?:morgen|abend)|abends|morgens)\b",
        rf"(?<![\d.,:])(?P<h>1[3-9]|2[0-3])h{_M}?(?!\w)|{_BEFORE_HOUR}\s+(?P<h2>\d{{1,2}})h(?P<m2>[0-5]\d)?(?!\w)",
        rf"\b(?:{_BEFORE_HOUR}|{'|'.join(_NAMES)}),?\s+{_H}(?!\d|[:.]\d|\s*%){_ENDS}",
    )
)
_MEANT = re.compile(r"(?<![\d.,:])\d{1,2}(?::\d\d(?!\d)(?:\s*[ap]\.?m\b)?|\s*(?:[ap]\.?m|uhr)\b)")
"""What is written like an hour, whether there is one or not."""
_RELATIVE = (
    (r"day after tomorrow|[üu]e?bermorgen", 2),
    (r"tomorrow|tmrw|tmr|2morrow", 1),
    (r"today|tonight|this (?:morning|afternoon|evening)|heute", 0),
    (r"(?<!guten )(?<!am )(?<!heute )(?<!jeden )(?<!tag )(?<!woch )morgen", 1),
)
_IN_DAYS = re.compile(r"\bin (\d{1,2}|an?|einem|einer|two|three|zwei|drei) (days?|tage?n?|weeks?|wochen?)\b")
_COUNTS = {
    "half an": 0.5, "a": 1, "an": 1, "one": 1, "einem": 1, "einer": 1, "two": 2, "three": 3, "four": 4, "zwei": 2,
    "drei": 3, "vier": 4,
}  # a table of data # fmt: skip
_MONTHS = (
    "jan",
    "feb",
    "mar|mär",
    "apr",
    "may|mai",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct|okt",
    "nov",
    "dec|dez",
)
_MONTH = "|".join(_MONTHS)
_DATES = (
    re.compile(r"\b(?P<y>20\d\d)-(?P<mo>\d\d)-(?P<d>\d\d)\b"),
    re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.\s?(?P<mo>\d{1,2})\.(?!\d{1,2}\b)"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<name>{_MONTH})[a-zä]*\b"),
    re.compile(rf"\b(?P<name>{_MONTH})[a-zä]*\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"),
)
_SLASHED = re.compile(r"(?<![\d/])(?P<one>\d{1,2})/(?P<two>\d{1,2})(?:/(?P<y>20\d\d|\d\d))?(?![\d/])")
"""A date of two numbers; it names a day where one of them is no month, or where it is no fraction of something."""
_ON = r"(?:\b(?:on|by|until|till|before|due)\s+(?:the\s+)?)"
_HOUR_FOLLOWS = re.compile(
    r"\s*(?:(?:at|around|um)\s+)?(?:noon|midday|midnight|\d{1,2}(?::\d\d)?\s*(?:am|pm)\b|\d{1,2}:\d\d)"
)
_NTH = re.compile(
    rf"(?:(?<=\bthe )|(?<=\bon )|(?<=\bby ))(?P<d>\d{{1,2}})(?:st|nd|rd|th)\b(?!\s+(?:of\s+)?(?:{_MONTH}))"
    r"(?=\s*(?:$|[,;.!?)-]|\d|(?:at|@|around|from|between|by|in|before|after|noon|midday|midnight|mornings?|afternoons?"
    r"|evenings?|nights?|and|with|for|i|we|to)\b))"
    r"|\bam (?P<d2>\d{1,2})\.(?=\s*(?:$|[,;!?)]|(?:um|ab|gegen|abends?|morgens?|fr[üu]h|mittags?|nachmittags?)\b))"
)
"""A day of a month that is not named: the next such day."""
_AFTER_NOW = re.compile(
    r"\bin (?P<n>\d{1,3}|half an|an?|one|einer|two|three|four|zwei|drei|vier)"
    r" (?P<unit>hours?|hrs?|h|minutes?|mins?|stunden?|minuten?)\b"
)
_UNTIL = re.compile(r"\b(?:by|until|till|before|bis|vor)\s+(?:next\s+|this\s+|the\s+|zum\s+)?$")
"""Words before a day at which something is to be done already."""


@dataclass(frozen=True)
class _Hour:
    """A time of day; vague is one that a word such as "evening" only hints at. Midnight is where its day ends."""

    at: time
    is_vague: bool = False
    is_midnight: bool = False


def find_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the next instant that a sentence names, in its writer's zone; None if it names none ahead of now.

    If it names an unreadable day, no other day is assumed.
    """
    sentence = _normalise(text)
    hour = _find_hour(sentence)
    today = now.astimezone(zone).date()
    days = list(_list_days(sentence, today))
    if hour is None and not days:
        return _find_offset(sentence, now)
    if not days and _find_unread_day(sentence, today):
        return None
    if not days:  # an hour alone is the next one
        days = [(today, 1)]
    wanted = hour or _Hour(_ANY_TIME, is_vague=True)
    instants = [at for day, again in days if (at := _find_ahead(day, again, wanted, now, zone)) is not None]
    return min(instants, default=None)


def find_unread(text: str, today: date) -> tuple[str, str] | None:
    """Return what looks like a day or an hour but can't be read, with its kind: ("25:00", "hour"); None without any.

    Args:
        today: the writer's current day.
    """
    plain = _normalise(text)
    if not list(_list_days(plain, today)) and (day := _find_unread_day(plain, today)):
        return day, "day"
    meant = _MEANT.search(plain)
    return (meant[0], "hour") if meant is not None and _find_clock_time(plain, []) is None else None


def _normalise(text: str) -> str:
    """Return a sentence in lower case, with hours as numbers."""
    plain = " ".join(text.lower().replace("’", "'").replace("–", "-").split())
    for word, digits in _SPELT.items():
        plain = re.sub(
            rf"\b({_BEFORE_HOUR}|half past|half|halb|quarter \w+|viertel \w+) {word}\b", rf"\1 {digits}", plain
        )
    return plain


def _find_offset(text: str, now: datetime) -> datetime | None:
    """Return the instant that `in two hours` means."""
    if (match := _AFTER_NOW.search(text)) is None:
        return None
    count = _COUNTS.get(match["n"]) or int(match["n"])
    length = timedelta(minutes=count) if match["unit"].startswith("m") else timedelta(hours=count)
    return (now + length).replace(second=0, microsecond=0) if length else None


def _find_unread_day(text: str, today: date) -> str:
    """Return what looks like a numeric day but names none."""
    slashed = (
        match
        for match in _SLASHED.finditer(text)
        if re.search(rf"{_ON}$", text[: match.start()]) or _HOUR_FOLLOWS.match(text, match.end())
    )
    named = (match for pattern in _DATES[2:] for match in pattern.finditer(text))  # by the month's name
    meant = next((match for pattern in (slashed, _NTH.finditer(text), named) for match in pattern), None)
    return meant[0] if meant is not None and not list(_list_numbered(text, today)) else ""


def format_moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return a time ahead in a form that `find_moment` reads as that minute again."""
    local = at.astimezone(zone).replace(second=0, microsecond=0)
    phrases = (f"{local:%a %H:%M}", f"{local:%Y-%m-%d %H:%M}")
    return next((phrase for phrase in phrases if find_moment(phrase, now, zone) == local), "")


def _find_ahead(day: date, again: int, hour: _Hour, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the instant on a day, or `again` days later where that is over; None if it is over for good."""
    day += timedelta(days=hour.is_midnight)
    at = local_instant(day, hour.at, zone)
    if at > now:
        return at
    soon = now + _SOON
    soon = soon.replace(minute=soon.minute // 15 * 15, second=0, microsecond=0)
    is_running = soon.astimezone(zone).date() == day and (not again or soon - at < _RUNS)
    if hour.is_vague and is_running:
        return soon
    return local_instant(day + timedelta(days=again), hour.at, zone) if again else None


def _find_hour(text: str) -> _Hour | None:
    """Return the named time of day: by the clock, or else by a part of the day."""
    parts = [at for pattern, at in _PARTS if re.search(rf"\b(?:{pattern})\b", text)]
    if (hour := _find_clock_time(text, parts)) is not None:
        return hour
    if _MIDNIGHT.search(text):
        return _Hour(time(0), is_midnight=True)
    return _Hour(parts[0], is_vague=parts[0] != _NOON) if parts else None


def _find_clock_time(text: str, parts: list[time]) -> _Hour | None:
    read = (_parse_clock(match.groupdict(), parts) for pattern in _CLOCKS for match in pattern.finditer(text))
    return next((hour for hour in read if hour is not None), None)


def _parse_clock(groups: dict[str, str | None], parts: list[time]) -> _Hour | None:
    written = groups.get("h") or groups.get("h2") or ""
    hour, minute = int(written), int(groups.get("m") or groups.get("m2") or 0)
    half = groups.get("ap") or groups.get("ap_end")
    if groups.get("half"):
        minute = 30
        hour -= groups["half"] == "halb"
    if side := groups.get("quarter"):
        minute = 45 if side in ("to", "vor") else 15
        hour -= minute == 45
        hour = hour or 12
    if half:
        if not 1 <= hour <= 12:
            return None
        is_late = half == "p" and not (groups.get("ap_end") and hour == 11)
        hour = hour % 12 + 12 if is_late else 24 if hour == 12 else hour
    elif hour == 12 and {_EVENING, _NIGHT} & set(parts):
        hour = 24
    elif hour < 12 and _LATE & set(parts):
        hour += 0 if hour <= _SMALL and _LATE & set(parts) == {_NIGHT} else 12
    elif 1 <= hour <= 7 and not parts and not groups.get("uhr") and not written.startswith("0"):
        hour += 12  # of the two sevens of a day that at which people are up
    return _Hour(time(hour % 24, minute), is_midnight=hour == 24) if hour <= 24 else None


def _list_days(text: str, today: date) -> Iterator[tuple[date, int]]:
    """Yield the named days, each with the days after which it repeats; 0 for never."""
    named = [
        *_list_weekdays(text, today),
        *_list_relative(text, today),
        *_list_dated(text, today),
        *_list_numbered(text, today),
    ]
    due = [phrase for phrase in named if _UNTIL.search(text[: phrase[0]])]
    for _, day, again in [phrase for phrase in named if phrase not in due] or due:
        yield day, again


def _list_weekdays(text: str, today: date) -> Iterator[tuple[int, date, int]]:
    for number, pattern in enumerate(_WEEKDAYS):
        for match in re.finditer(pattern, text):
            ahead = (number - today.weekday()) % 7
            is_next = match[0].startswith(("next", "näch", "nach"))
            yield match.start(), today + timedelta(days=ahead or (7 if is_next else 0)), 7
    for match in re.finditer(r"\b(?:weekend|wochenende)\b", text):
        yield match.start(), today + timedelta(days=max(5 - today.weekday(), 0)), 1 if today.weekday() == 5 else 0
    for match in re.finditer(r"\b(?:every ?day|each day|daily|jeden tag|t[äa]glich)\b", text):
        yield match.start(), today, 1


def _list_relative(text: str, today: date) -> Iterator[tuple[int, date, int]]:
    rest = text
    for pattern, ahead in _RELATIVE:
        for match in re.finditer(rf"\b(?:{pattern})\b", rest):
            yield match.start(), today + timedelta(days=ahead), 0
        rest = re.sub(rf"\b(?:{pattern})\b", lambda m: "_" * len(m[0]), rest)
    for match in _IN_DAYS.finditer(text):
        count = _COUNTS.get(match[1]) or int(match[1])
        yield match.start(), today + timedelta(days=count * (7 if match[2].startswith("w") else 1)), 0


def _list_dated(text: str, today: date) -> Iterator[tuple[int, date, int]]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            name = groups.get("name")
            month = next(n for n, m in enumerate(_MONTHS, 1) if name in m.split("|")) if name else int(groups["mo"])
            try:
                day = date(int(groups.get("y") or today.year), month, int(groups["d"]))
                if day < today and not groups.get("y"):
                    day = day.replace(year=day.year + 1)
            except ValueError:
                continue
            yield match.start(), day, 0


def _list_numbered(text: str, today: date) -> Iterator[tuple[int, date, int]]:
    """Yield the days of `1/21`, where only one order of month and day can be meant, and of `on the 21st`."""
    for match in _SLASHED.finditer(text):
        first, second, year = int(match["one"]), int(match["two"]), match["y"]
        if (first > 12) == (second > 12) and first != second:
            continue
        month, day = (second, first) if first > 12 else (first, second)
        at = _find_next(today, [int(year) % 100 + 2000] if year else [today.year, today.year + 1], [month], day)
        is_meant = year or first > 12 or second > 12 or re.search(rf"{_ON}$", text[: match.start()])
        if at is not None and is_meant:
            yield match.start(), at, 0
    for match in _NTH.finditer(text):
        months = [*range(today.month, 13)]
        at = _find_next(today, [today.year], months, int(match["d"] or match["d2"]))
        at = at or _find_next(today, [today.year + 1], [1, 2, 3], int(match["d"] or match["d2"]))
        if at is not None:
            yield match.start(), at, 0


def _find_next(today: date, years: list[int], months: list[int], day: int) -> date | None:
    """Return the first such day that is not over; None where there is none."""
    for year in years:
        for month in months:
            with suppress(ValueError):
                if (at := date(year, month, day)) >= today:
                    return at
    return None
