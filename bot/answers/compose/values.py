"""An answer: its text, its citations, the nearest passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.llm.base import Usage

Coverage = Literal["covered", "near", "foreign"]
"""Whether the notes answer a question; "near" is for one that they may answer, where nothing is claimed."""

StandsIn = Literal["silent", "untenable"]
"""Why the notes' own words stand in for a model's: it did not answer, or nothing that it said holds."""

UNSURE = "I'm not sure the notes cover this. The nearest:"
"""The first words of a near answer."""


def is_own(note: str) -> bool:
    """Say whether a note of this id is one of a group's own: those have numbers."""
    return note.isdecimal()


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited note, a heading in it, and the gist or sentence, verbatim."""

    note: str
    title: str
    heading: str
    quote: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading of a note."""

    note: str
    title: str
    heading: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer fit to be shown after escaping.

    Args:
        text: sentences, each followed by its marks, as in "... [1] ... [2][3]"; or why there is none.
        coverage: of the question; if it is "near", `text` quotes the nearest passages and claims no answer.
        citations: citation n stands for [n].
        origin: who worded it; None if declined.
        cosine: of the best passage, to find gaps in the notes; None without vectors.
        near: uncited passages that are near the question, nearest first.
        meant: the notes' spelling of an unknown word of a declined question, if it may be a typing error.
        missing: the part of the question that the notes don't answer, in its own words; it may be empty.
        is_unclear: whether the question names no subject, so that `text` asks for one.
        is_other_tongue: whether it was asked in another language than the notes', so that `text` says theirs.
        stands_in: why it is the notes' own where a model was to word it: it did not answer, or gave nothing that holds.
        computed: sentences of its text that no note says: what the question's numbers come to by a cited formula.
        usage: what a chat model counted for it, whatever became of its text; None if none was asked or it did not say.
    """

    text: str
    coverage: Coverage
    citations: tuple[Citation, ...] = ()
    origin: Literal["notes", "model"] | None = None
    cosine: float | None = None
    near: tuple[Passage, ...] = ()
    meant: str | None = None
    missing: str = ""
    is_unclear: bool = False
    is_other_tongue: bool = False
    stands_in: StandsIn | None = None
    computed: tuple[str, ...] = ()
    usage: Usage | None = None

    @property
    def declined(self) -> bool:
        """Say that no answer is claimed."""
        return self.coverage != "covered"

    @property
    def own_quotes(self) -> list[tuple[int, str]]:
        """Its quotes from the group's own notes, each with the number of its note."""
        return [(int(citation.note), citation.quote) for citation in self.citations if is_own(citation.note)]

    @property
    def names_own(self) -> bool:
        """Say whether it quotes or names a note of the group's own."""
        return any(is_own(note) for note in (*(c.note for c in self.citations), *(p.note for p in self.near)))
