"""Find the day and the hour that a sentence in English or German names. Pure.

The form of a plan has fields for both. This module reads free text; the reply repeats the time, so that people can
correct it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.features.groups.calendar.rhythm import local_instant

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMES = (
    "mon(?:day)?s?|montags?",
    "tue(?:s|sdays?)?|dienstags?",
    "wed(?:s|nesdays?)?|mittwochs?",
    "thu(?:rs|rsdays?)?|donnerstags?",
    "fri(?:days?)?|freitags?",
    "sat(?:urdays?)?|samstags?",
    "sun(?:days?)?|sonntags?",
)
_WEEKDAY = "|".join(_NAMES)
_BEFORE_HOUR = r"\.?,? (?=(?:um |ab |gegen )?\d{1,2}(?:[:.]\d\d|(?: ?(?:-|bis) ?\d{1,2})? ?uhr|h\b))"
"""What follows the German `mo`, `di`, `do` or `so`, which are other words elsewhere."""
_MORNING = rf"mornings?|vormittags?|fr[üu]h|morgens|(?:\b(?:am|heute|jeden|{_WEEKDAY}) )morgen"
_PARTS = (
    (r"before (?:work|breakfast)|vor der arbeit", 8),
    (_MORNING, 9),
    (r"after lunch|nach dem mittagessen", 13),
    (r"afternoons?|nachmittags?", 15),
    (r"after work|nach der arbeit|feierabend", 18),
    (r"noon|midday|lunch(?:time)?|mittags?", 12),
    (r"evenings?|tonight|after dinner|abends?", 19),
    (r"nights?|bedtime|nachts?", 21),
    (r"midnight|mitternachts?", 24),
)
"""Words for a part of the day, and the hour that they stand for."""
_EXACT = {12, 24}
_ANY_HOUR, _AFTERNOON, _EVENING, _NIGHT = 10, 15, 19, 21
_RANGE = r"(?:\s*(?:-|to|and|bis|und)\s*(?P<end>\d{1,2})(?:[:.]\d\d)?)?"
_HOUR = r"(?<![\d.,:/])(?P<hour>\d{1,2})"
_CLOCKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_HOUR}(?:[:.](?P<minute>[0-5]\d))?{_RANGE}\s*(?:(?P<half>[ap])\.?m\b|(?P<uhr>uhr)\b)",
        rf"{_HOUR}:(?P<minute>[0-5]\d)(?!\d)",
        rf"{_HOUR}h(?P<minute>[0-5]\d)?\b(?<!\b\dh)",
        rf"{_HOUR} (?:o'?clock|in the (?:morning|afternoon|evening)|at night|abends|morgens|am abend)\b",
        rf"\b(?:at|@|um|gegen|from|ab|{_WEEKDAY}),? {_HOUR}(?=\s*(?:$|[,;!?)-]|\.(?!\d)"
        rf"|(?:on|in|today|tomorrow|tonight|for|with|and|to|until|i|we|heute|morgen|am|mit|bis|und|ich|{_WEEKDAY})\b))",
    )
)
_NUMBERS = (
    "one|eins|eine[mr]?|an?", "two|zwei", "three|drei", "four|vier", "five|fünf", "six|sechs", "seven|sieben",
    "eight|acht", "nine|neun", "ten|zehn", "eleven|elf", "twelve|zwölf",
)  # a table of data # fmt: skip
_BEFORE_NUMBER = r"at|@|um|gegen|around|from|ab|between|half past|half|halb|in"
_RELATIVE = (
    (r"day after tomorrow|[üu]e?bermorgen", 2),
    (r"tomorrow|tmrw|tmr", 1),
    (r"today|tonight|this (?:morning|afternoon|evening)|heute", 0),
    (r"(?<!guten )(?<!am )(?<!heute )(?<!jeden )(?<!tag )(?<!woch )morgen", 1),
)
_MONTHS = ("jan", "feb", "mar|mär", "apr", "may|mai", "jun", "jul", "aug", "sep", "oct|okt", "nov", "dec|dez")
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-zä]*"
_DATES = (
    re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?!\d{1,2}\b)"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{_MONTH}\b"),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"),
)
_UNREAD_DAY = re.compile(
    r"\b(?:on|by|due) (?:the )?(?P<day>\d{1,2}/\d{1,2}(?:/\d+)?|\d{1,2}(?:st|nd|rd|th)(?=,| at|$))"
    r"|(?<![\d/])(?P<dated>\d{1,2}/\d{1,2}(?:/\d+)?) (?=at )|\bam (?P<german>\d{1,2}\.)(?=,| um|$)"
)
"""A day by numbers alone: `3/4` is one day in London and another one in New York."""
_LIKE_AN_HOUR = re.compile(r"(?<![\d.,:])\d{1,2}(?::\d\d(?!\d)|\s*(?:[ap]\.?m|uhr)\b)")
_OFFSET = re.compile(r"\bin (?P<count>\d{1,3}|half 1) (?P<unit>h(?:ou)?rs?|h|min(?:ute)?s?|stunden?|minuten?)\b")
_IN_DAYS = re.compile(r"\bin (\d{1,2}) (days?|tage?n?|weeks?|wochen?)\b")
_SOON, _RUNS = timedelta(hours=1), timedelta(hours=4)
"""How long after now something comes whose part of the day has begun, and how long such a part lasts."""


def find_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the next instant that a sentence names, in its writer's zone; None if it names none ahead of now.

    If it names an unreadable day, no other day is assumed.
    """
    sentence, today = _normalise(text), now.astimezone(zone).date()
    hour, days = _find_hour(sentence), list(_list_days(sentence, today))
    if hour is None and not days:
        return _find_offset(sentence, now)
    if not days and _find_unread_day(sentence, today):
        return None
    minutes, is_vague = hour or (_ANY_HOUR * 60, True)
    instants = (_find_ahead(day, again, minutes, now, zone, is_vague=is_vague) for day, again in days or [(today, 1)])
    return min((at for at in instants if at is not None), default=None)


