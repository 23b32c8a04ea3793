"""Read questions with the facts that a good answer holds, and find facts in a text.

The questions are of people who have not seen the notes. A fact is found however it is spelled: by stems of words, and
by numbers with the same value.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml

from bot.answers.evaluation.golden import LONGEST
from bot.curriculum.faults import RoadmapFault
from bot.curriculum.yaml_reader import MappingReader, YamlReader, quoted

EXACT_UP_TO = 2
"""Letters of a stem that is a whole word: "no" is not the beginning of "noise"."""

LONGEST_NUMBER = 24
"""Characters; a longer row of digits is no number that a fact names."""

HIGHEST_POWER = 40

_GREEK = {letter: f" {unicodedata.name(letter).split()[-1].lower()} " for letter in "αβγδεζηθικμνξοπρσςτυφχψω"}
_NAMES = str.maketrans(
    _GREEK
    | {"λ": " lambda ", "∑": " sum ", "∏": " product ", "√": " sqrt ", "∞": " infinity ", "∇": " gradient "}
    | {"×": " times ", "·": " times ", "÷": " divided ", "−": "-", "–": "-", "—": " ", "’": "'", "`": " ", "⁄": "/"}
)
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_LOWERED = str.maketrans(_RAISED, "0123456789-")
_THIN = re.compile("(?<=\\d)[\u00a0\u2009\u202f](?=\\d{3})")
_POWERS = re.compile(f"[{_RAISED}]+")
_SIGNS = (
    (re.compile(r"\*\*"), "^"),
    (re.compile(r"\^\{([^{}]{1,9})\}"), r"^\1"),
    (re.compile(r"\bper cent\b|\bpercent\b"), "%"),
    (re.compile(r"(?<=\d) +%"), "%"),
    (re.compile(r"(?<=\s)-(?=[\s(\d])|(?<=\b1)-(?=[a-z(] ?[)^ ])|(?<=\))-"), " minus "),
    (re.compile(r"\+"), " plus "),
    (re.compile(r"(?<=\w) ?\* ?(?=\w)|(?<=\d) x (?=\d)"), " times "),
    (re.compile(r"(?<=[\s\d)])/(?=[\s\d(])"), " divided / "),
    (re.compile(r"(?<=\S)\^2\b"), "^2 squared "),
)
_COUNTED = {
    word: str(number)
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"twenty": "20", "half": "0.5", "quarter": "0.25", "hundred": "100", "twice": "2"}
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "b": 9, "bn": 9, "billion": 9, "t": 12, "trillion": 12}
_NUMBER = re.compile(
    r"(?<![\d.])(?P<whole>\d{1,3}(?:[,_']\d{3})+|\d+)(?P<rest>\.\d+)?(?:e(?P<e>-?\d{1,2}))?"
    r"(?: (?:times|x) 10\^(?P<ten>-?\d{1,2})|\^(?P<power>-?\d{1,2}))?"
    r"(?P<per>%)?(?: divided / (?P<under>\d{1,9})(?!\d|[.,]\d))?"
    r"(?:[ -]?(?P<scale>k|thousand|m|million|b|bn|billion|t|trillion)\b)?"
)
_WORD = re.compile(r"[a-z0-9]+(?:[-_.'][a-z0-9]+)*")
_FRACTION = re.compile(r"\d+\.[\d.]+")
_END = re.compile(r"(?<=[.!?:])\s+(?=\S)|\n\s*\n|\n(?=\s*(?:[-*|>]|\d+\.)\s)")
_CHOICE = re.compile(r"\{([^{}]*)\}|[^\s{}]+")
_PIECE = re.compile(r"[a-z]+|[0-9]+")
_SPELLING = (("z", "s"), ("ll", "l"), ("our", "or"), ("artef", "artif"), ("gray", "grey"))
_CENTRE = re.compile(r"\b(cent|met|lit|fib)re")


class StemmedText:
    """What a text is made of, for asking whether stems occur in it."""

    def __init__(self, text: str) -> None:
        self._sorted = sorted({*_normalize_words(text)})
        self._all = frozenset(self._sorted)

    def __contains__(self, word: str) -> bool:
        """Say whether this very word occurs."""
        return word in self._all

    def begins(self, stem: str) -> bool:
        """Say whether a word begins with the stem."""
        place = bisect_left(self._sorted, stem)
        return place < len(self._sorted) and self._sorted[place].startswith(stem)


def spans(text: str) -> list[StemmedText]:
    """Return each pair of neighbouring sentences of a text: where a fact stands, all of it stands near together."""
    sentences = [part for part in _END.split(text) if part.strip()]
    return [StemmedText(f"{first} {other}") for first, other in zip(sentences, sentences[1:] or [""], strict=False)]


@dataclass(frozen=True, slots=True)
class Stem:
    """The beginning of a word, or a whole word or number."""

    text: str
    is_whole: bool

    def is_in(self, words: StemmedText) -> bool:
        """Say whether it occurs."""
        return self.text in words if self.is_whole else words.begins(self.text)


Phrase = tuple[Stem, ...]
Choice = tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Alternatives, each of choices that must all occur; a choice is of phrases, of whose stems all must occur."""

    written: str
    alternatives: tuple[tuple[Choice, ...], ...]

    def is_in(self, words: StemmedText) -> bool:
        """Say whether a text holds the fact."""
        return any(
            all(any(all(stem.is_in(words) for stem in phrase) for phrase in choice) for choice in alternative)
            for alternative in self.alternatives
        )


