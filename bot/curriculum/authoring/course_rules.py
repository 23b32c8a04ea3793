"""Check that a course is complete: sources, sizes, gists, facts, figures, spelling, quizzes, a note for every subtopic.

No violation keeps a bot from starting. `coverage.yaml` beside `roadmap.yaml` sets the measure. Without it a note needs
only a source.

A gist is short, stands alone, and has no number and no name that its section lacks. A fact is one plain sentence, whose
numbers its section has. A course is in British or American English, not both. Quiz items give no cue by the length or
position of the right choice, and none stands twice.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Literal

import yaml
from markdown_it import MarkdownIt

from bot.curriculum.bank import AnswerChoice, BankItem, MultipleChoice, SingleChoice
from bot.curriculum.content import Roadmap, Unit
from bot.curriculum.faults import Fault
from bot.curriculum.formula_reader import formula_faults
from bot.curriculum.markdown_body import Body, BodyPart
from bot.curriculum.note import SELF_CHECK, Note, NoteFile, figure_faults
from bot.curriculum.outline_reader import Outline
from bot.curriculum.yaml_reader import MappingReader, YamlReader, quoted
from bot.messages.numerals import numbered

Dialect = Literal["british", "american"]

_WORDS = {
    "analyse": "analyze", "analysed": "analyzed", "analyses": "analyzes", "analysing": "analyzing",
    "centre": "center", "centred": "centered", "centres": "centers", "centring": "centering", "defence": "defense",
    "fulfil": "fulfill", "grey": "gray", "licence": "license", "licences": "licenses", "maths": "math",
    "programme": "program", "programmes": "programs", "sceptical": "skeptical",
}  # a table of data # fmt: skip
"""British words and their American forms."""

_ONE_WAY = frozenset({"analyses", "license", "licenses", "program", "programs"})
"""Words that are valid in both spellings with different meanings, such as a noun and a verb."""

_STEMS = {
    "artefact": "artifact", "behaviour": "behavior", "catalogu": "catalog", "colour": "color", "favour": "favor",
    "honour": "honor", "labour": "labor", "neighbour": "neighbor", "rumour": "rumor",
}  # a table of data # fmt: skip
"""Word stems that any ending may follow."""

_DOUBLED = "cancel fuel label model signal total travel tunnel"
"""Stems whose last letter British spelling doubles before a vowel."""

_IZED = """
author capital categor character crystall custom digit emphas equal factor final formal general harmon initial item
lemmat linear local marginal material maxim memor minim modern modular neutral normal optim organ parallel parameter
penal personal polar prior quant random real recogn regular serial special stabil standard summar symbol synchron token
util vector visual
"""
"""Stems that -ise or -ize may follow."""

_ENDING = "(?:ed|ing|ings|er|ers|able|ation|ations)"
_DOUBLING = re.compile(rf"(?:{'|'.join(_DOUBLED.split())})(l?){_ENDING}")
_IZE = re.compile(rf".*(?:{'|'.join(_IZED.split())})i([sz])(?:e|es|{_ENDING})")
_WORD = re.compile(r"[^\W\d_]+")
_LEFT_OUT = re.compile(r"`+[^`]*`+|\]\([^)]*\)|https?://\S+|\S*(?:[_=/@<>{}]|\w\.\w|\w\()\S*")
"""Code, links, and text that looks like either."""


def other_spellings(text: str, dialect: Dialect) -> Iterator[str]:
    """Yield the words of a prose text that are in the other spelling.

    Code, links and names are exempt; a capitalised word inside a sentence counts as a name.
    """
    plain = _LEFT_OUT.sub(lambda match: " " * len(match[0]), text)
    for match in _WORD.finditer(plain):
        word = match[0]
        if _dialect_of(word.lower()) not in (None, dialect) and not _is_name(word, plain[: match.start()]):
            yield word


def _is_name(word: str, before: str) -> bool:
    return word[0].isupper() and before.rstrip(" ")[-1:] not in ("", ".", "!", "?", ":", "\n")


@lru_cache(maxsize=2**14)
def _dialect_of(word: str) -> Dialect | None:
    """Return the dialect of a word; None if both share it."""
    if word in _ONE_WAY:
        return None
    if word in _WORDS:
        return "british"
    if word in _WORDS.values():
        return "american"
    for british, american in _STEMS.items():
        if word.startswith(british):
            return "british"
        if word.startswith(american) and not word.startswith("laborator"):
            return "american"
    if doubling := _DOUBLING.fullmatch(word):
        return "british" if doubling[1] else "american"
    if ize := _IZE.fullmatch(word):
        return "british" if ize[1] == "s" else "american"
    return None


KEYS = ("spelling", "words", "answers", "topics")
OPTIONAL = ("gists", "closing", "quizzes", "core_hours")
DIALECTS = ("british", "american")


@dataclass(frozen=True)
class NoteRules:
    """The quality rules for notes.

    Args:
        words: fewest and most words of prose, without code.
        answers: fewest and most questions that a note lists as answered.
        needs_gists: whether each section except closing ones needs a gist.
        closing: headings of summary and question sections, in lower case.
        strict_at: the line that makes the quiz checks faults; None if they are only counted.
        subtopics: the number of listed subtopics.
        core_hours: the most hours of a unit's core path; None if it may take any time.
    """

    dialect: Dialect
    words: tuple[int, int]
    answers: tuple[int, int]
    needs_gists: bool = False
    closing: frozenset[str] = frozenset()
    strict_at: int | None = None
    subtopics: int = 0
    core_hours: int | None = None

    def asks_more(self, part: BodyPart) -> bool:
        """Whether a section teaches, so that it needs a gist and a question."""
        return part.heading is not None and part.heading.casefold() not in self.closing


def read_coverage(reader: YamlReader, roadmap: Roadmap, notes: Mapping[str, Note]) -> NoteRules | None:
    """Read a coverage.yaml and record its faults; None if it isn't YAML.

    Args:
        notes: the readable notes by id.
    """
    root = reader.root()
    return None if root is None else _Reader(reader, roadmap, notes).measure(root)


class _Reader:
    """Checks the places that the subtopics name."""

    def __init__(self, reader: YamlReader, roadmap: Roadmap, notes: Mapping[str, Note]) -> None:
        self._reader = reader
        self._roadmap = roadmap
        self._notes = notes
        self._units = {topic.id: {unit.id: unit for unit in topic.units} for topic in roadmap.topics}

    def measure(self, root: yaml.Node) -> NoteRules:
        fields = self._reader.fields(root, "the coverage", KEYS, OPTIONAL)
        dialect: Dialect = "american" if fields.one_of("spelling", DIALECTS) == "american" else "british"
        closing = (self._reader.text(node, "A closing heading", 200) for node in fields.items("closing"))
        listed = [self._topic(node) for node in fields.items("topics")]
        for topic in self._roadmap.topics:
            if topic.id not in dict(listed):
                self._reader.fault(fields.at("topics"), f"The topic {quoted(topic.id)} has no subtopics here.")
        return NoteRules(
            dialect,
            self._bounds(fields, "words"),
            self._bounds(fields, "answers"),
            needs_gists=fields.one_of("gists", ("true", "false")) == "true",
            closing=frozenset(map(str.casefold, closing)),
            strict_at=self._reader.line(fields.at("quizzes")) if fields.one_of("quizzes", ("strict",)) else None,
            subtopics=sum(count for _, count in listed),
            core_hours=fields.whole("core_hours", 1, 40) if "core_hours" in fields else None,
        )

    def _bounds(self, fields: MappingReader, key: str) -> tuple[int, int]:
        if key not in fields:
            return 0, 1_000_000
        bounds = self._reader.fields(fields.at(key), quoted(key), ("least", "most"))
        return bounds.whole("least", 0, 100_000), bounds.whole("most", 1, 100_000)

    def _topic(self, node: yaml.Node) -> tuple[str, int]:
        """Return a topic's id and the number of its subtopics."""
        fields = self._reader.fields(node, "a topic", ("topic", "subtopics"))
        topic_id = fields.ident("topic")
        if topic_id and topic_id not in self._units:
            self._reader.fault(fields.at("topic"), f"There is no topic {quoted(topic_id)}.")
        if fields.has_list("subtopics") and not fields.items("subtopics"):
            self._reader.fault(fields.at("subtopics"), f"The topic {quoted(topic_id)} has no subtopics.")
        seen = set[str]()
        for item in fields.items("subtopics"):
            subtopic = self._reader.fields(item, "a subtopic", ("name", "unit", "note", "heading"))
            name = subtopic.text("name", 100)
            if name in seen:
                self._reader.fault(item, f"The subtopic {quoted(name)} appears twice.")
            seen.add(name)
            self._place(subtopic, self._units.get(topic_id, {}))
        return topic_id, len(seen)

    def _place(self, subtopic: MappingReader, units: Mapping[str, Unit]) -> None:
        """A subtopic is covered by a unit of its topic, a note that the unit lists, and a heading of the note."""
        unit_id, note_id = subtopic.ident("unit"), subtopic.ident("note")
        heading = subtopic.text("heading", 200)
        if not (unit_id and note_id and heading):
            return
        if unit_id not in units:
            self._reader.fault(subtopic.at("unit"), f"The topic has no unit {quoted(unit_id)}.")
        elif note_id not in units[unit_id].notes:
            self._reader.fault(
                subtopic.at("note"), f"The unit {quoted(unit_id)} does not list the note {quoted(note_id)}."
            )
        elif note_id in self._notes and heading not in self._notes[note_id].headings:
            self._reader.fault(subtopic.at("heading"), f"The note {quoted(note_id)} has no heading {quoted(heading)}.")


