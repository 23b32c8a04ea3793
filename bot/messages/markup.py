"""The small Markdown of a Reply's text, and the tokens that each platform draws in its own way.

Bold `**x**`, italic `_x_`, code in backticks, `[label](url)`, lines that start with `- `. Tokens are enclosed in
control characters. `escape` removes these from text by people or models, so nobody can forge a token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from bot.messages.characters import clean as clean

OPEN, CLOSE = "\x02", "\x03"
MomentStyle = Literal["full", "day", "time", "relative", "countdown"]
"""A countdown is the full instant and, on platforms that keep it up to date, the time left."""
CACHED_LINES = 500
"""Parsed lines that are kept: a message is measured, divided and drawn from the same ones."""

_SPECIAL = re.compile(r"([\\*_`\[\]])")
_UNIX = re.compile(r"-?[0-9]{1,11}")
_MARK = "\x02[^\x03]*\x03"
_INLINE = re.compile(
    rf"\\(?P<escaped>.)|(?P<token>{_MARK})|`(?P<code>[^`\n]+)`"
    rf"|\*\*(?P<bold>(?:\\.|{_MARK}|[^*\\\x02])+)\*\*"
    rf"|(?<![\w\\])_(?P<italic>(?:\\.|{_MARK}|[^_\\\x02])+)_(?!\w)"
    r"|\[(?P<label>(?:\\.|[^\]\\])+)\]\((?P<url>https?://[^\s)]+)\)",
    re.DOTALL,
)


def clip(text: str, limit: int) -> str:
    """Return at most `limit` characters, cut at a word with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit * 0.6 else cut).rstrip() + "…"


def escape(text: str, limit: int = 2000, *, lines: bool = False) -> str:
    """Make text by a person or a model safe for a Reply: cleaned, bounded, without markup.

    Args:
        text: hostile text.
        limit: most characters, before escaping.
        lines: keep line breaks; otherwise they become spaces.
    """
    text = clip(clean(text).strip(), limit)
    if not lines:
        text = re.sub(r"\s+", " ", text)
    return _SPECIAL.sub(r"\\\1", text)


def literal(text: str) -> str:
    """Escape text that is already cleaned and bounded; spaces stay."""
    return _SPECIAL.sub(r"\\\1", text)


def prose(text: str, limit: int = 3000) -> str:
    """Escape the text of a note, a course or a model, but keep code in backticks."""
    parts = clip(" ".join(clean(text).split()), limit).split("`")
    if len(parts) % 2 == 0 or not all(parts[1::2]):
        return escape(text, limit)
    return "".join(f"`{part}`" if i % 2 else _SPECIAL.sub(r"\\\1", part) for i, part in enumerate(parts))


def bold(text: str) -> str:
    """Make one line of small Markdown bold, except for code and links that contain a star."""
    runs = groupby(inline(text), key=_fits_bold)
    return "".join(
        _embolden(joined) if fits else joined for fits, spans in runs if (joined := "".join(map(_write_span, spans)))
    )


def _fits_bold(span: Span) -> bool:
    inside = span.text if isinstance(span, Code) else span.url if isinstance(span, Link) else ""
    return "*" not in inside and "\\" not in inside


def _embolden(text: str) -> str:
    words = text.strip(" ")
    return text.replace(words, f"**{words}**", 1) if words else text


def _write_span(span: Span) -> str:
    """Return a span as Markdown inside bold text."""
    match span:
        case Code(text):
            return f"`{text}`"
        case Styled(style, inner):
            text = "".join(map(_write_span, inner))
            return f"_{text}_" if style == "italic" else text
        case Link(label, url):
            return f"[{literal(label)}]({url})"
        case _:
            return literal(flat((span,)))


def _make_token(kind: str, *parts: str) -> str:
    # a line break would end the token, and the rest of a hostile name would be parsed as markup
    return OPEN + "|".join((kind, *(" ".join(clean(p).replace("|", " ").split()) for p in parts))) + CLOSE


def moment(at: datetime, zone: str = "UTC", style: MomentStyle = "full") -> str:
    """Return a token for an instant, shown in the reader's zone if the platform knows it, else in `zone`."""
    return _make_token("t", str(int(at.timestamp())), style, zone)


def day(of: date) -> str:
    """Return a day such as "Mon 2 Mar 2026"."""
    return f"{of:%a} {of.day} {of:%b %Y}"


def name(account_id: str, fallback: str) -> str:
    """Return a token that shows a person's name and never notifies them."""
    return _make_token("n", account_id, clip(fallback, 80))


def ping(account_id: str, fallback: str) -> str:
    """Return a token that notifies a person, in outbox posts only."""
    return _make_token("p", account_id, clip(fallback, 80))


