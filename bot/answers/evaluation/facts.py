"""Read questions with the facts that a good answer holds, and find facts in a text.

The questions are of people who have not seen the notes. A fact is found however it is spelled: by stems of words, and
by numbers with the same value.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import yaml

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
_MARKDOWN = re.compile(r"\*\*|`")
"""Marks that a chat does not show."""
_CHOICE = re.compile(r"\{([^{}]*)\}|[^\s{}]+")
_PIECE = re.compile(r"[a-z]+|[0-9]+")
_SPELLING = (("z", "s"), ("ll", "l"), ("our", "or"), ("artef", "artif"), ("gray", "grey"))
_CENTRE = re.compile(r"\b(cent|met|lit|fib)re")


class StemmedText:
    """A text prepared for looking up stems."""

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
    """Return each pair of neighbouring sentences of a text; all parts of a fact must occur in one pair."""
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
    """A fact that a good answer contains.

    Args:
        alternatives: one of them must hold: of each of its choices, all stems of one phrase must occur.
        patterns: instead of alternatives; one of them must match the text in lower case.
    """

    written: str
    alternatives: tuple[tuple[Choice, ...], ...]
    patterns: tuple[re.Pattern[str], ...] = ()

    def is_in(self, words: StemmedText) -> bool:
        """Say whether a text holds the fact."""
        return any(
            all(any(all(stem.is_in(words) for stem in phrase) for phrase in choice) for choice in alternative)
            for alternative in self.alternatives
        )


class FactText:
    """A text in which facts are looked for: an answer as it is shown, or a passage."""

    def __init__(self, text: str) -> None:
        self._lower = " ".join(_MARKDOWN.sub("", text).lower().split())
        self._words = StemmedText(text)
        self._spans = lru_cache(lambda: spans(text))

    def holds(self, fact: Fact) -> bool:
        """Say whether the text states a fact: by a pattern, or in two neighbouring sentences by its stems."""
        if fact.patterns:
            return any(pattern.search(self._lower) for pattern in fact.patterns)
        return fact.is_in(self._words) and any(fact.is_in(span) for span in self._spans())


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


@lru_cache(maxsize=50_000)
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
TUNE_PERCENT = 60
LONG_WORDS = 20
"""Words from which on a question counts as long if its file does not say so."""
LONGEST_QUESTION = 600
LONGEST_FACT = 400
MOST_FACTS = 6


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """A question that the notes should answer.

    Args:
        turns: what one person asks in a row; the last turn is the question.
        facts: what a good answer to the last turn holds.
        labels: the groups of questions that it is counted in.
    """

    turns: tuple[str, ...]
    facts: tuple[Fact, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stray:
    """A question that the notes do not answer."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class FactSet:
    """A set of questions with facts."""

    covered: tuple[FactQuestion, ...]
    followups: tuple[FactQuestion, ...]
    foreign: tuple[Stray, ...]


FORMS = (("covered", "followups", "foreign"), ("questions", "foreign", "threads"))
"""The keys of a file: facts as stems and follow-ups of one turn before, or facts as patterns and threads."""


def has_facts(file: Path) -> bool:
    """Say whether a file is of one of these forms."""
    root = YamlReader(file).root()
    keys = {key.value for key, _ in root.value} if isinstance(root, yaml.MappingNode) else set()
    return not keys.isdisjoint(("followups", "questions", "threads"))


def read_facts(file: Path) -> FactSet:
    """Read a file of questions with facts.

    Raises:
        RoadmapFault: the file cannot be used; carries every fault.
    """
    reader = YamlReader(file)
    root = reader.root()
    fact_set = None if root is None else _Reader(reader).read(root)
    if fact_set is None or reader.faults:
        raise RoadmapFault(reader.in_order())
    return fact_set


