"""A sentence or a row of the notes, read so that a model's sentence can be laid along it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answers.model.reading import BECAUSE, IF, SO, Clause, Token, clauses, points_back

LINKS = frozenset({IF, BECAUSE, SO})


@dataclass(frozen=True, slots=True, eq=False)
class NotePlace:
    """A sentence or a row of the notes.

    Args:
        names: title and heading of its passage.
        of: the number of each token's clause.
        heads: the place of each clause's first token that says something.
        where: the places of each class of meaning.
        named: the classes of what its passage is called, and of what it points back to.
    """

    text: str
    names: str
    clauses: tuple[Clause, ...]
    tokens: tuple[Token, ...]
    of: tuple[int, ...]
    heads: tuple[int, ...]
    where: Mapping[str, Sequence[int]]
    named: frozenset[str]

    @property
    def is_row(self) -> bool:
        """Say whether it is a row of a table."""
        return self.text.startswith("|")

    def has(self, token: Token) -> bool:
        """Say whether a word is met somewhere."""
        return any(form in self.where for form in token.forms)


@lru_cache(maxsize=8192)
def place(text: str, names: str, before: str = "") -> NotePlace:
    """Read a sentence of the notes.

    Args:
        names: title and heading of its passage.
        before: the sentence before it there.
    """
    every = clauses(text)
    heads, start = [], 0
    for one in every:
        says = (i for i, token in enumerate(one.tokens) if not token.is_free and not token.forms & LINKS)
        heads.append(start + next(says, len(one.tokens)))
        start += len(one.tokens)
    tokens = tuple(token for one in every for token in one.tokens)
    where: defaultdict[str, list[int]] = defaultdict(list)
    for k, token in enumerate(tokens):
        for form in token.forms:
            where[form].append(k)
    named = [*clauses(names), *(clauses(before)[:1] if points_back(text) else ())]
    forms = frozenset[str]().union(*(token.forms for one in named for token in one.said))
    of = tuple(n for n, one in enumerate(every) for _ in one.tokens)
    return NotePlace(text, names, every, tokens, of, tuple(heads), dict(where), forms)
