"""What is made of notes before anything is searched in them, and what of it a next start can take."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.features.qa.index.chunks import Chunk, SourceId
from bot.features.qa.index.dense import Laid, Leg
from bot.features.qa.index.lexical import LexicalLeg
from bot.features.qa.index.spelling import Speller


@dataclass(frozen=True, slots=True)
class Source:
    """What one source holds.

    Args:
        leg: its rows; None until they are embedded.
    """

    chunks: tuple[Chunk, ...]
    leg: Leg | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that is known of the words of some sources and of nothing else.

    Args:
        notes: of each chunk its note.
    """

    chunks: tuple[Chunk, ...]
    notes: tuple[tuple[SourceId, str], ...]
    lexical: LexicalLeg
    speller: Speller


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of one source.

    Args:
        laid: where its rows lie, None where they are not carried.
    """

    words: Words
    laid: Laid | None


Kept = Mapping[SourceId, Made]
"""What was made of each source that is there from the beginning."""


def words_of(chunks: Sequence[Chunk], ordinary: Collection[str]) -> Words:
    """Put together what is known of the words of chunks.

    Args:
        ordinary: words that are never taken for a slip of spelling.
    """
    lexical = LexicalLeg(chunks)
    notes = tuple((chunk.source, chunk.note) for chunk in chunks)
    speller = Speller(lexical.vocabulary, ordinary, lexical.prose, lexical.hyphenated)
    return Words(tuple(chunks), notes, lexical, speller)
