"""Write a memory for an agent: entries with sources and dates, found again, corrected, packed and forgotten.

Dates are texts such as "2026-03-01", which compare as dates do. Each entry has two of them: since when it is true, and
when it was written. A rule tells the agent what to do; a fact does not. Entries about a person carry the name.
The functions take about 90 minutes.

Check it: python check.py at-memory
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

TRUSTED = ("user", "tool")
"""Kinds of sources that may replace an entry; "page" is not among them."""
OVERHEAD = 4
"""Tokens of a line of the context beyond those of its text."""


@dataclass(frozen=True)
class Entry:
    """Something that the agent has stored.

    `key` names what it is about, such as "ada.city"; `source` is "user", "tool" or "page"; `kind` is "fact" or "rule".
    """

    key: str
    text: str
    source: str
    since: str
    written: str
    kind: str = "fact"
    person: str = ""


def words_of(text: str) -> set[str]:
    """Return the words of a text, in lower case."""
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def count_tokens(text: str) -> int:
    """Return how many tokens a text has: here, its words."""
    return len(text.split())


@dataclass
class Memory:
    """All entries, in the order in which they were written; nothing is overwritten."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Store an entry.

        Raises:
            PermissionError: a rule whose source is not "user", or an entry whose source is not in TRUSTED for a key
                that already has an entry from a source in TRUSTED.
        """
        if entry.kind == "rule" and entry.source != "user":
            raise PermissionError(f"A {entry.source} cannot set a rule.")
        known = any(other.key == entry.key and other.source in TRUSTED for other in self.entries)
        if entry.source not in TRUSTED and known:
            raise PermissionError(f"A {entry.source} cannot replace {entry.key}.")
        self.entries.append(entry)

    def answer(self, key: str, on: str, known_on: str = "9999-12-31") -> Entry | None:
        """Return the entry of a key that was true on a day, as far as it was written until `known_on`; or None.

        Of several, the one counts that is true since the latest day; of these, the one that was written last.
        """
        fitting = [e for e in self.entries if e.key == key and e.since <= on and e.written <= known_on]
        return max(reversed(fitting), key=lambda entry: (entry.since, entry.written), default=None)

    def current(self, on: str) -> list[Entry]:
        """Return the entry of each key that is true on a day, in the order of the keys' first entries."""
        answers = (self.answer(key, on) for key in dict.fromkeys(entry.key for entry in self.entries))
        return [entry for entry in answers if entry is not None]

    def search(self, question: str, on: str, limit: int = 5) -> list[Entry]:
        """Return the current entries that share words with a question, the best first.

        The score is the sum of ln(N / n) + 1 over the shared words: N entries are current, n of them have the word. The
        words of an entry are those of its text and its key. Among equal scores, the one that was written last comes
        first. An entry without a shared word is left out.
        """
        entries = self.current(on)
        words = {entry.key: words_of(f"{entry.text} {entry.key}") for entry in entries}
        weights = {
            word: math.log(len(entries) / n) + 1
            for word in words_of(question)
            if (n := sum(word in known for known in words.values()))
        }
        scores = {key: sum(weights.get(word, 0) for word in known) for key, known in words.items()}
        found = [entry for entry in entries if scores[entry.key] > 0]
        return sorted(sorted(found, key=lambda e: e.written, reverse=True), key=lambda e: -scores[e.key])[:limit]

    def forget(self, person: str) -> int:
        """Remove the entries about a person, older ones too, and those whose text names the person; return how many.

        A name counts as a whole word, in upper or lower case: "Ada" is not in "Adam".
        """
        name = person.lower()
        kept = [e for e in self.entries if e.person.lower() != name and name not in words_of(e.text)]
        removed = len(self.entries) - len(kept)
        self.entries = kept
        return removed


def pack(entries: Sequence[Entry], budget: int) -> list[str]:
    """Return lines for the prompt, in the order given, whose tokens (count_tokens + OVERHEAD each) fit the budget.

    An entry that is too long for what is left is skipped, and shorter ones after it may still fit. A line is
    "[since, source] text", and for a source that is not in TRUSTED '[since, source] quoted: "text"'. The prefix counts
    as the OVERHEAD.
    """
    lines, left = [], budget
    for entry in entries:
        cost = count_tokens(entry.text) + OVERHEAD
        if cost > left:
            continue
        left -= cost
        text = entry.text if entry.source in TRUSTED else f'quoted: "{entry.text}"'
        lines.append(f"[{entry.since}, {entry.source}] {text}")
    return lines


def recall(find: Callable[[str], Sequence[Entry]], questions: Sequence[tuple[str, str]]) -> float:
    """Return the share of questions whose key is found; each comes with the key of the entry that answers it."""
    hits = sum(key in [entry.key for entry in find(question)] for question, key in questions)
    return hits / len(questions)
