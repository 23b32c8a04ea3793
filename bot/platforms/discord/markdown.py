"""Draw a Reply's small Markdown as Discord's Markdown, and escape everything else."""

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
"""Prefix that distinguishes role ids from people's ids."""


def escape(text: str, *, starts_line: bool = False) -> str:
    """Return text that Discord shows unchanged: no markup, mention or emoji. Web addresses stay links.

    Args:
        starts_line: whether to escape headings, quotes and lists as well.
    """
    out, at = [], 0
    for match in _URL.finditer(text):
        url = _trim_address(match[0])
        out.append(_escape_words(text[at : match.start()]))
        out.append(f"<{_EVERYONE.sub('%40', url)}>")
        at = match.start() + len(url)
    out.append(_escape_words(text[at:]))
    joined = "".join(out)
    return _LINE_START.sub(_escape_line_start, joined) if starts_line else joined


def _trim_address(url: str) -> str:
    """Return an address without the punctuation after it; brackets that it opened stay."""
    url = url.rstrip(".,;:!?")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:!?")
    return url


def _escape_words(text: str) -> str:
    return _EVERYONE.sub("@" + _BROKEN, _SPECIAL.sub(r"\\\1", text))


def _escape_line_start(match: re.Match[str]) -> str:
    return f"{match[1]}\\{match[2]}" if match[2] else f"{match[1]}{match[3]}\\"


def code(text: str) -> str:
    """Return text in a code span, where no markup works."""
    return f"`{_EVERYONE.sub('@' + _BROKEN, text.replace('`', 'ˋ'))}`"


def fence(lines: list[str]) -> str:
    """Return lines as a block of monospace text."""
    inner = "\n".join(_EVERYONE.sub("@" + _BROKEN, line.replace("`", "ˋ")) for line in lines)
    return f"```\n{inner}\n```"


def link(label: str, url: str) -> str:
    """Return a masked link without a preview; drop a label that looks like another address."""
    safe = url.replace("<", "%3C").replace(">", "%3E")
    safe = _EVERYONE.sub("%40", safe)
    if label == url or "://" in label:
        return f"<{safe}>"
    return f"[{_escape_words(label).replace(']', chr(92) + ']')}](<{safe}>)"


def draw(spans: tuple[Span, ...], commands: Commands = UNREGISTERED, *, starts_line: bool = False) -> str:
    """Return spans in Discord's Markdown; the message's allowed mentions decide whom a mention notifies."""
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
            return _format_instant(int(at.timestamp()), style)
        case Name(account_id, fallback) | Ping(account_id, fallback):
            return mention(account_id) if _is_known(account_id) else _escape_words(fallback)
        case Room(room_id, fallback):
            return f"<#{room_id}>" if is_id(room_id) else _escape_words(fallback)
        case TypedCommand(command):
            return slash(command, commands)
        case _:
            assert_never(span)


def slash(line: str, commands: Commands = UNREGISTERED) -> str:
    """Return a typed line as a clickable command with its named options.

    `session plan at=sat 18:00` becomes a mention of the command and `at: sat 18:00`; of `quiz 7` that is `unit: 7`.
    The options are code, so that the sentence around them doesn't run into them. A command that is not in the slash
    menu is typed after a mention of the bot.
    """
    words = line.split()
    name = next((name for n in (3, 2, 1) if (name := " ".join(words[:n])) in commands), "")
    if not name and commands:
        return code(f"@Trailmate {line}")
    if not name:
        return code("/" + _KEY.sub(r"\1: ", _OPTIONAL.sub(r"[\1]", line)))
    registered, rest = commands[name], " ".join(words[len(name.split()) :])
    clickable = f"</{name}:{registered.id}>"
    if all(_USAGE.fullmatch(word) for word in rest.split()):
        options = _OPTIONAL.sub(r"[\1]", rest).lower()
    else:
        given = parsing.split(registered.command, rest)
        options = " ".join(f"{key}: {_format_option(registered.command, key, value)}" for key, value in given.items())
    return f"{clickable} {code(options)}" if options else clickable


def _format_option(command: Command, key: str, value: str) -> str:
    """Return a value as Discord's client shows it."""
    param = command.param(key)
    is_bool = param is not None and param.kind is Kind.BOOL
    return str(find_bool(value)) if is_bool and find_bool(value) is not None else value


def _format_instant(unix: int, style: MomentStyle) -> str:
    """Return a timestamp that Discord shows in each reader's zone and, for a countdown, keeps up to date."""
    if style == "countdown":
        return f"{_format_instant(unix, 'full')} ({_format_instant(unix, 'relative')})"
    return f"<t:{unix}:{_STYLES[style]}>"


def is_id(text: str) -> bool:
    """Whether the text is one of Discord's ids."""
    return text.isascii() and text.isdecimal() and 0 < len(text) <= 20


def mention(account_id: str) -> str:
    """Return the mention of a person, or of a role."""
    return f"<@&{account_id.removeprefix(ROLE)}>" if account_id.startswith(ROLE) else f"<@{account_id}>"


def _is_known(account_id: str) -> bool:
    return is_id(account_id.removeprefix(ROLE))


def line(parsed: Line, limit: int = 10**6, commands: Commands = UNREGISTERED) -> str:
    """Return one line, cut between its spans if it is longer than `limit`."""
    start = "- " if parsed.is_bullet else ""
    whole = start + draw(parsed.spans, commands, starts_line=True)
    if len(whole) <= limit:
        return whole
    out = start
    for i, span in enumerate(parsed.spans):
        piece = _draw(span, commands, i == 0)
        room = limit - len(out) - 1
        if len(piece) > room:
            if isinstance(span, Plain):
                out += _cut_to_fit(span.text, room, starts_line=i == 0)
            break
        out += piece
    return out.rstrip() + "…"


def _cut_to_fit(text: str, room: int, *, starts_line: bool) -> str:
    keep = min(len(text), room)
    while keep > 0:
        drawn = escape(markup.clip(text, keep).removesuffix("…"), starts_line=starts_line)
        if len(drawn) <= room:
            return drawn
        keep -= max(1, len(drawn) - room)
    return ""


def lines(markdown: str, commands: Commands = UNREGISTERED) -> list[str]:
    """Return the lines of a Reply's text in Discord's Markdown."""
    return [line(parsed, commands=commands) for parsed in markup.parse(markdown)]


def pings(markdown: str) -> list[str]:
    """Return the ids of the people and roles whom the text notifies, in order."""
    ids: list[str] = []

    def walk(spans: tuple[Span, ...]) -> None:
        for span in spans:
            if isinstance(span, Ping) and _is_known(span.account_id):
                ids.append(span.account_id)
            elif isinstance(span, Styled):
                walk(span.spans)

    for parsed in markup.parse(markdown):
        walk(parsed.spans)
    return ids