MARGIN = 0.05
"""Greatest deviation of a share from chance, in either direction: a rarely right position is a cue too."""
ALIKE = 0.45
"""Share of common words from which two items count as twins (measured: 11 pairs in 550 items, eight true)."""
COMMON = 20
"""Words in more items than this are ignored when comparing items."""

_CHOICE_NUMBER = re.compile(
    r"(?:about |roughly |around )?[-−]?[$€£]?(\d[\d,_]*(?:\.\d+)?(?:e[-+]?\d+)?)\s*(\D{0,30})", re.I
)
_ITEM_WORD = re.compile(r"[a-z_]{2,}")


@dataclass(frozen=True)
class BalanceCount:
    """The number of items with a property, and the number expected by chance."""

    hits: float
    chance: float
    of: int

    @property
    def is_fair(self) -> bool:
        """Whether the count is near chance; a difference of one item always is."""
        return abs(self.hits - self.chance) <= max(1.0, MARGIN * self.of)

    def __str__(self) -> str:
        """Return `48 % of 151 (chance 25 %)`."""
        of = self.of or 1
        return f"{100 * self.hits / of:.0f} % of {self.of} (chance {100 * self.chance / of:.0f} %)"


def longest(items: Iterable[BankItem]) -> BalanceCount:
    """Count the recall items in prose whose right choice is the longest; a tie counts as a fraction."""
    hits = chance = 0.0
    prose = [form.choices for form in _list_choices(items, "recall") if not any(map(_parse_number, form.choices))]
    for choices in prose:
        most = max(len(choice.text) for choice in choices)
        first = [choice for choice in choices if len(choice.text) == most]
        hits += sum(choice.is_right for choice in first) / len(first)
        chance += 1 / len(choices)
    return BalanceCount(hits, chance, len(prose))


