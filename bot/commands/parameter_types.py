"""Kinds of parameter, and the parser of each."""

from __future__ import annotations

import difflib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cache
from typing import NewType
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from bot.base import zones
from bot.commands import durations
from bot.messages import attachment, markup, mention, numerals
from bot.messages.attachment import Attachment as Attachment
from bot.messages.attachment import DocumentFile as DocumentFile
from bot.messages.attachment import PictureFile as PictureFile
from bot.messages.errors import BadInput

Minutes = NewType("Minutes", int)
Url = NewType("Url", str)
Zone = NewType("Zone", str)
MemberRef = NewType("MemberRef", str)
RoomRef = NewType("RoomRef", str)
UnitRef = NewType("UnitRef", str)
Ticks = NewType("Ticks", frozenset[int])

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
THIS_WEEK = frozenset({"this week", "the week", "end of week", "end of the week", "the end of the week"})
"""Phrases for the last day of the current week."""
LAST_DAY = frozenset({"until", "till", "til", "'til", "to", "through", "thru", "by"})
"""Words before the last day of a date range."""
_BEFORE_A_DAY = re.compile(rf"^(?:(?:{'|'.join(LAST_DAY)}|from|on)\s+)+")
COUNTS = {"a": 1, "an": 1} | {word: number for number, word in enumerate(numerals.SPELT) if number}
"""Words for the numbers from one to twelve."""
COUNT = rf"\d{{1,3}}|(?:{'|'.join(COUNTS)})(?=\s)"
"""A regular expression for a number in digits or as a word."""
_SPAN = re.compile(rf"(?:in\s+)?({COUNT})\s*(days?|d|weeks?|w|months?)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_NAMED_DAYS = tuple(
    re.compile(rf"(?:the\s+)?{order}(?:,?\s+(?P<year>20\d\d))?")
    for order in (rf"{_DAY}\s*(?:of\s+)?{_MONTH}", rf"{_MONTH}\s*{_DAY}")
)
_JUST_PAST = timedelta(days=31)
"""A day without a year is in the past if it was within this time, else the next such day."""
_STRAIGHT = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "−": "-", "\u00a0": " "}
)

_YES = frozenset({"yes", "y", "true", "on", "1", "ok", "always", "enable", "enabled"})
_NO = frozenset({"no", "n", "false", "off", "0", "none", "never", "disable", "disabled", "stop"})
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:([ap])\.?m\.?)?")
_TO = re.compile(r"\s*(?:-|\b(?:to|until|till)\b)\s*", re.IGNORECASE)


class Kind(StrEnum):
    """The type of a parameter's value."""

    TEXT = "text"
    INT = "int"
    BOOL = "bool"
    DATE = "date"
    TIME = "time"
    MINUTES = "minutes"
    URL = "url"
    ZONE = "zone"
    CHOICE = "choice"
    MEMBER = "member"
    ROOM = "room"
    GROUP = "cohort"
    UNIT = "unit"
    FILE = "file"
    PICTURE = "picture"
    DOCUMENT = "document"
    TICKS = "ticks"


NUMBERS = frozenset({Kind.INT, Kind.MINUTES})
"""Kinds with a least and a greatest value."""

BINARY = frozenset({Kind.PICTURE, Kind.DOCUMENT})
"""Kinds of file that are too large for a draft."""

FILES = BINARY | {Kind.FILE}
"""Kinds that are sent as a file."""

EXAMPLES: Mapping[Kind, str] = {
    Kind.TEXT: "read two papers",
    Kind.INT: "2",
    Kind.BOOL: "yes",
    Kind.DATE: "2026-12-01",
    Kind.TIME: "19:00",
    Kind.MINUTES: "45m",
    Kind.URL: "https://example.org/notebook",
    Kind.ZONE: "Europe/Berlin",
    Kind.MEMBER: "@ada",
    Kind.ROOM: "#study",
    Kind.GROUP: "Night owls",
    Kind.UNIT: "7",
    Kind.FILE: "notes.md",
    Kind.PICTURE: "result.png",
    Kind.DOCUMENT: "course.pdf",
    Kind.TICKS: "1, 3",
}


def straighten(text: str) -> str:
    """Replace the curly quotes, long dashes and hard spaces that chat clients put into typed text."""
    return markup.clean(text).translate(_STRAIGHT).strip()


def unquoted(text: str) -> str:
    """Return a typed value without the quotes around it."""
    return straighten(text).strip("'\"` ")


