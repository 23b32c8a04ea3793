"""The body of a Markdown file: its headings and links, code left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_CODE = re.compile(r"`+[^`]*`+")
_LINK = re.compile(r"\]\(\s*<?([^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)?)")
_REFERENCE = re.compile(r" {0,3}\[[^\]\n]+\]:\s*<?([^\s<>]+)")


@dataclass(frozen=True)
class Heading:
    """A heading; level 2 for `##`; lines are counted from 1."""

    level: int
    text: str
    line: int


@dataclass(frozen=True)
class Link:
    """Where a link points; lines are counted from 1."""

    target: str
    line: int


class Body:
    """A Markdown text.

    Args:
        first_line: the line of the file on which the text begins.
    """

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.first_line = first_line
        self.open_fence: int | None = None
        """The line of a code fence that is never closed."""
        self.prose: Sequence[tuple[int, str]] = tuple(self._outside_fences(text, first_line))
        """(line of the file, text) of every line outside code fences."""

    def _outside_fences(self, text: str, first_line: int) -> list[tuple[int, str]]:
        prose, mark = [], ""
        for number, line in enumerate(text.split("\n"), first_line):
            found = _FENCE.fullmatch(line)
            if mark:
                if found and found[1].startswith(mark) and not found[2].strip():
                    mark, self.open_fence = "", None
            elif found:
                mark, self.open_fence = found[1], number
            else:
                prose.append((number, line))
        return prose

    @property
    def is_empty(self) -> bool:
        """Say whether nothing but headings and blank lines stands outside code."""
        return not any(line.strip() and not _HEADING.fullmatch(line) for _, line in self.prose)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading in order."""
        found = ((number, _HEADING.fullmatch(line)) for number, line in self.prose)
        return tuple(
            Heading(len(match[1]), match[2].rstrip().rstrip("#").rstrip(), number) for number, match in found if match
        )

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What stands after the `#` of a link to a heading, as GitHub makes it."""
        seen: dict[str, int] = {}
        anchors = set()
        for heading in self.headings:
            slug = re.sub(r"[^\w\- ]", "", heading.text.lower()).replace(" ", "-")
            count = seen.get(slug, 0)
            seen[slug] = count + 1
            anchors.add(f"{slug}-{count}" if count else slug)
        return frozenset(anchors)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link, image and link definition in order."""
        links = []
        for number, line in self.prose:
            if definition := _REFERENCE.match(line):
                links.append(Link(definition[1], number))
            links += [Link(match[1], number) for match in _LINK.finditer(_CODE.sub("", line))]
        return tuple(links)