def middle(items: Iterable[BankItem]) -> BalanceCount:
    """Count the numeric items, in one unit, whose right choice is neither the least nor the greatest."""
    hits = chance = 0.0
    of = 0
    for form in _list_choices(items):
        numbers = {number: choice for choice in form.choices if (number := _parse_number(choice))}
        if len(numbers) == len(form.choices) and len({unit for _, unit in numbers}) == 1:
            between = sorted(numbers)[1:-1]
            hits += any(numbers[number].is_right for number in between)
            chance += len(between) / len(numbers)
            of += 1
    return BalanceCount(hits, chance, of)


def find_similar_items(items: Sequence[BankItem]) -> list[tuple[str, str]]:
    """Return pairs of item ids with most of their words in common, most similar first.

    Words are weighted by rarity; numbers don't count, because twins often differ only in them.
    """
    words = {item.id: set(_ITEM_WORD.findall(_join_text(item).lower())) for item in items}
    holders: dict[str, list[str]] = defaultdict(list)
    for ident, item_words in words.items():
        for word in item_words:
            holders[word].append(ident)
    weight = {word: math.log(1 + len(words) / len(having)) for word, having in holders.items()}
    pairs = Counter(pair for having in holders.values() if len(having) <= COMMON for pair in combinations(having, 2))
    likeness = {
        (first, other): sum(weight[word] for word in words[first] & words[other])
        / sum(weight[word] for word in words[first] | words[other])
        for first, other in pairs
    }
    return sorted((pair for pair, alike in likeness.items() if alike >= ALIKE), key=lambda pair: -likeness[pair])


