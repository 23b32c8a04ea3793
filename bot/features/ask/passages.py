"""Name the passages and sentences that an answer is based on, so that they fit a button, and find them again."""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.answers.compose.values import Citation, Passage, is_own
from bot.answers.index.chunks import quotes as quotable
from bot.answers.index.sentences import split
from bot.curriculum.note import Note, Section
from bot.curriculum.reading_pages import PagePlace
from bot.curriculum.track import Library, Track
from bot.curriculum.track import whole as whole_tracks
from bot.features import command_links
from bot.messages.call import PACKED_MAX, Call

DIGITS = 4
"""Hexadecimal digits that tell the sentences of one section apart: of 60 two look the same once in 40 sections."""

REFERENCE = 5
"""Characters of a reference to a sentence or a heading: one for a class of notes, four for the text."""

OWN = "0"
"""The class of the group's own notes; notes of courses share the other classes."""

_BASE = string.digits + string.ascii_letters
WORDED = "-"
"""Stands before the references of an answer that a model has worded."""

_SOURCES = re.compile(r"-?[0-9A-Za-z.]*(?:\+[0-9A-Za-z]+)?")
_NAME = re.compile(rf"([a-z0-9-]{{1,32}})\.(\d{{1,3}})((?:\.[0-9a-f]{{{DIGITS}}})*)")


@dataclass(frozen=True)
class CitedPassage:
    """A section of a note, and its sentences that an answer is based on, as the note has them."""

    spot: PagePlace
    marks: tuple[str, ...]


@dataclass(frozen=True)
class SourcePassage:
    """A section that an answer is based on.

    Args:
        quotes: its sentences that the answer uses.
        sentences: the numbers of the answer's sentences that are based on it, from 1.
    """

    note: Note
    heading: str
    quotes: tuple[str, ...]
    sentences: tuple[int, ...]


@dataclass(frozen=True)
class AnswerSources:
    """What an answer is based on.

    Args:
        passages: in the order of the answer.
        near: sections on the same subject, each with its note.
        lost: the number of sources that the notes no longer have.
        is_worded: whether a model worded the sentences, so that they differ from the notes'.
    """

    passages: tuple[SourcePassage, ...]
    near: tuple[tuple[Note, str], ...]
    lost: int
    is_worded: bool


def name(note: Note, heading: str, quotes: Sequence[str], room: int) -> str:
    """Return a passage's name on a button: note, section, and as many sentences as fit into `room` characters."""
    at = next((at for at, section in enumerate(note.sections, 1) if section.heading == heading), 1)
    text = f"{note.id}.{at}"
    for quote in dict.fromkeys(quotes):
        if len(text) + 1 + DIGITS <= room:
            text += f".{_digest(quote)}"
    return text


def make_call(group: int | None, note: Note, heading: str, quotes: Sequence[str] = ()) -> Call:
    """Return the Call that opens a passage with its quoted sentences in bold."""
    room = PACKED_MAX - len(command_links.PASSAGE.call(group, of="").pack())
    return command_links.PASSAGE.call(group, of=name(note, heading, quotes, room))