def fact(written: str) -> Fact:
    """Read a fact: alternatives between bars, stems between spaces, choices in braces, a full stop after a whole word.

    >>> fact("low-rank | {rank., small} matri").is_in(Words("Two matrices of small size"))
    True
    """
    alternatives = (tuple(_parse_choices(part)) for part in written.split("|"))
    return Fact(written, tuple(choices for choices in alternatives if choices))


def _parse_choices(written: str) -> Iterator[Choice]:
    for match in _CHOICE.finditer(written):
        phrases = tuple(tuple(_parse_stems(part)) for part in (match[1] or match[0]).split(","))
        choice = tuple(phrase for phrase in phrases if phrase)
        if choice:
            yield choice


def _parse_stems(written: str) -> Iterator[Stem]:
    for part in written.split():
        bare = part.rstrip(".")
        number = _NUMBER.fullmatch(_replace_signs(bare))
        if number:
            yield Stem(_expand_number(number)[-1], True)
            continue
        pieces = _split_words(_replace_signs(f" {bare} "))
        for piece in pieces[:-1]:
            yield Stem(piece, True)
        for last in pieces[-1:]:
            yield Stem(last, bare != part or len(last) <= EXACT_UP_TO or last[-1].isdigit())


def _split_words(text: str) -> list[str]:
    """List the words of a stem; one that hyphens or the like join is one word."""
    return [_normalize_spelling(re.sub(r"[-_.']", "", match[0])) for match in _WORD.finditer(text)]


def _normalize_words(text: str) -> Iterator[str]:
    """Name every word and number of a text, joined words also as one and apart."""
    signed = _replace_signs(f" {text} ")
    for number in _NUMBER.finditer(signed):
        yield from _expand_number(number)
    before = ""
    for match in _WORD.finditer(signed):
        if _FRACTION.fullmatch(match[0]):
            before = ""
            continue
        parts = re.split(r"[-_.']", match[0])
        yield _normalize_spelling("".join(parts))
        for part in parts:
            word = _normalize_spelling(part)
            yield word
            yield before + word
            yield from (piece for piece in _PIECE.findall(word) if piece.isalpha())
            if part in _COUNTED:
                yield _COUNTED[part]
            before = word