def _list_choices(items: Iterable[BankItem], *kinds: str) -> Iterator[SingleChoice]:
    """Yield the forms of items with one right choice, of the given kinds or all."""
    return (item.form for item in items if isinstance(item.form, SingleChoice) and item.kind in (kinds or (item.kind,)))


def _join_text(item: BankItem) -> str:
    """Return the text of an item's question and its answers."""
    choices = item.form.choices if isinstance(item.form, SingleChoice | MultipleChoice) else ()
    return " ".join([item.prompt, *(choice.text for choice in choices if choice.is_right)])


def _parse_number(choice: AnswerChoice) -> tuple[float, str] | None:
    """Return the value and the unit of a numeric choice."""
    text = choice.text.strip().strip("`")
    match = _CHOICE_NUMBER.fullmatch(text)
    if match is None:
        return None
    value = float(match[1].replace(",", "").replace("_", ""))
    sign = -1 if re.match(r"(?:\w+ )?[-−]", text) else 1
    return sign * value, match[2].strip().rstrip("s").casefold()


WORDS_MAX = 45

POINTING = frozenset({"this", "that", "these", "those", "it", "above", "below"})

"""Words that refer to text outside the gist."""

_CODE = re.compile(r"`+([^`]+)`+")

_NUMBER = re.compile(r"(?:\d{1,3}(?:[,_]\d{3})+(?!\d)|\d+)(?:\.\d+)?")


def gist_faults(body: Body, part: BodyPart) -> Iterator[tuple[int, str]]:
    """Yield line and sentence of each fault in the gist of a section."""
    first, last = part.gist_lines[0].number, part.gist_lines[-1].number
    if (count := len(part.gist.split())) > WORDS_MAX:
        yield first, f"The gist has {count} words. The limit is {WORDS_MAX}."
    if any(not line.text.strip(" >") for line in part.gist_lines):
        yield first, "The gist must be one paragraph."
    after = next((line for line in body.lines if line.number == last + 1), None)
    if after is not None and after.text.strip():
        yield last, "Add a blank line below the gist."
    begins = re.match(r"\w+", part.gist)
    if begins and begins[0].casefold() in POINTING:
        yield (
            first,
            f"The gist begins with {quoted(begins[0])}. People read it without the text above, so name the thing.",
        )
    section = f"{part.heading}\n{part.text}"
    for code in dict.fromkeys(_CODE.findall(part.gist)):
        if code.strip() not in section:
            yield first, f"The gist names {quoted(code)}, but its section doesn't."
    known = _find_numbers(section)
    for number in _find_numbers(_CODE.sub(" ", part.gist)):
        if number not in known:
            yield first, f"The gist names the number {number}, but its section doesn't."


FACTS_MAX = 6
FACT_WORDS_MAX = 28

_MARKDOWN = MarkdownIt("commonmark")
_PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]


def fact_faults(part: BodyPart, facts: Sequence[yaml.ScalarNode]) -> Iterator[tuple[yaml.Node, str]]:
    """Yield node and sentence of each fault in the facts of a section."""
    if len(facts) > FACTS_MAX:
        yield (
            facts[FACTS_MAX],
            f"The section {quoted(part.heading or '')} has {len(facts)} facts. The limit is {FACTS_MAX}.",
        )
    known = _find_numbers(f"{part.heading}\n{part.text}")
    for node in facts:
        if (count := len(node.value.split())) > FACT_WORDS_MAX:
            yield node, f"The fact has {count} words. The limit is {FACT_WORDS_MAX}."
        if not _is_plain(node.value):
            yield node, "The fact has Markdown. Write plain text; only `code` may be marked."
        for number in _find_numbers(node.value):
            if number not in known:
                yield node, f"The fact names the number {number}, but its section doesn't."


def _is_plain(text: str) -> bool:
    """Whether a text has no Markdown but `code`."""
    tokens = _MARKDOWN.parse(text)
    inline = {child.type for token in tokens for child in token.children or ()}
    return [token.type for token in tokens] in ([], _PARAGRAPH) and inline <= {"text", "code_inline"}


def _find_numbers(text: str) -> dict[str, None]:
    """Return the numbers in a text, in order, without thousands separators."""
    return {number.replace(",", "").replace("_", ""): None for number in _NUMBER.findall(text)}


LONGEST = "The longest choice is right"

BETWEEN = "A middle number is right"