def find_next(day: str, at: time | None, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the next such day and hour ahead of now; None if neither is named.

    Args:
        day: one of `WEEKDAYS`; "" for the next day on which the hour is still ahead.
        at: None for the morning.
    """
    if not day and at is None:
        return None
    today = now.astimezone(zone).date()
    ahead, again = ((WEEKDAYS.index(day) - today.weekday()) % 7, 7) if day else (0, 1)
    minutes = _ANY_HOUR * 60 if at is None else at.hour * 60 + at.minute
    return _find_ahead(today + timedelta(days=ahead), again, minutes, now, zone, is_vague=at is None)


def find_unread(text: str, today: date) -> tuple[str, str] | None:
    """Return what looks like a day or an hour but can't be read, with its kind: ("25:00", "hour"); None without any.

    Args:
        today: the writer's current day.
    """
    sentence = _normalise(text)
    if day := _find_unread_day(sentence, today):
        return day, "day"
    like_an_hour = _LIKE_AN_HOUR.search(sentence)
    return (like_an_hour[0], "hour") if like_an_hour is not None and _find_clock(sentence, 0) is None else None


def _normalise(text: str) -> str:
    """Return a sentence in lower case, with numbers before hours as digits."""
    sentence = " ".join(text.lower().replace("’", "'").replace("–", "-").split())
    for number, words in enumerate(_NUMBERS, 1):
        sentence = re.sub(rf"\b({_BEFORE_NUMBER}) (?:{words})\b", rf"\1 {number}", sentence)
    sentence = re.sub(r"\bhalf past (\d{1,2})", r"at \1:30", sentence)
    return re.sub(r"\b(?:um )?halb (\d{1,2})\b", lambda match: f"um {(int(match[1]) - 1) or 12}:30", sentence)


def _find_offset(sentence: str, now: datetime) -> datetime | None:
    """Return the instant that `in two hours` means."""
    if (match := _OFFSET.search(sentence)) is None:
        return None
    count = 0.5 if match["count"] == "half 1" else int(match["count"])
    length = timedelta(minutes=count) if match["unit"].startswith("m") else timedelta(hours=count)
    return (now + length).replace(second=0, microsecond=0) if length else None


def _find_unread_day(sentence: str, today: date) -> str:
    """Return a day that is written in numbers only or that no month has."""
    if list(_list_days(sentence, today)):
        return ""
    if (match := _UNREAD_DAY.search(sentence)) is not None:
        return match["day"] or match["dated"] or match["german"]
    return next((match[0] for pattern in _DATES[2:] for match in pattern.finditer(sentence)), "")


def format_weekday(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return the weekday of a time in the week ahead; empty for another time."""
    day = at.astimezone(zone).date()
    ahead = (day - now.astimezone(zone).date()).days
    return WEEKDAYS[day.weekday()] if at > now and ahead < len(WEEKDAYS) else ""


def _find_ahead(
    day: date, again: int, minutes: int, now: datetime, zone: ZoneInfo, *, is_vague: bool
) -> datetime | None:
    """Return the instant on a day, or `again` days later if that is over; None if it is over for good."""
    days, minutes = divmod(minutes, 24 * 60)
    clock = time(*divmod(minutes, 60))
    at = local_instant(day + timedelta(days), clock, zone)
    if at > now:
        return at
    soon = now + _SOON
    soon = soon.replace(minute=soon.minute // 15 * 15, second=0, microsecond=0)
    if is_vague and soon.astimezone(zone).date() == day and (not again or soon - at < _RUNS):
        return soon
    return local_instant(day + timedelta(days + again), clock, zone) if again else None


def _find_hour(sentence: str) -> tuple[int, bool] | None:
    """Return the named time in minutes of the day, and whether it is vague: by the clock or by a part of the day."""
    parts = [hour for words, hour in _PARTS if re.search(rf"(?:\b|tag|woch)(?:{words})\b", sentence)]
    part = parts[0] if parts else 0
    if (minutes := _find_clock(sentence, part)) is not None:
        return minutes, False
    return (part * 60, part not in _EXACT) if part else None


def _find_clock(sentence: str, part: int) -> int | None:
    times = (_parse_clock(match.groupdict(), part) for pattern in _CLOCKS for match in pattern.finditer(sentence))
    return next((minutes for minutes in times if minutes is not None), None)


def _parse_clock(groups: dict[str, str | None], part: int) -> int | None:
    """Return the minutes of the day of a time, with the part of the day that its sentence names, or 0."""
    hour, minute = int(groups["hour"] or 0), int(groups.get("minute") or 0)
    if half := groups.get("half"):
        if not 1 <= hour <= 12:
            return None
        is_before_noon = half == "a" or (groups["end"] is not None and hour >= int(groups["end"]) % 12)
        hour = hour % 12 + (0 if is_before_noon else 12)
        hour += 24 if half == "a" and hour == 0 else 0
    elif hour == 12 and part >= _EVENING:
        hour = 24
    elif hour < 12 and part >= _AFTERNOON:
        hour += 0 if part == _NIGHT and hour <= 5 else 12
    elif 1 <= hour <= 7 and part in (0, 13) and not groups.get("uhr") and not (groups["hour"] or "").startswith("0"):
        hour += 12  # 1 to 7 without a.m. or p.m. means the afternoon or evening
    return hour * 60 + minute if hour <= 24 else None


def _list_days(sentence: str, today: date) -> Iterator[tuple[date, int]]:
    """Yield the named days, each with the days after which it repeats; 0 for never."""
    for number, (names, short) in enumerate(zip(_NAMES, ("mo", "di", "mi", "do", "fr", "sa", "so"), strict=True)):
        named = rf"\b(next |n[äa]chste[nrs]? )?(?:(?:{names})(?:abend|morgen|vormittag|nachmittag|fr[üu]h)?s?\b"
        for match in re.finditer(rf"{named}|{short}{_BEFORE_HOUR})", sentence):
            ahead = (number - today.weekday()) % 7
            yield today + timedelta(days=ahead or (7 if match[1] else 0)), 7
    if re.search(r"\b(?:weekend|wochenende)\b", sentence):
        yield today + timedelta(days=max(5 - today.weekday(), 0)), 1 if today.weekday() == 5 else 0
    if re.search(r"\b(?:every ?day|each day|daily|jeden tag|t[äa]glich)\b", sentence):
        yield today, 1
    rest = sentence
    for pattern, ahead in _RELATIVE:
        rest, count = re.subn(rf"\b(?:{pattern})\b", "_", rest)
        if count:
            yield today + timedelta(days=ahead), 0
    for match in _IN_DAYS.finditer(sentence):
        yield today + timedelta(days=int(match[1]) * (7 if match[2].startswith("w") else 1)), 0
    yield from _list_dates(sentence, today)


def _list_dates(sentence: str, today: date) -> Iterator[tuple[date, int]]:
    for pattern in _DATES:
        for match in pattern.finditer(sentence):
            groups = match.groupdict()
            name, year = groups.get("name"), int(groups.get("year") or today.year)
            month = (
                next(number for number, names in enumerate(_MONTHS, 1) if name in names.split("|"))
                if name
                else int(groups["month"])
            )
            try:
                day = date(year, month, int(groups["day"]))
                yield day.replace(year=year + 1) if day < today and not groups.get("year") else day, 0
            except ValueError:
                continue
