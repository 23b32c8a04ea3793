"""One line of an outline that somebody wrote: its links, its emphasis, and the time that it says it takes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.core import lengths, markup
from bot.core.errors import BadInput
from bot.core.values import parse_url

LINE_MAX, NAME_MAX = 2000, 120
"""Characters of a line that are looked at, and of what a link is called."""

_LINK = re.compile(r"!?\[(?P<label>[^\[\]]*)\]\((?P<target>[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+\"[^\"]*\")?\)")
_BARE = re.compile(r"<?(?P<target>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])>?")
_BRACKETS = re.compile(r"[(\[](?:about |ca\.? |~ ?)?([^()\[\]]{1,24})[)\]]$")
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=!?\[|<?https?://)")
_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1|(?<![\w*])([*_])(\S.*?)\3(?![\w*])")


@dataclass(frozen=True)
class Link:
    """A web address that can be linked, and what it is called."""

    title: str
    url: str


def addresses(cell: str) -> list[str]:
    """Return the links of a table's cell, each by itself: what stands between them is no text."""
    found = [one[0] for one in _LINK.finditer(cell)]
    return [*found, *(one["target"] for one in _BARE.finditer(_LINK.sub(" ", cell)))]


def linkless(text: str, keep: Callable[[Link], None], lose: Callable[[str], None]) -> str:
    """Return a text whose links are their words.

    Args:
        keep: takes each link that leads into the web.
        lose: takes each other address.
    """

    def said(label: str, target: str) -> str:
        try:
            url = parse_url(target)
        except BadInput:
            lose(target)
        else:
            keep(Link(markup.clip(plain(label) or _host_and_path(url), NAME_MAX), url))
        return label

    rest = _LINK.sub(lambda found: said(found["label"], found["target"]), text)
    return _BARE.sub(lambda found: said("", found["target"]), rest)


def is_lone_link(text: str) -> bool:
    """Say whether a line has links and no words of its own."""
    rest = _BARE.sub("", _LINK.sub("", text))
    return rest != text and re.search(r"\w", timed(rest)[0].replace(" and ", "")) is None


def pieces(text: str) -> list[str]:
    """Return a line cut where a link begins behind a sentence: one that stands there by itself is no part of it."""
    return _SENTENCE_END.split(text)


def timed(text: str) -> tuple[str, int]:
    """Return a text without the time in brackets at its end, and that time in minutes; 0 for none.

    Links may follow the time.
    """
    said = text.rstrip()
    words = _blank(said).rstrip(" ,;:–—-")
    if len(words) < len(said) and words.endswith((")", "]")):
        rest, took = timed(said[: len(words)])
        return (rest + said[len(words) :], took) if took else (text, 0)
    found = _BRACKETS.search(said[-40:])
    took = minutes(found[1]) if found and not _NUMBER.fullmatch(found[1].strip()) else 0
    return (said[: said.rindex(found[0])].rstrip(), took) if found and took else (text, 0)


def _blank(text: str) -> str:
    """Return a text of the same length whose links are spaces."""
    bare = _LINK.sub(lambda found: " " * len(found[0]), text)
    return _BARE.sub(lambda found: " " * len(found[0]), bare)


def minutes(said: str) -> int:
    """Return a time in minutes, of a range the longer one; a bare number is hours."""
    longest = re.split(r"[-–—]|\bto\b", said.casefold())[-1].strip(" ~")
    return lengths.minutes(f"{longest} h" if _NUMBER.fullmatch(longest) else longest) or 0


def plain(text: str) -> str:
    """Return one line without the marks of emphasis."""
    return " ".join(_EMPHASIS.sub(lambda found: found[2] or found[4], text).split())


def _host_and_path(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path}".rstrip("/")