NAMES = frozenset(
    (
        "resources",
        "sources",
        "answers",
        "id",
        "into",
        "begins",
        "unit",
        "note",
        "notes",
        "heading",
        "url",
        "figure",
        "code",
        "asks",
        "unless",
        "ignore",
        "words",
        "example",
    )
)

"""Keys whose texts are exempt from the spelling check: titles and names of others, members' words, ids, code."""


def read_note_rules(
    coverage: Path, roadmap: Roadmap, pages: Sequence[NoteFile]
) -> tuple[NoteRules | None, list[Fault]]:
    """Return the quality rules of a track, if any, and the faults in their file.

    Args:
        coverage: the track's coverage.yaml, which may be missing.
    """
    if not coverage.exists():
        return None, []
    reader = YamlReader(coverage)
    measure = read_coverage(reader, roadmap, {page.note.id: page.note for page in pages})
    return measure, reader.in_order()


def check_curriculum(
    measure: NoteRules | None, pages: Sequence[NoteFile], texts: Sequence[Path], drawn: Collection[str]
) -> list[Fault]:
    """Return the faults that keep a track from being complete.

    Args:
        pages: the track's notes that could be read.
        texts: its YAML files, for the spelling check.
        drawn: names of the figure files.
    """
    faults = [fault for file in texts for fault in _check_spelling(file, measure.dialect)] if measure else []
    for page in pages:
        if page.front is not None:
            faults += _check(page, page.front, measure, drawn)
    return faults


def check_quizzes(
    coverage: Path, measure: NoteRules, pages: Sequence[NoteFile], items: Sequence[BankItem]
) -> list[Fault]:
    """Return cues in quizzes and sections without a question, if the rules are strict."""
    if measure.strict_at is None:
        return []
    faults = [
        Fault(coverage, measure.strict_at, f"{what} in {tally}.")
        for what, tally in ((LONGEST, longest(items)), (BETWEEN, middle(items)))
        if not tally.is_fair
    ]
    for page in pages:
        faults += [
            Fault(page.reader.file, part.line, f"No quiz item asks about the section {quoted(part.heading or '')}.")
            for part in find_sections_without_item(page, measure, items)
        ]
    return faults


def find_sections_without_item(page: NoteFile, measure: NoteRules, items: Sequence[BankItem]) -> list[BodyPart]:
    """Return the teaching sections of a note without a quiz item."""
    asked = {item.source.heading for item in items if item.source.note == page.note.id}
    return [part for part in page.body.parts if measure.asks_more(part) and part.heading not in asked]


def _check(page: NoteFile, front: MappingReader, measure: NoteRules | None, drawn: Collection[str]) -> list[Fault]:
    """Check one note against the rules, if any."""
    reader = YamlReader(page.reader.file, page.reader.above)
    if measure is not None and not page.has_sources:
        reader.fault(front.at("sources"), "The note names no source.")
    if "figure" in front and page.note.figure is None:
        reader.fault(front.at("figure"), f"The note shows no figure {quoted(front.text('figure', 64))}.")
    for line, sentence in figure_faults(page.body, drawn):
        reader.fault(line, sentence)
    facts, formula_nodes = _list_texts(front, "facts"), _list_nodes(front, "formulas")
    formulas = {section.heading: section.formulas for section in page.note.sections}
    for part in page.body.parts:
        for line, sentence in gist_faults(page.body, part) if part.gist_lines else ():
            reader.fault(line, sentence)
        for node, sentence in fact_faults(part, facts.get(part.heading or "", ())):
            reader.fault(node, sentence)
        stated = zip(formula_nodes.get(part.heading or "", ()), formulas.get(part.heading or "", ()), strict=False)
        for where, sentence in ((where, sentence) for where, formula in stated for sentence in formula_faults(formula)):
            reader.fault(where, sentence)
        if measure is not None and measure.needs_gists and measure.asks_more(part) and not part.gist:
            reader.fault(part.line, f"The section {quoted(part.heading or '')} has no gist.")
        if measure is not None and (part.heading or "").casefold() == SELF_CHECK:
            for line, sentence in answer_faults(part):
                reader.fault(line, sentence)
    if measure is not None:
        _check_size(reader, page, front, measure)
        texts = [(reader.line(node), text) for node, text in _walk_texts(front.node, "")]
        for line, text in [*texts, *((line.number, line.text) for line in page.body.prose)]:
            for word in other_spellings(text, measure.dialect):
                reader.fault(line, _describe_spelling(word, measure.dialect))
    return reader.in_order()