def room(room_id: str, fallback: str) -> str:
    """Return a token that links to a channel or thread; people without access learn nothing more about it."""
    return _make_token("r", room_id, clip(fallback, 80))


def series(parts: Sequence[str]) -> str:
    """Join parts of a sentence: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def end_sentence(text: str) -> str:
    """Return a text with a full stop, unless it ends with another mark."""
    bare = text.rstrip()
    return bare if bare.endswith((".", "!", "?", ":", "…")) else f"{bare}."


def typed(command: str) -> str:
    """Return a token for a command as people type it on their platform, such as `/checkin 45`."""
    return _make_token("c", command)


@dataclass(frozen=True)
class Plain:
    text: str


@dataclass(frozen=True)
class Code:
    text: str


@dataclass(frozen=True)
class Styled:
    style: Literal["bold", "italic"]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Moment:
    at: datetime
    style: MomentStyle
    zone: str

    def text(self, zone: str | None = None) -> str:
        """Return the instant as words, in `zone` or else in the token's own zone."""
        local = self.at.astimezone(ZoneInfo(zone or self.zone))
        on = day(local.date())
        if self.style == "day":
            return on
        if self.style == "time":
            return f"{local:%H:%M}"
        return f"{on}, {local:%H:%M} ({zone or self.zone})"


@dataclass(frozen=True)
class Name:
    account_id: str
    fallback: str


@dataclass(frozen=True)
class Ping:
    account_id: str
    fallback: str


@dataclass(frozen=True)
class Room:
    room_id: str
    fallback: str


@dataclass(frozen=True)
class TypedCommand:
    command: str


Span = Plain | Code | Styled | Link | Moment | Name | Ping | Room | TypedCommand


@dataclass(frozen=True)
class Line:
    spans: tuple[Span, ...]
    is_bullet: bool = False


def parse(text: str) -> tuple[Line, ...]:
    """Return the lines of a Reply's text; an empty line has no spans."""
    lines = []
    for raw in text.split("\n"):
        is_bullet = raw.startswith("- ")
        lines.append(Line(inline(raw[2:] if is_bullet else raw), is_bullet))
    return tuple(lines)


@lru_cache(maxsize=CACHED_LINES)
def inline(text: str) -> tuple[Span, ...]:
    """Return the spans of one line, with adjacent plain text joined; cleans text that was stored uncleaned."""
    spans: list[Span] = []

    def put(span: Span) -> None:
        if isinstance(span, Plain) and spans and isinstance(spans[-1], Plain):
            spans[-1] = Plain(spans[-1].text + span.text)
        elif not isinstance(span, Plain) or span.text:
            spans.append(span)

    at = 0
    for match in _INLINE.finditer(text):
        put(Plain(text[at : match.start()]))
        at = match.end()
        put(_parse_match(match))
    put(Plain(text[at:]))
    cleaned = (Plain(clean(span.text)) if isinstance(span, Plain) else span for span in spans)
    return tuple(span for span in cleaned if span != Plain(""))


def _parse_match(match: re.Match[str]) -> Span:
    match match.lastgroup:
        case "escaped":
            return Plain(match["escaped"])
        case "code":
            return Code(clean(match["code"]))
        case "bold":
            return Styled("bold", inline(match["bold"]))
        case "italic":
            return Styled("italic", inline(match["italic"]))
        case "url":
            return Link(flat(inline(match["label"])), clean(match["url"]))
        case _:
            return _read_token(match["token"])


def _read_token(token: str) -> Span:
    match clean(token[1:-1]).split("|"):
        case ["t", unix, ("full" | "day" | "time" | "relative" | "countdown") as style, zone] if _UNIX.fullmatch(unix):
            return Moment(datetime.fromtimestamp(int(unix), UTC), style, zone)
        case ["n", account_id, fallback]:
            return Name(account_id, fallback)
        case ["p", account_id, fallback]:
            return Ping(account_id, fallback)
        case ["r", room_id, fallback]:
            return Room(room_id, fallback)
        case ["c", command]:
            return TypedCommand(command)
        case _:
            return Plain("")


def flat(spans: tuple[Span, ...], zone: str | None = None, prefix: str = "") -> str:
    """Return spans as plain words: names as names, instants in `zone`, commands after `prefix`."""
    out = []
    for span in spans:
        match span:
            case Plain(text) | Code(text):
                out.append(text)
            case Styled(_, inner):
                out.append(flat(inner, zone, prefix))
            case Link(label, url):
                out.append(label if label == url else f"{label} ({url})")
            case Moment():
                out.append(span.text(zone))
            case Name(_, fallback) | Ping(_, fallback) | Room(_, fallback):
                out.append(fallback)
            case TypedCommand(command):
                out.append(f"`{prefix}{command}`")
    return "".join(out)
