"""A passage that an answer rests on: how a button names it, and which of its words are marked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.answers.index.chunks import quotes as quotable
from bot.answers.index.sentences import split
from bot.curriculum.note import Note, Section
from bot.curriculum.reading_pages import Spot
from bot.curriculum.track import Library, Track
from bot.curriculum.track import whole as whole_tracks
from bot.features import command_links
from bot.messages.call import PACKED_MAX, Call

DIGITS = 4
"""Hexadecimal digits that tell the sentences of one section apart: of 60 two look the same once in 40 sections."""

_NAME = re.compile(rf"([a-z0-9-]{{1,32}})\.(\d{{1,3}})((?:\.[0-9a-f]{{{DIGITS}}})*)")


@dataclass(frozen=True)
class CitedPassage:
    """A section of a note, and those of its sentences that an answer rests on, as the note has them."""

    spot: Spot
    marks: tuple[str, ...]


def name(note: Note, heading: str, quotes: Sequence[str], room: int) -> str:
    """Return how a button names a passage: note, section, and as many sentences as fit into `room` characters."""
    at = next((at for at, section in enumerate(note.sections, 1) if section.heading == heading), 1)
    text = f"{note.id}.{at}"
    for quote in dict.fromkeys(quotes):
        if len(text) + 1 + DIGITS <= room:
            text += f".{_digest(quote)}"
    return text


def make_call(group: int | None, note: Note, heading: str, quotes: Sequence[str] = ()) -> Call:
    """Return the Call that opens a passage with the sentences marked that are quoted from it."""
    room = PACKED_MAX - len(command_links.PASSAGE.call(group, of="").pack())
    return command_links.PASSAGE.call(group, of=name(note, heading, quotes, room))


def find(notes: Mapping[str, Note], text: str) -> CitedPassage | None:
    """Return the passage of a name; None where there is no such note any more.

    A section that has moved since is known by its sentences; those that were changed are not marked.
    """
    match = _NAME.fullmatch(text)
    note = notes.get(match[1]) if match else None
    if match is None or note is None or not note.sections:
        return None
    wanted = frozenset(match[3].split(".")[1:])
    held = [
        tuple(sentence for sentence in _sentences(note, section) if _digest(sentence) in wanted)
        for section in note.sections
    ]
    at = min(max(int(match[2]), 1), len(held))
    if not held[at - 1]:
        at = next((other for other, marks in enumerate(held, 1) if marks), at)
    return CitedPassage(Spot(note, at), held[at - 1])


def find_anywhere(library: Library, text: str) -> tuple[Track, CitedPassage] | None:
    """Return the passage of a name, and whose it is: of several tracks with such a note, one that has its sentences."""
    matches = [(track, passage) for track in whole_tracks(library) if (passage := find(track.notes, text)) is not None]
    return max(matches, key=lambda pair: len(pair[1].marks), default=None)


def _sentences(note: Note, section: Section) -> Iterator[str]:
    if section.gist:
        yield section.gist
    sentences = (part for text in (section.gist, *section.paragraphs) for part in split(text))
    yield from dict.fromkeys((*sentences, *quotable(note, section)))


def _digest(sentence: str) -> str:
    return hashlib.sha256(" ".join(sentence.split()).encode()).hexdigest()[:DIGITS]
