"""Questions of people who have not seen the notes, with the facts that a good answer holds, read from a file."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.answers.evaluation.golden import LONGEST
from bot.answers.evaluation.matching import Fact, fact
from bot.curriculum.faults import RoadmapFault
from bot.curriculum.yaml_reader import MappingReader, Sheet, quoted

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
    root = Sheet(file).root()
    keys = [key.value for key, _ in root.value] if isinstance(root, yaml.MappingNode) else []
    return "followups" in keys


def read_facts(file: Path, topics: Collection[str]) -> FactSet:
    """Read a file of questions with facts.

    Args:
        topics: ids of the roadmaps' topics.

    Raises:
        RoadmapFault: the file cannot be used; carries every fault.
    """
    sheet = Sheet(file)
    root = sheet.root()
    fact_set = None if root is None else _Reader(sheet, topics).read(root)
    if fact_set is None or sheet.faults:
        raise RoadmapFault(sheet.in_order())
    return fact_set


class _Reader:
    def __init__(self, sheet: Sheet, topics: Collection[str]) -> None:
        self._sheet = sheet
        self._topics = topics
        self._asked = set[tuple[str, ...]]()
        self._split_of_all = ""

    def read(self, root: yaml.Node) -> FactSet:
        fields = self._sheet.fields(root, "a set of questions", KEYS, ("split",))
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
            self._sheet.fault(fields.at("topic"), f"There is no topic {quoted(topic)}.")
        facts = tuple(self._fact(item) for item in fields.items("facts"))
        if fields.has_list("facts") and not FEWEST_FACTS <= len(facts) <= MOST_FACTS:
            self._sheet.fault(fields.at("facts"), f"A question has {FEWEST_FACTS} to {MOST_FACTS} facts.")
        return FactQuestion(turns, topic, style, self._split(fields, turns), facts)

    def _fact(self, node: yaml.Node) -> Fact:
        written = self._sheet.text(node, "A fact", LONGEST_FACT)
        read = fact(written)
        if written and not read.alternatives:
            self._sheet.fault(node, "A fact names no word.")
        return read

    def _foreign(self, node: yaml.Node) -> Stray:
        fields = self._fields(node, "a question", "q", "kind")
        text = fields.text("q", LONGEST)
        return Stray(text, fields.one_of("kind", KINDS), self._split(fields, (text,)))

    def _fields(self, node: yaml.Node, what: str, *keys: str) -> MappingReader:
        return self._sheet.fields(node, what, keys if self._split_of_all else (*keys, "split"))

    def _split(self, fields: MappingReader, turns: tuple[str, ...]) -> str:
        known = tuple(turn.lower() for turn in turns)
        if known in self._asked:
            self._sheet.fault(fields.at("q"), f"The question {quoted(turns[-1])} stands here twice.")
        self._asked.add(known)
        if self._split_of_all:
            return self._split_of_all
        split = fields.one_of("split", SPLITS)
        if split and split != split_of(turns):
            self._sheet.fault(fields.at("split"), f"The question's hash puts it into {split_of(turns)}.")
        return split
