"""Lexical retrieval: SQLite's full-text index (BM25), in memory."""

from __future__ import annotations

import math
import re
import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from bot.answers.index.chunks import Chunk
from bot.answers.index.sentences import without_links
from bot.answers.index.words import SHORT_FORMS, british, content, stem, ungrouped, words

CLOSE_S = 1.0
"""Longest wait for a running search before an index is left open."""

SEARCH = """
SELECT rowid, bm25(passage, 2.0, 2.0, 1.0, 1.5) FROM passage WHERE passage MATCH ? ORDER BY 2, 1 LIMIT ?
"""
"""The numbers are the weights of title, heading, text and members' questions."""

CAPITALISED = re.compile(r"\b[A-Za-z]+[A-Z][A-Za-z]*\b")
"""A word with a capital letter after the first letter."""

IDENTIFIER = re.compile(r"(?:--)?[A-Za-z]\w*(?:[._]\w+)+|--[a-z][\w-]+|\b[a-z]+[A-Z]\w*|\b\w+(?=\()")
"""A name in code: dotted, with underscores, in camel case, called, or a command option."""


@lru_cache(maxsize=4096)  # of a passage, each time that an index with it is built: a third of that
def identifiers(text: str) -> frozenset[str]:
    """Return the code identifiers in a text, in lower case, with dotted names split."""
    names = (part for name in IDENTIFIER.findall(text) for part in name.lower().split("."))
    return frozenset(part.strip("-") for part in names if len(part) > 1)


class LexicalLeg:
    """Ranks chunks by BM25 over stemmed words. Thread-safe."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._open()
        self._db.execute(
            "CREATE VIRTUAL TABLE passage USING fts5(title, heading, text, questions, content='', "
            "tokenize='porter unicode61')"
        )
        texts = [without_links(chunk.text) for chunk in chunks]  # what a link leads to is a file's name, and no word
        self._db.executemany(
            "INSERT INTO passage(rowid, title, heading, text, questions) VALUES (?, ?, ?, ?, ?)",
            [
                (i, c.title, c.heading, ungrouped(text), ungrouped("\n".join(c.questions)))
                for i, (c, text) in enumerate(zip(chunks, texts, strict=True))
            ],
        )
        self._db.commit()  # what is not lies twice as large in a table of the library's own
        known: dict[str, str] = {}  # each word once, however many chunks hold it
        held = [
            {known.setdefault(word, word) for word in _list_words(c, t)} for c, t in zip(chunks, texts, strict=True)
        ]
        stems = {word: known.setdefault(root, root) for word in tuple(known) for root in [stem(word)]}
        self.vocabulary = frozenset(stems)
        self._held = [tuple({stems[word] for word in words_of}) for words_of in held]  # a fifth of what sets would take
        self._counts = Counter(term for terms in self._held for term in terms)
        self._written = Counter(form for text in texts for form in CAPITALISED.findall(text))
        self.identifiers = frozenset[str]().union(*map(identifiers, texts))
        self._close_at_end()

    def _open(self) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)

    def _close_at_end(self) -> None:
        """Close the index when nothing uses it any more; call this after it is filled."""
        weakref.finalize(self, _close, self._db, self._lock)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state for pickling, with the full-text index as bytes."""
        known = {name: value for name, value in vars(self).items() if name != "_lock"}
        counts = {name: dict(known[name]) for name in ("_counts", "_written")}
        with self._lock:
            return {**known, **counts, "_db": self._db.serialize()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore the pickled state."""
        counts = {name: Counter(state[name]) for name in ("_counts", "_written")}
        self.__dict__.update({name: value for name, value in {**state, **counts}.items() if name != "_db"})
        self._open()
        self._db.deserialize(state["_db"])
        self._close_at_end()

    @property
    def passages(self) -> int:
        """The number of chunks."""
        return len(self._held)

    def search(self, question: str, limit: int) -> list[tuple[int, float]]:
        """List (chunk number, score), best first; higher is better."""
        query = _build_query(content(question) or dict.fromkeys(words(question)))
        if not query:
            return []
        with self._lock:
            rows = self._db.execute(SEARCH, (query, limit)).fetchall()
        return [(number, -score) for number, score in rows]

    def held(self, number: int) -> frozenset[str]:
        """Return all stems of a chunk, including its questions and code."""
        return frozenset(self._held[number])

    def share(self, question: str, held: Collection[str]) -> float:
        """Return the rarity-weighted share of a question's words whose stems are in `held`, 0 to 1."""
        rarities = {term: self.rarity(term) for term in map(stem, content(question)) if not term.isdigit()}
        total = sum(rarities.values())
        return sum(rarity for term, rarity in rarities.items() if term in held) / total if total > 0 else 0.0

    def rarity_of(self, question: str) -> float:
        """Sum the rarity of a question's words, to normalise scores of `search` by question length."""
        return sum(self.rarity(stem(term)) for term in content(question) if not term.isdigit())

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a stem."""
        return math.log((len(self._held) + 1) / (self._counts[term] + 0.5))

    def written(self, word: str) -> str:
        """Return a word with the capitals that the passages mostly use, as in "LoRA"."""
        forms = [form for form in self._written if form.lower() == word]
        return max(forms, key=lambda form: (self._written[form], form), default=word)

    def holders(self, term: str) -> int:
        """Return the number of chunks with a stem."""
        return self._counts[term]


def _close(db: sqlite3.Connection, lock: threading.Lock) -> None:
    """Close a full-text index once no search runs in it, also at the end of the process."""
    if lock.acquire(timeout=CLOSE_S):
        db.close()
        lock.release()


def _list_words(chunk: Chunk, text: str) -> list[str]:
    return words(" ".join((chunk.title, chunk.heading, text, *chunk.questions)))


def _build_query(question: Iterable[str]) -> str:
    """Build a full-text query for any of the words; words are quoted, so none is syntax."""
    wanted = [*question]
    wanted += [SHORT_FORMS[word] for word in wanted if word in SHORT_FORMS]
    wanted += [british(word) for word in wanted if british(word) != word]
    return " OR ".join(f'"{word}"' for word in wanted)