WORDS_PER_MINUTE = 200
"""A careful reader's speed in a technical text."""
QUIZ_MINUTES = 15


def check_core_hours(
    file: Path, outline: Outline, most: int, pages: Sequence[NoteFile], minutes: Mapping[str, int]
) -> Iterator[Fault]:
    """Yield a fault for each unit whose core path takes more than `most` hours, or not its `hours` rounded up.

    The core path is the notes, the resources that one must read, the exercise and the quiz.

    Args:
        minutes: the minutes of exercises with a starter, by unit id.
    """
    words = {page.note.id: sum(len(line.text.split()) for line in page.body.lines if line.is_counted) for page in pages}
    for unit in outline.roadmap.units:
        parts = {
            "notes": math.ceil(sum(words.get(note, 0) for note in unit.notes) / WORDS_PER_MINUTE),
            "essential resources": sum(resource.minutes for resource in unit.resources if resource.need == "must"),
            "exercise": minutes.get(unit.id, unit.exercise.minutes),
            "quiz": QUIZ_MINUTES,
        }
        took, line = math.ceil(sum(parts.values()) / 60), outline.unit_lines.get(unit.id, 1)
        if not parts["exercise"]:
            yield Fault(file, line, f"The exercise of {quoted(unit.id)} needs minutes, since core_hours is set.")
        elif took > most:
            summed = ", ".join(f"{what} {count} min" for what, count in parts.items())
            yield Fault(
                file, line, f"The core path of {quoted(unit.id)} takes {took} hours: {summed}. The limit is {most}."
            )
        elif unit.hours != took:
            yield Fault(
                file, line, f"The core path of {quoted(unit.id)} takes {took} hours. Its hours say {unit.hours}."
            )


ANSWER_LINES = range(2, 6)
"""Lines of the answer to a question to the reader."""


def answer_faults(part: BodyPart) -> Iterator[tuple[int, str]]:
    """Yield line and sentence for each question to the reader without an answer of the right length."""
    for question in part.questions:
        if len(question.answer) not in ANSWER_LINES:
            length = numbered(len(question.answer), "line") if question.answer else "no line"
            yield question.line, f"The answer has {length}. Quote two to five lines under the question, indented."


def _list_texts(front: MappingReader, key: str) -> dict[str, list[yaml.ScalarNode]]:
    return {
        heading: [node for node in nodes if isinstance(node, yaml.ScalarNode)]
        for heading, nodes in _list_nodes(front, key).items()
    }


def _list_nodes(front: MappingReader, key: str) -> dict[str, list[yaml.Node]]:
    """Return the nodes of lists by heading; the note's reader reports whatever is no list."""
    node = front.at(key) if key in front else None
    return {
        str(heading.value): items.value
        for heading, items in (node.value if isinstance(node, yaml.MappingNode) else ())
        if isinstance(items, yaml.SequenceNode)
    }


def _check_size(reader: YamlReader, page: NoteFile, front: MappingReader, measure: NoteRules) -> None:
    least, most = measure.words
    words = sum(len(line.text.split()) for line in page.body.lines if line.is_counted)
    if not least <= words <= most:
        reader.fault(
            page.body.first_line, f"The note has {words} words outside code. It should have {least} to {most}."
        )
    fewest, most = measure.answers
    answers = sum(len(section.asked) for section in page.note.sections)
    if not fewest <= answers <= most:
        reader.fault(front.at("answers"), f"The note answers {answers} questions. It should answer {fewest} to {most}.")


def _check_spelling(file: Path, dialect: Dialect) -> list[Fault]:
    """Check the spelling in a YAML file; other faults are reported elsewhere."""
    reader = YamlReader(file)
    root = reader.compose(reader.read() or "")
    reader.faults.clear()
    for node, text in _walk_texts(root, "") if root is not None else ():
        for word in other_spellings(text, dialect):
            reader.fault(node, _describe_spelling(word, dialect))
    return reader.in_order()


def _walk_texts(node: yaml.Node, key: str) -> Iterator[tuple[yaml.Node, str]]:
    """Yield every text below a node that the course's authors wrote."""
    if key in NAMES:
        return
    if isinstance(node, yaml.ScalarNode):
        yield node, node.value
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _walk_texts(value, str(name.value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk_texts(item, "")


def _describe_spelling(word: str, dialect: Dialect) -> str:
    return f"{quoted(word)} is not {dialect.capitalize()} spelling, which this course uses."
