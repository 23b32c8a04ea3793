"""The small Markdown of a Reply in Discord's Markdown, with everything else escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never

from bot.commands import parsing
from bot.commands.command import Command
from bot.commands.parameter_types import Kind, find_bool
from bot.messages import markup
from bot.messages.markup import (
    Code,
    Line,
    Link,
    Moment,
    MomentStyle,
    Name,
    Ping,
    Plain,
    Room,
    Span,
    Styled,
    TypedCommand,
)

_STYLES: Mapping[MomentStyle, str] = {"full": "F", "day": "D", "time": "t", "relative": "R"}
_URL = re.compile(r"https?://[^\s<>\"'`|*\\^{}\[\]]+", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\*_`~|<\[])")
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_LINE_START = re.compile(r"^(\s*)(?:([#>+-])|(\d{1,9})(?=[.)]))")
_KEY, _OPTIONAL = re.compile(r"(?<!\S)([a-z_]+)="), re.compile(r"\[([a-z_]+)=\]")
_USAGE = re.compile(r"[A-Z_]+|\[[a-z_]+=\]")
"""A word of `Command.usage`."""
_BROKEN = "\u200b"
"""A zero-width space: it keeps `@everyone` from being one."""


@dataclass(frozen=True)
class Registered:
    """A registered command: Discord's id of it, and its declaration."""

    id: str
    command: Command


Commands = Mapping[str, Registered]
"""The registered commands by the name that people type."""
UNREGISTERED: Commands = MappingProxyType({})
ROLE = "role:"
"""What stands before the id of a role where others are those of people."""


def escape(text: str, *, starts_line: bool = False) -> str:
    """Return plain text that Discord shows as it stands: no markup, no mention, no emoji; web addresses stay links.

    Args:
        starts_line: whether headings, quotes and lists have to be escaped as well.
    """
    out, at = [], 0
    for found in _URL.finditer(text):
        url = _whole(found[0])
        out.append(_words(text[at : found.start()]))
        out.append(f"<{_EVERYONE.sub('%40', url)}>")
        at = found.start() + len(url)
    out.append(_words(text[at:]))
    joined = "".join(out)
    return _LINE_START.sub(_defuse, joined) if starts_line else joined


def _whole(url: str) -> str:
    """Return an address without the punctuation of the sentence around it; brackets that it opened stay."""
    url = url.rstrip(".,;:!?")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:!?")
    return url


def _words(text: str) -> str:
    return _EVERYONE.sub("@" + _BROKEN, _SPECIAL.sub(r"\\\1", text))