def _replace_signs(text: str) -> str:
    """Return a text in lower case, signs and Greek letters by name, accents gone."""
    raised = _POWERS.sub(lambda match: "^" + match[0].translate(_LOWERED), _THIN.sub("", text.lower()))
    named = unicodedata.normalize("NFKD", raised).translate(_NAMES)
    plain = "".join(letter for letter in named if not unicodedata.combining(letter))
    for sign, name in _SIGNS:
        plain = sign.sub(name, " ".join(plain.split()))
    return " ".join(plain.split())


def _normalize_spelling(word: str) -> str:
    """Return a word in the one spelling that is compared, British and American alike."""
    for spelling, other in _SPELLING:
        word = word.replace(spelling, other)
    return _CENTRE.sub(r"\1er", word)


def _expand_number(number: re.Match[str]) -> list[str]:
    """List the numbers that stand in a match, the whole of it last."""
    whole, rest = number["whole"], number["rest"] or ""
    if len(whole) + len(rest) > LONGEST_NUMBER:
        return [whole]
    digits = re.sub(r"\D", "", whole)
    value = Decimal(digits + rest)
    values = [*map(Decimal, re.findall(r"\d+", whole)), value]
    for power in (number["e"], number["ten"]):
        if power and abs(int(power)) <= HIGHEST_POWER:
            values += [value := value.scaleb(int(power))]
    if number["power"] and abs(int(number["power"])) <= HIGHEST_POWER and value and len(digits) < 4:
        values += [Decimal(number["power"].lstrip("-")), value := value ** int(number["power"])]
    if number["per"]:
        values += [value := value / 100]
    if number["under"] and int(number["under"]):
        values += [Decimal(number["under"]), value := value / int(number["under"])]
    if number["scale"]:
        values += [value := value.scaleb(_SCALES[number["scale"]])]
    return [_format_number(value) for value in values]


def _format_number(value: Decimal) -> str:
    """Return a number as digits, without idle zeros; a long fraction is cut to six significant figures."""
    if value != value.to_integral_value():
        value = Decimal(f"{value:.6g}")
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


STYLES = ("definition", "comparison", "why-how", "debugging", "choosing", "numeric", "paraphrase", "chat")
KINDS = (
    *("engineering", "machine-learning", "versions", "changing", "invented"),
    *("law-health", "tasks", "private", "small-talk"),
)
SUBJECTS = ("same", "new")
SPLITS = ("tune", "test")
KEYS = ("covered", "followups", "foreign")
HELD_OUT = "test"
"""What a set says of itself on which nothing is fitted; its questions then name no split."""
LONGEST_FACT = 400
TUNE_PERCENT = 60
FEWEST_FACTS, MOST_FACTS = 2, 4


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """A question that the notes should answer.

    Args:
        turns: what one person asks in a row; the last turn is the question.
        style: its style, or for a follow-up whether its subject is the same or new.
        facts: what a good answer to the last turn holds.
    """

    turns: tuple[str, ...]
    topic: str
    style: str
    split: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Stray:
    """A question that the notes do not answer."""

    text: str
    kind: str
    split: str


@dataclass(frozen=True, slots=True)
class FactSet:
    """A set of questions with facts; what is fitted is fitted on `tune` and reported on `test`."""

    covered: tuple[FactQuestion, ...]
    followups: tuple[FactQuestion, ...]
    foreign: tuple[Stray, ...]

    @property
    def is_held_out(self) -> bool:
        """Say whether no question is for tuning."""
        splits = {question.split for question in (*self.covered, *self.followups)} | {
            question.split for question in self.foreign
        }
        return splits <= {HELD_OUT}

    def of(self, split: str) -> FactSet:
        """Return the questions of one split."""
        return FactSet(
            tuple(question for question in self.covered if question.split == split),
            tuple(followup for followup in self.followups if followup.split == split),
            tuple(question for question in self.foreign if question.split == split),
        )


def split_of(turns: Collection[str]) -> str:
    """Return the split that turns fall into: by their hash, so that it never changes."""
    drawn = int(hashlib.sha256("\n".join(turns).encode()).hexdigest()[:8], 16) % 100
    return SPLITS[drawn >= TUNE_PERCENT]


