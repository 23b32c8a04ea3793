"""Questions as cards of Anki: a table of text that it imports, and that no spreadsheet takes for formulas. Pure."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Sequence

from bot.core.spreadsheet import cell
from bot.features.quiz.posed import Posed, figure
from bot.features.roadmap.bank import Amount, InOrder, Item, OneOf, SomeOf
from bot.features.roadmap.track import Track

CARDS = 400
"""Cards of one file."""
_HEAD = ("#separator:Comma", "#html:false", "#columns:Front,Back,Source,Tags", "#tags column:4")
"""What tells Anki how to read the file.

Source: rslib/src/import_export/text/csv/metadata.rs of github.com/ankitects/anki, November 2026.
"""


def cards(track: Track, items: Sequence[Item]) -> str:
    """Return questions as the text of a file."""
    units = {item.id: unit for unit, bank in track.banks.items() for item in bank.items}
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for item in items:
        tags = " ".join(_tag(one) for one in (track.origin, units.get(item.id, ""), item.difficulty) if one)
        rows.writerow([cell(one) for one in (_front(item), _back(track, item), _source(track, item), tags)])
    return "\n".join(_HEAD) + "\n" + out.getvalue()


def _posed(item: Item) -> Posed:
    """Return a question with its choices in an order of its own, which its card keeps."""
    return Posed(item, zlib.crc32(item.id.encode()), 1)


def _front(item: Item) -> str:
    options = [f"{letter}. {text}" for letter, text in _posed(item).options]
    return "\n\n".join(part for part in (item.prompt, item.code, "\n".join(options)) if part)


def _back(track: Track, item: Item) -> str:
    """Return the answer with its reason, and where it stands: Anki's usual cards have no field for a source."""
    posed = _posed(item)
    match item.form:
        case Amount(value, _, unit):
            right = f"{figure(value)} {unit}".strip()
        case InOrder():
            right = ", ".join(posed.right)
        case OneOf() | SomeOf():
            right = "\n".join(f"{letter}. {text}" for letter, text in posed.options if letter in posed.right)
    against = [f"{letter}: {why}" for letter in posed.letters if (why := posed.why(letter))]
    parts = (right, item.why, "\n".join(against), f"Source: {_source(track, item)}")
    return "\n\n".join(part for part in parts if part)


def _source(track: Track, item: Item) -> str:
    note = track.notes.get(item.source.note)
    return f"{note.title} > {item.source.heading}" if note is not None else item.source.heading


def _tag(text: str) -> str:
    return re.sub(r"\s+", "-", text)
