"""Looks at what a note shows: drawings that stand beside it, each with words for whoever cannot see it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from bot.curriculum.markdown_body import Body
from bot.curriculum.note_reader import NoteFile
from bot.curriculum.yaml_reader import quoted

ASKED_FOR = "figure:"
"""How a comment begins that asks for a figure."""
ALT_MIN = 20
SUFFIXES = (".svg", ".png")
"""For pages, and for chats."""

_EMPTY = re.compile(r"(?:an? |the )?(?:image|picture|figure|drawing|diagram) of", re.IGNORECASE)
_CODE = re.compile(r"`+[^`]*`+")


def figure_faults(body: Body, drawn: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield line and sentence for all that is wrong with the figures of a note and with the wishes for them.

    Args:
        drawn: names of the files that are there.
    """
    for line in body.prose:
        if line.text.lstrip().startswith("<!--") and not (line.comment or "").startswith(ASKED_FOR):
            yield line.number, "A comment asks for a figure, in one line: <!-- figure: what it shows -->."
        if line.figure is None and "![" in _CODE.sub("", line.text):
            yield line.number, "A figure stands alone on its line: ![what is to be seen](../figures/name.svg)."
    for part in body.parts:
        for figure in part.figures:
            for missing in (file for suffix in SUFFIXES if (file := figure.name + suffix) not in drawn):
                yield figure.line, f"The file {quoted(f'figures/{missing}')} is not there."
            if len(figure.alt) < ALT_MIN or _EMPTY.match(figure.alt):
                yield (
                    figure.line,
                    f"The figure {quoted(figure.name)} needs a text of {ALT_MIN} characters or more that says what is "
                    f"to be seen, and not that it is a picture.",
                )


def shown(pages: Sequence[NoteFile]) -> frozenset[str]:
    """Return the names of the figures that notes show."""
    return frozenset(figure.name for page in pages for part in page.body.parts for figure in part.figures)


def wishes(pages: Sequence[NoteFile]) -> int:
    """Return how many figures notes ask for."""
    return sum((line.comment or "").startswith(ASKED_FOR) for page in pages for line in page.body.prose)