def parse_minutes(text: str) -> Minutes:
    """Return whole minutes of `45`, `1h30`, `1:30`, `1.5 h`, `half an hour` or `1 hour and 30 minutes`."""
    if (minutes := durations.minutes(text)) is None:
        raise BadInput(f"“{markup.escape(text, 40)}” is not a length of time")
    return Minutes(minutes)


def parse_date(text: str, today: date) -> date:
    """Return the day of `today`, `2026-12-01`, `until friday`, `next monday` or `this week`, relative to `today`."""
    phrase = _BEFORE_A_DAY.sub("", " ".join(text.lower().split()))
    words = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1}
    if phrase in words:
        return today + timedelta(days=words[phrase])
    if match := _SPAN.fullmatch(phrase):
        return _add_span(today, COUNTS.get(match[1]) or int(match[1]), match[2][0])
    if phrase in THIS_WEEK:
        return today + timedelta(days=6 - today.weekday())
    if match := re.fullmatch(r"(?:next\s+|this\s+)?([a-z]{3,9})", phrase):
        for number, weekday in enumerate(WEEKDAYS):
            if weekday.startswith(match[1]):
                return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    try:
        return _find_named_day(phrase, today) or date.fromisoformat(phrase)
    except ValueError:
        raise BadInput(f"“{markup.escape(text, 40)}” is not a day") from None


def _find_named_day(phrase: str, today: date) -> date | None:
    """Return the day of `22 dec`, `December 22nd` or `22 dec 2026`; ValueError if no such day exists."""
    match = next((match for pattern in _NAMED_DAYS if (match := pattern.fullmatch(phrase))), None)
    if match is None:
        return None
    month, day = _MONTHS.index(match["month"]) + 1, int(match["day"])
    if match["year"]:
        return date(int(match["year"]), month, day)
    years = (year for year in range(today.year - 1, today.year + 9) if day <= monthrange(year, month)[1])
    return next((at for year in years if (at := date(year, month, day or 32)) >= today - _JUST_PAST), None)


def _add_span(day: date, count: int, unit: str) -> date:
    """Return the day after a number of days, weeks or months; a month ends no later than its last day."""
    if unit != "m":
        return day + timedelta(days=count * (7 if unit == "w" else 1))
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse_bool(text: str) -> bool:
    """Return whether the word means yes."""
    if (means := find_bool(text)) is None:
        raise BadInput(f"“{markup.escape(text, 40)}” is neither yes nor no")
    return means


def find_bool(text: str) -> bool | None:
    """Return whether the word means yes; None if it means neither yes nor no."""
    word = unquoted(text).lower()
    return True if word in _YES else False if word in _NO else None


def parse_int(text: str) -> int:
    """Return a whole number of at most nine digits."""
    if re.fullmatch(r"[+-]?\d{1,9}", text.strip()) and text.isascii():
        return int(text)
    raise BadInput(f"“{markup.escape(text, 40)}” is not a whole number")


def parse_ticks(text: str) -> Ticks:
    """Return the numbers of `1, 3`; a word for none is none of them."""
    words = [] if text.strip().lower() in NONE else re.split(r"[\s,;]+|\band\b", text.strip().strip(",;"))
    return Ticks(frozenset(parse_int(word) for word in words if word))


def parse_url(text: str) -> Url:
    """Return an http or https address of at most 500 characters."""
    url = text.strip().removeprefix("<").removesuffix(">").split("|")[0]
    url = url.replace("(", "%28").replace(")", "%29")  # brackets would end a link in Markdown
    try:
        parts = urlsplit(url)
        is_link = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_link = False
    if not is_link or len(url) > 500 or re.search(r"[\s<>\"`]", url):
        raise BadInput(f"“{markup.escape(text, 60)}” is not a web address")
    return Url(url)


FOR_ONE = "#direct-message"
"""Fragment that marks the URL of a file from a direct message, which nobody else can open."""


def is_for_one(link: str) -> bool:
    """Whether a link leads into a direct message, so that others can't open it."""
    return link.endswith(FOR_ONE) or "/channels/@me/" in link


@cache
def zone_names() -> tuple[str, ...]:
    """Return every IANA zone that names a place, sorted, with UTC first."""
    areas = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Arctic/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return ("UTC", *sorted(z for z in available_timezones() if z.startswith(areas)))


@cache
def _index_zones() -> Mapping[str, str]:
    """Return every IANA zone with a slash by its name in lower case."""
    return {zone.lower(): zone for zone in available_timezones() if "/" in zone}