def has_facts(file: Path) -> bool:
    """Say whether a file is of this form."""
    root = YamlReader(file).root()
    keys = [key.value for key, _ in root.value] if isinstance(root, yaml.MappingNode) else []
    return "followups" in keys


def read_facts(file: Path, topics: Collection[str]) -> FactSet:
    """Read a file of questions with facts.

    Args:
        topics: ids of the roadmaps' topics.

    Raises:
        RoadmapFault: the file cannot be used; carries every fault.
    """
    reader = YamlReader(file)
    root = reader.root()
    fact_set = None if root is None else _Reader(reader, topics).read(root)
    if fact_set is None or reader.faults:
        raise RoadmapFault(reader.in_order())
    return fact_set


class _Reader:
    def __init__(self, reader: YamlReader, topics: Collection[str]) -> None:
        self._reader = reader
        self._topics = topics
        self._asked = set[tuple[str, ...]]()
        self._split_of_all = ""

    def read(self, root: yaml.Node) -> FactSet:
        fields = self._reader.fields(root, "a set of questions", KEYS, ("split",))
        self._split_of_all = fields.one_of("split", (HELD_OUT,))
        return FactSet(
            tuple(self._covered(node) for node in fields.items("covered")),
            tuple(self._followup(node) for node in fields.items("followups")),
            tuple(self._foreign(node) for node in fields.items("foreign")),
        )

    def _covered(self, node: yaml.Node) -> FactQuestion:
        fields = self._fields(node, "a question", "q", "topic", "style", "facts")
        return self._of(fields, (fields.text("q", LONGEST),), fields.one_of("style", STYLES))

    def _followup(self, node: yaml.Node) -> FactQuestion:
        fields = self._fields(node, "a follow-up", "first", "q", "topic", "subject", "facts")
        turns = (fields.text("first", LONGEST), fields.text("q", LONGEST))
        return self._of(fields, turns, fields.one_of("subject", SUBJECTS))

    def _of(self, fields: MappingReader, turns: tuple[str, ...], style: str) -> FactQuestion:
        topic = fields.ident("topic")
        if topic and topic not in self._topics:
            self._reader.fault(fields.at("topic"), f"There is no topic {quoted(topic)}.")
        facts = tuple(self._fact(item) for item in fields.items("facts"))
        if fields.has_list("facts") and not FEWEST_FACTS <= len(facts) <= MOST_FACTS:
            self._reader.fault(fields.at("facts"), f"A question has {FEWEST_FACTS} to {MOST_FACTS} facts.")
        return FactQuestion(turns, topic, style, self._split(fields, turns), facts)

    def _fact(self, node: yaml.Node) -> Fact:
        written = self._reader.text(node, "A fact", LONGEST_FACT)
        read = fact(written)
        if written and not read.alternatives:
            self._reader.fault(node, "A fact names no word.")
        return read

    def _foreign(self, node: yaml.Node) -> Stray:
        fields = self._fields(node, "a question", "q", "kind")
        text = fields.text("q", LONGEST)
        return Stray(text, fields.one_of("kind", KINDS), self._split(fields, (text,)))

    def _fields(self, node: yaml.Node, what: str, *keys: str) -> MappingReader:
        return self._reader.fields(node, what, keys if self._split_of_all else (*keys, "split"))

    def _split(self, fields: MappingReader, turns: tuple[str, ...]) -> str:
        known = tuple(turn.lower() for turn in turns)
        if known in self._asked:
            self._reader.fault(fields.at("q"), f"The question {quoted(turns[-1])} stands here twice.")
        self._asked.add(known)
        if self._split_of_all:
            return self._split_of_all
        split = fields.one_of("split", SPLITS)
        if split and split != split_of(turns):
            self._reader.fault(fields.at("split"), f"The question's hash puts it into {split_of(turns)}.")
        return split