def find(notes: Mapping[str, Note], text: str) -> CitedPassage | None:
    """Return the passage of a name; None if the note is gone.

    A section that has moved is found by its sentences. Sentences that have changed are not marked.
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
    return CitedPassage(PagePlace(note, at), held[at - 1])


def find_anywhere(library: Library, text: str) -> tuple[Track, CitedPassage] | None:
    """Return the passage of a name and its track; of several tracks with such a note, one that has its sentences."""
    matches = [(track, passage) for track in whole_tracks(library) if (passage := find(track.notes, text)) is not None]
    return max(matches, key=lambda pair: len(pair[1].marks), default=None)


def make_sources_call(
    group: int | None,
    notes: Mapping[str, Note],
    sentences: Sequence[Sequence[Citation]],
    near: Sequence[Passage] = (),
    *,
    is_worded: bool = False,
) -> Call | None:
    """Return the Call that shows what an answer is based on; None if these notes have nothing of it.

    A button holds ten sentences or so. Of a longer answer, `near` is left out first, then second sources of a sentence,
    then the last sentences.

    Args:
        sentences: the citations of each sentence of the answer.
        is_worded: whether a model worded the sentences.
    """
    parts = [
        list(dict.fromkeys(_refer(notes[c.note], c.heading, c.quote) for c in citations if c.note in notes))
        for citations in sentences
    ]
    extra = [_refer(notes[passage.note], passage.heading) for passage in near if passage.note in notes]
    mark = WORDED if is_worded else ""
    room = PACKED_MAX - len(command_links.CITED.call(group, of=mark).pack())
    while len(text := _join(parts, extra)) > room:
        several = [part for part in parts if len(part) > 1]
        (extra or (several[-1] if several else parts)).pop()
    return command_links.CITED.call(group, of=mark + text) if text.strip(".") else None


def _join(parts: Iterable[Iterable[str]], extra: Sequence[str]) -> str:
    return ".".join("".join(part) for part in parts) + (f"+{''.join(extra)}" if extra else "")


def find_sources(notes: Mapping[str, Note], text: str) -> AnswerSources | None:
    """Return what an answer is based on, from the text of its button; None if the text is malformed."""
    head, _, tail = text.removeprefix(WORDED).partition("+")
    parts = head.split(".") if head else []
    if not _SOURCES.fullmatch(text) or any(len(part) % REFERENCE for part in (*parts, tail)):
        return None
    references = [_cut(part) for part in parts]
    classes = {reference[0] for part in (*references, _cut(tail)) for reference in part}
    known = _index_references([note for note in notes.values() if _classify(note.id) in classes])
    found: dict[tuple[str, str], tuple[Note, dict[str, None], dict[int, None]]] = {}
    lost = 0
    for number, reference in ((number, each) for number, part in enumerate(references, 1) for each in part):
        if reference not in known:
            lost += 1
            continue
        note, heading, quote = known[reference]
        _, quotes, numbers = found.setdefault((note.id, heading), (note, {}, {}))
        numbers[number] = None
        if quote:
            quotes[quote] = None
    passages = (
        SourcePassage(note, heading, tuple(quotes), tuple(numbers))
        for (_, heading), (note, quotes, numbers) in found.items()
    )
    near = (known[reference] for reference in _cut(tail) if reference in known)
    return AnswerSources(
        tuple(passages), tuple((note, heading) for note, heading, _ in near), lost, text.startswith(WORDED)
    )


def cites_own(text: str) -> bool:
    """Whether the text of a button refers to a note of the group's own."""
    return any(reference[0] == OWN for part in re.split(r"[.+]", text.removeprefix(WORDED)) for reference in _cut(part))


def _cut(part: str) -> list[str]:
    return [part[at : at + REFERENCE] for at in range(0, len(part), REFERENCE)]


def _refer(note: Note, heading: str, quote: str = "") -> str:
    """Return a reference to a sentence; to its section if the note does not have the sentence as it is quoted."""
    section = next((section for section in note.sections if section.heading == heading), None)
    is_there = section is not None and quote and _squash(quote) in map(_squash, _sentences(note, section))
    return _classify(note.id) + (_digest62(quote) if is_there else _digest62(f"#{heading}"))


def _index_references(notes: Iterable[Note]) -> dict[str, tuple[Note, str, str]]:
    """Return every sentence and section by its reference: the note, the heading, and the sentence or ""."""
    index: dict[str, tuple[Note, str, str]] = {}
    for note in notes:
        key = _classify(note.id)
        for section in note.sections:
            index.setdefault(key + _digest62(f"#{section.heading}"), (note, section.heading, ""))
            for sentence in _sentences(note, section):
                index.setdefault(key + _digest62(sentence), (note, section.heading, sentence))
    return index


def _classify(note_id: str) -> str:
    """Return a note's class, which keeps a search to a few notes."""
    number = int.from_bytes(hashlib.sha256(note_id.encode()).digest()[:4], "big")
    return OWN if is_own(note_id) else _BASE[1 + number % (len(_BASE) - 1)]


def _digest62(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(_squash(text).encode()).digest()[:8], "big")
    digits = ""
    for _ in range(REFERENCE - 1):
        number, digit = divmod(number, len(_BASE))
        digits += _BASE[digit]
    return digits


def _squash(text: str) -> str:
    return " ".join(text.split())


def _sentences(note: Note, section: Section) -> Iterator[str]:
    if section.gist:
        yield section.gist
    sentences = (part for text in (section.gist, *section.paragraphs) for part in split(text))
    yield from dict.fromkeys((*sentences, *quotable(note, section)))


def _digest(sentence: str) -> str:
    return hashlib.sha256(" ".join(sentence.split()).encode()).hexdigest()[:DIGITS]