def parse_zone(text: str) -> Zone:
    """Return an IANA zone by its name or city; BadInput suggests the nearest name."""
    name = text.strip().replace(" ", "_").lower()
    by_name = {z.lower(): z for z in zone_names()}
    if name in by_name:
        return Zone(by_name[name])
    by_city = {z.rsplit("/", 1)[-1].lower(): z for z in zone_names()}
    if name in by_city:
        return Zone(by_city[name])
    if exact := _index_zones().get(name):
        return Zone(exact)
    if wrong := zones.correction(text):
        raise BadInput(markup.escape(wrong, 300))
    close = difflib.get_close_matches(name, by_name, 1, 0.75) or difflib.get_close_matches(name, by_city, 1, 0.75)
    hint = f": did you mean {(by_name | by_city)[close[0]]}?" if close else " is not a time zone I know"
    raise BadInput(f"{markup.escape(text, 60)}{hint}")


def suggest_zones(typed: str, most: int = 25) -> list[str]:
    """Return zones whose name contains the typed text; those that begin with it come first."""
    prefix = typed.strip().replace(" ", "_").lower()
    if named := zones.meant(typed):
        return list(named)
    hits = [z for z in zone_names() if prefix in z.lower()]
    return sorted(hits, key=lambda z: (not z.rsplit("/", 1)[-1].lower().startswith(prefix), z))[:most]


def between(text: str) -> tuple[str, str] | None:
    """Split `9pm - 7am`, `9pm to 7am` or `from 9pm until 7am` into both times; None if the text is no range."""
    sides = _TO.split(re.sub(r"^from\s+", "", unquoted(text), flags=re.IGNORECASE))
    return (sides[0], sides[1]) if len(sides) == 2 and all(sides) else None


def parse_clock(text: str) -> time:
    """Return a time of day: `9`, `9:30`, `09:00`, `9pm`, `9 p.m.`."""
    match = _CLOCK.fullmatch(unquoted(text).lower())
    if match:
        hour, minute = int(match[1]), int(match[2] or 0)
        if match[3] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if match[3] == "p" else 0)
        if hour <= 23 and minute <= 59:
            return time(hour, minute)
    raise BadInput(f"“{markup.escape(text, 20)}” is not a time of day")


def _reference(text: str) -> str:
    stripped = text.strip()
    pointed = mention.find(stripped)
    if pointed is not None and pointed.kind != "role":
        return pointed.id
    return stripped.lstrip("@#")


def _text(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


_PARSERS: Mapping[Kind, Callable[[str], object]] = {
    Kind.TEXT: _text,
    Kind.INT: parse_int,
    Kind.BOOL: parse_bool,
    Kind.TIME: parse_clock,
    Kind.MINUTES: parse_minutes,
    Kind.URL: parse_url,
    Kind.ZONE: parse_zone,
    Kind.MEMBER: _reference,
    Kind.ROOM: _reference,
    Kind.GROUP: _text,
    Kind.UNIT: _text,
    Kind.FILE: attachment.parse,
    Kind.PICTURE: attachment.parse_picture,
    Kind.DOCUMENT: attachment.parse_document,
    Kind.TICKS: parse_ticks,
}


def parse(kind: Kind, text: str, today: date) -> object:
    """Parse a text as a value of a kind, except for choices (see `parse_choice`). Raises BadInput.

    Args:
        today: the caller's current day, for words such as `tomorrow`.
    """
    return parse_date(text, today) if kind is Kind.DATE else _PARSERS[kind](text)


NONE = frozenset({"nothing", "none", "neither", "no", "never", "off"})
"""Words for "none"; each of them selects a choice that is one of them."""
ALWAYS = frozenset({"always", "daily"})
"""Choices that any word for yes selects, because they are the most frequent."""


def parse_choice(text: str, choices: tuple[str, ...]) -> str:
    """Return the choice that the text names: in full, by a unique prefix, or by a word for none or yes."""
    word = text.strip().lower()
    hits = [c for c in choices if c.lower() == word] or [c for c in choices if word and c.lower().startswith(word)]
    for words, meant in ((NONE, NONE), (_YES, ALWAYS)):
        if not hits and word in words:
            hits = [c for c in choices if c.lower() in meant]
    if len(hits) == 1:
        return hits[0]
    *others, last = choices
    listed = f"{', '.join(others)} or {last}" if others else last
    raise BadInput(f"choose {listed}, not “{markup.escape(text, 40)}”")
