"""Rules for what people read: phrases, clauses as subjects, summaries of commands. Pure functions of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.shipped import read_yaml

VALUE = "¤"
"""Stands for a value that the program fills into a text."""
SUMMARY_MAX = 60
"""Most characters of a command's summary."""


@dataclass(frozen=True)
class Phrase:
    """A phrase that people must not read.

    Args:
        pattern: where it is wrong.
        say: what to write instead.
        allowed: text in which it is right.
        bad: a sentence in which it is wrong.
        for_members: whether only members must not read it.
    """

    pattern: re.Pattern[str]
    say: str
    allowed: re.Pattern[str] | None
    bad: str
    for_members: bool

    def search(self, text: str) -> str | None:
        """Return the wrong words in `text`, or None."""
        match = self.pattern.search(self.allowed.sub(" … ", text) if self.allowed else text)
        return match[0] if match else None


@cache
def read_phrases() -> tuple[Phrase, ...]:
    """Read `phrases.yaml`."""
    rows = read_yaml(Path(__file__).with_name("phrases.yaml"))
    return tuple(
        Phrase(
            _compile(row["wrong"]),
            row["say"],
            _compile(row["not"]) if "not" in row else None,
            row["bad"],
            row.get("readers") == "members",
        )
        for row in rows
    )


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def find_phrases(sentence: str, *, for_members: bool = True) -> list[str]:
    """Return what is wrong in a sentence: `"mend": say fix`."""
    phrases = (phrase for phrase in read_phrases() if for_members or not phrase.for_members)
    texts = ((phrase.search(sentence), phrase.say) for phrase in phrases)
    return [f'"{words.strip()}": say {say}' for words, say in texts if words]


_BREAK = re.compile(r"(?<=[.!?…])[\"”’)*_]*\s+(?=[A-Z0-9“\"¤*_(\[\W])|\n+|(?<= )· ")
_MARKS = re.compile(r"^[\s\-*_>“\"'(•·✓✗✕⚠\W]+", re.UNICODE)


def split_sentences(text: str) -> list[str]:
    """Split a text of several lines into its sentences."""
    return [part.strip() for part in _BREAK.split(text) if part.strip()]


_SUBJECT = r"(?:you|he|she|it|they|we|i|a|an|the|this|these|nobody|somebody|people|members|your|their|its|my|¤|there)"
_CLAUSES = re.compile(
    rf"""(?ix)
    (?: who(?:m|se|ever|mever)?\b
      | what(?:ever|soever)?\b(?!\sa\b)
      | which(?:ever)?\b
      | where(?:ver)?\b
      | whether\b
      | how\b(?!\sto\b)
      | that\s{_SUBJECT}\b(?!\s(?:way|time|day|week)\b)
      | of\b(?!\scourse\b)
      | beside\b | besides\s\w
      | (?:to|for|from|with|in|by|on|at|about|as)\s(?:who|whom|whoever|whomever|what|whatever|which|whose)\b
      | (?:all|everything|nothing|anything|those|he|one|they)\s(?:that|who|whom|whose)\b
      | (?:here|there)\s(?:comes?|goes|stands?|go|stand)\b
      | (?:goes|stays|comes|missing\sis|left\sis|due\sis)\b
    )"""
)
_LABEL = re.compile(r"^[^.!?:]{1,48}:")


def find_clause(sentence: str) -> str | None:
    """Return the clause that a statement begins with instead of a subject, or None.

    Questions, labels ("What's next: …") and headings without a full stop are fine.
    """
    plain = _MARKS.sub("", sentence.replace(VALUE, "Ä")).replace("Ä", VALUE).strip()
    plain = re.sub(r"[*_`]+", "", plain)
    match = _CLAUSES.match(plain)
    if not match or not plain[0].isupper() or plain.rstrip('"”’) ').endswith("?"):
        return None
    if _LABEL.match(plain) and not re.match(r"(?i)(?:whoever|of\b(?! course)|beside)", plain):
        return None
    if not re.search(r"[.!…;]", plain) and len(plain.split()) <= 8:
        return None  # a heading or a button
    if re.match(r"(?i)what (?:a|an) \w+", plain) or re.match(r"(?i)(?:what|how)[^.]*!$", plain):
        return None
    return " ".join(plain.split()[:4])


_NOT_VERBS = frozenset(
    {"a", "an", "the", "this", "that", "these", "those", "all", "your", "my", "its", "their", "one", "two", "some"}
    | {"what", "who", "whoever", "where", "when", "how", "which", "if", "as", "whether", "also", "not", "and", "or"}
    | {"every", "each", "nothing", "none", "everything", "for", "of", "in", "on", "at", "with", "by", "from", "here"}
    | {"there", "other", "others", "people", "questions", "units", "answers"}
)


def find_summary_faults(summary: str) -> list[str]:
    """Return what is wrong in a command's summary: it starts with a verb and has at most 60 characters."""
    first = summary.split()[0].rstrip(".,:;") if summary.split() else ""
    faults = []
    if not re.fullmatch(r"[A-Z][a-z'’-]+", first) or first.lower() in _NOT_VERBS or _is_inflected(first.lower()):
        faults.append(f"summary: starts with {first!r} instead of a verb")
    if len(summary) > SUMMARY_MAX:
        faults.append(f"summary: {len(summary)} characters, at most {SUMMARY_MAX}")
    return faults


def _is_inflected(word: str) -> bool:
    return word.endswith(("ing", "ed")) or (word.endswith("s") and not word.endswith(("ss", "us")))


def count_words(text: str) -> int:
    """Count words; signs, bullets and emojis are none."""
    return sum(bool(re.search(r"\w", word)) for word in text.split())


def find_faults(sentence: str, *, for_members: bool = True) -> list[str]:
    """Return what is wrong in one sentence: phrases, and a clause as its subject."""
    clause = find_clause(sentence)
    faults = [f"phrase: {fault}" for fault in find_phrases(sentence, for_members=for_members)]
    return [*faults, f'clause: "{clause} …" is no subject'] if clause else faults
