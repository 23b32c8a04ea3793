"""The small Markdown of a Reply in Discord's Markdown, with everything else escaped."""

from __future__ import annotations

import re
from typing import assert_never

from bot.core import markup
from bot.core.markup import Code, Line, Link, Moment, Name, Ping, Plain, Span, Styled, Typed

_STYLES = {"full": "F", "day": "D", "time": "t", "relative": "R"}
_URL = re.compile(r"https?://[^\s<>\"'`|*\\^{}\[\]]+", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\*_`~|<\[])")
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_LINE_START = re.compile(r"^(\s*)(?:([#>+-])|(\d{1,9})(?=[.)]))")
_BROKEN = "\u200b"
"""A zero-width space: it keeps `@everyone` from being one."""


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


def draw(spans: tuple[Span, ...], *, starts_line: bool = False) -> str:
    """Return spans in Discord's Markdown; whom a mention notifies is decided by the message's allowed mentions."""
    return "".join(_draw(span, starts_line and i == 0) for i, span in enumerate(spans))


def _draw(span: Span, starts_line: bool) -> str:
    match span:
        case Plain(text):
            return escape(text, starts_line=starts_line)
        case Code(text):
            return code(text)
        case Styled("bold", inner):
            return f"**{draw(inner)}**"
        case Styled(_, inner):
            return f"*{draw(inner)}*"
        case Link(label, url):
            return link(label, url)
        case Moment(at, style):
            return f"<t:{int(at.timestamp())}:{_STYLES[style]}>"
        case Name(account_id, fallback) | Ping(account_id, fallback):
            sign, account_id = ("&", account_id[5:]) if account_id.startswith("role:") else ("", account_id)
            return f"<@{sign}{account_id}>" if is_id(account_id) else _words(fallback)
        case Typed(command):
            return code(f"/{command}")
        case _:
            assert_never(span)


def is_id(text: str) -> bool:
    """Whether the text is one of Discord's ids."""
    return text.isascii() and text.isdecimal() and 0 < len(text) <= 20


def line(one: Line, limit: int = 10**6) -> str:
    """Return one line, cut between its spans if it is longer than `limit`."""
    start = "- " if one.is_bullet else ""
    whole = start + draw(one.spans, starts_line=True)
    if len(whole) <= limit:
        return whole
    out = start
    for i, span in enumerate(one.spans):
        piece = _draw(span, i == 0)
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


def lines(markdown: str) -> list[str]:
    """Return the lines of a Reply's text in Discord's Markdown."""
    return [line(one) for one in markup.parse(markdown)]


def pings(markdown: str) -> list[str]:
    """Return the ids of the people whom the text notifies, in order."""
    found: list[str] = []

    def walk(spans: tuple[Span, ...]) -> None:
        for span in spans:
            if isinstance(span, Ping) and is_id(span.account_id):
                found.append(span.account_id)
            elif isinstance(span, Styled):
                walk(span.spans)

    for one in markup.parse(markdown):
        walk(one.spans)
    return found