class _Reader:
    def __init__(self, reader: YamlReader) -> None:
        self._reader = reader
        self._asked = set[tuple[str, ...]]()

    def read(self, root: yaml.Node) -> FactSet:
        fields = self._reader.fields(root, "a set of questions", (), tuple({*FORMS[0], *FORMS[1]}))
        covered = (*map(self._covered, fields.items("covered")), *map(self._question, fields.items("questions")))
        threads = (followup for node in fields.items("threads") for followup in self._thread(node))
        followups = (*map(self._followup, fields.items("followups")), *threads)
        return FactSet(covered, followups, tuple(map(self._foreign, fields.items("foreign"))))

    def _covered(self, node: yaml.Node) -> FactQuestion:
        fields = self._reader.fields(node, "a question", ("q", "topic", "style", "facts"))
        turns = self._turns(fields, fields.text("q", LONGEST_QUESTION))
        style = fields.one_of("style", STYLES)
        return FactQuestion(turns, self._facts(fields), (_name_length(turns[-1]), style))

    def _question(self, node: yaml.Node) -> FactQuestion:
        fields = self._reader.fields(node, "a question", ("q", "facts"), ("id", "numeric", "long"))
        turns = self._turns(fields, fields.text("q", LONGEST_QUESTION))
        length = _name_length(turns[-1])
        if "long" in fields:
            length = "long" if fields.one_of("long", ("true", "false")) == "true" else "short"
        is_numeric = "numeric" in fields and fields.one_of("numeric", ("true", "false")) == "true"
        return FactQuestion(turns, self._facts(fields), (length, *(["numeric"] if is_numeric else [])))

    def _followup(self, node: yaml.Node) -> FactQuestion:
        fields = self._reader.fields(node, "a follow-up", ("first", "q", "topic", "subject", "facts"))
        turns = self._turns(fields, fields.text("first", LONGEST_QUESTION), fields.text("q", LONGEST_QUESTION))
        return FactQuestion(turns, self._facts(fields), ("turn 2", f"{fields.one_of('subject', SUBJECTS)} subject"))

    def _thread(self, node: yaml.Node) -> Iterator[FactQuestion]:
        """Yield the turns with facts but the first, each with those before it."""
        turns: tuple[str, ...] = ()
        for item in self._reader.fields(node, "a thread", ("turns",), ("id",)).items("turns"):
            fields = self._reader.fields(item, "a turn", ("q",), ("facts",))
            turns = (*turns, fields.text("q", LONGEST_QUESTION))
            if len(turns) > 1 and (facts := self._facts(fields)):
                yield FactQuestion(turns, facts, (f"turn {len(turns)}",))

    def _foreign(self, node: yaml.Node) -> Stray:
        fields = self._reader.fields(node, "a question", ("q",), ("id", "kind"))
        (text,) = self._turns(fields, fields.text("q", LONGEST_QUESTION))
        return Stray(text, fields.one_of("kind", KINDS))

    def _turns(self, fields: MappingReader, *turns: str) -> tuple[str, ...]:
        known = tuple(turn.lower() for turn in turns)
        if known in self._asked:
            self._reader.fault(fields.at("q"), f"The question {quoted(turns[-1])} stands here twice.")
        self._asked.add(known)
        return turns

    def _facts(self, fields: MappingReader) -> tuple[Fact, ...]:
        facts = tuple(map(self._fact, fields.items("facts")))
        if fields.has_list("facts") and not 0 < len(facts) <= MOST_FACTS:
            self._reader.fault(fields.at("facts"), f"A question has 1 to {MOST_FACTS} facts.")
        return facts

    def _fact(self, node: yaml.Node) -> Fact:
        if isinstance(node, yaml.MappingNode):
            fields = self._reader.fields(node, "a fact", ("say", "any"))
            return Fact(fields.text("say", LONGEST_FACT), (), tuple(map(self._pattern, fields.items("any"))))
        written = self._reader.text(node, "A fact", LONGEST_FACT)
        read = fact(written)
        if written and not read.alternatives:
            self._reader.fault(node, "A fact names no word.")
        return read

    def _pattern(self, node: yaml.Node) -> re.Pattern[str]:
        try:
            return re.compile(str(node.value))
        except re.error as error:
            self._reader.fault(node, f"This is no regular expression: {error}.")
            return re.compile("(?!)")


def _name_length(question: str) -> str:
    return "long" if len(question.split()) >= LONG_WORDS else "short"