def _defuse(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\"


def code(text: str) -> str:
    """Return text in a code span; inside one nothing is live."""
    return f"`{_EVERYONE.sub('@' + _BROKEN, text.replace('`', 'ˋ'))}`"


def fence(lines: list[str]) -> str:
    """Return lines as a block of monospace text."""
    inner = "\n".join(_EVERYONE.sub("@" + _BROKEN, line.replace("`", "ˋ")) for line in lines)
    return f"```\n{inner}\n```"


def link(label: str, url: str) -> str:
    """Return a masked link without a preview; a label that looks like another address is left out."""
    safe = url.replace("<", "%3C").replace(">", "%3E")
    safe = _EVERYONE.sub("%40", safe)
    if label == url or "://" in label:
        return f"<{safe}>"
    return f"[{_words(label).replace(']', chr(92) + ']')}](<{safe}>)"


def draw(spans: tuple[Span, ...], commands: Commands = UNREGISTERED, *, starts_line: bool = False) -> str:
    """Return spans in Discord's Markdown; whom a mention notifies is decided by the message's allowed mentions."""
    return "".join(_draw(span, commands, starts_line and i == 0) for i, span in enumerate(spans))


def _draw(span: Span, commands: Commands, starts_line: bool) -> str:
    match span:
        case Plain(text):
            return escape(text, starts_line=starts_line)
        case Code(text):
            return code(text)
        case Styled("bold", inner):
            return f"**{draw(inner, commands)}**"
        case Styled(_, inner):
            return f"*{draw(inner, commands)}*"
        case Link(label, url):
            return link(label, url)
        case Moment(at, style):
            return _instant(int(at.timestamp()), style)
        case Name(account_id, fallback) | Ping(account_id, fallback):
            return mention(account_id) if _is_known(account_id) else _words(fallback)
        case Room(room_id, fallback):
            return f"<#{room_id}>" if is_id(room_id) else _words(fallback)
        case TypedCommand(command):
            return slash(command, commands)
        case _:
            assert_never(span)


def slash(line: str, commands: Commands = UNREGISTERED) -> str:
    """Return a typed line as Discord takes it: a command to click on, with its options by name.

    `session plan at=sat 18:00` becomes a mention of the command and `at: sat 18:00`; of `quiz 7` that is `unit: 7`.
    The options are code, so that the sentence around them doesn't run into them.
    """
    words = line.split()
    name = next((name for name in (" ".join(words[:2]), words[0] if words else "") if name in commands), "")
    if not name:
        return code("/" + _KEY.sub(r"\1: ", _OPTIONAL.sub(r"[\1]", line)))
    registered, rest = commands[name], " ".join(words[len(name.split()) :])
    clickable = f"</{name}:{registered.id}>"
    if all(_USAGE.fullmatch(word) for word in rest.split()):
        options = _OPTIONAL.sub(r"[\1]", rest).lower()
    else:
        given = parsing.split(registered.command, rest)
        options = " ".join(f"{key}: {_option(registered.command, key, value)}" for key, value in given.items())
    return f"{clickable} {code(options)}" if options else clickable


def _option(command: Command, key: str, value: str) -> str:
    """Return a value as Discord's client offers it."""
    param = command.param(key)
    is_bool = param is not None and param.kind is Kind.BOOL
    return str(find_bool(value)) if is_bool and find_bool(value) is not None else value


def _instant(unix: int, style: MomentStyle) -> str:
    """Return an instant that every reader's Discord shows in their zone, and counts down to by itself."""
    if style == "countdown":
        return f"{_instant(unix, 'full')} ({_instant(unix, 'relative')})"
    return f"<t:{unix}:{_STYLES[style]}>"


def is_id(text: str) -> bool:
    """Whether the text is one of Discord's ids."""
    return text.isascii() and text.isdecimal() and 0 < len(text) <= 20


def mention(account_id: str) -> str:
    """Return the mention of a person, or of a role."""
    return f"<@&{account_id.removeprefix(ROLE)}>" if account_id.startswith(ROLE) else f"<@{account_id}>"


def _is_known(account_id: str) -> bool:
    return is_id(account_id.removeprefix(ROLE))


def line(one: Line, limit: int = 10**6, commands: Commands = UNREGISTERED) -> str:
    """Return one line, cut between its spans if it is longer than `limit`."""
    start = "- " if one.is_bullet else ""
    whole = start + draw(one.spans, commands, starts_line=True)
    if len(whole) <= limit:
        return whole
    out = start
    for i, span in enumerate(one.spans):
        piece = _draw(span, commands, i == 0)
        room = limit - len(out) - 1
        if len(piece) > room:
            if isinstance(span, Plain):
                out += _fitting(span.text, room, starts_line=i == 0)
            break
        out += piece
    return out.rstrip() + "…"


def _fitting(text: str, room: int, *, starts_line: bool) -> str:
    keep = min(len(text), room)
    while keep > 0:
        drawn = escape(markup.clip(text, keep).removesuffix("…"), starts_line=starts_line)
        if len(drawn) <= room:
            return drawn
        keep -= max(1, len(drawn) - room)
    return ""


def lines(markdown: str, commands: Commands = UNREGISTERED) -> list[str]:
    """Return the lines of a Reply's text in Discord's Markdown."""
    return [line(one, commands=commands) for one in markup.parse(markdown)]


def pings(markdown: str) -> list[str]:
    """Return the ids of the people and roles whom the text notifies, in order."""
    found: list[str] = []

    def walk(spans: tuple[Span, ...]) -> None:
        for span in spans:
            if isinstance(span, Ping) and _is_known(span.account_id):
                found.append(span.account_id)
            elif isinstance(span, Styled):
                walk(span.spans)

    for one in markup.parse(markdown):
        walk(one.spans)
    return found
