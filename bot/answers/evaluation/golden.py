"""Questions with the passages that answer them, and questions that the notes do not answer, read from a file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.curriculum.faults import RoadmapFault
from bot.curriculum.yaml_reader import MappingReader, Sheet, quoted

LONGEST = 300
STYLES = ("short", "misspelt", "paraphrased", "comparing", "computing", "debugging", "newcomer")
KINDS = ("everyday", "group", "neighbouring", "unknowable")
KEYS = ("covered", "foreign")


@dataclass(frozen=True, slots=True)
class GoldenPassage:
    """A passage: a note and one of its headings."""

    note: str
    heading: str


@dataclass(frozen=True, slots=True)
class Covered:
    """A question that the notes answer.

    Args:
        places: the passages of which each answers it, the best first.
    """

    text: str
    topic: str
    style: str
    places: tuple[GoldenPassage, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """A question that the notes do not answer."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Golden:
    """A set of questions to measure with."""

    covered: tuple[Covered, ...]
    foreign: tuple[Foreign, ...]


def read_golden(file: Path, places: Collection[GoldenPassage], topics: Collection[str]) -> Golden:
    """Read a file of questions.

    Args:
        places: every passage that there is.
        topics: ids of the roadmaps' topics.

    Raises:
        RoadmapFault: the file cannot be used; carries every fault.
    """
    sheet = Sheet(file)
    text = sheet.read()
    root = None if text is None else sheet.compose(text)
    golden = None if root is None else _Reader(sheet, places, topics).golden(root)
    if golden is None or sheet.faults:
        raise RoadmapFault(sheet.in_order())
    return golden


class _Reader:
    def __init__(self, sheet: Sheet, places: Collection[GoldenPassage], topics: Collection[str]) -> None:
        self._sheet = sheet
        self._places = places
        self._topics = topics
        self._asked = set[str]()

    def golden(self, root: yaml.Node) -> Golden:
        fields = self._sheet.fields(root, "a golden set", KEYS)
        return Golden(
            tuple(self._covered(node) for node in fields.items("covered")),
            tuple(self._foreign(node) for node in fields.items("foreign")),
        )

    def _covered(self, node: yaml.Node) -> Covered:
        fields = self._sheet.fields(node, "a question", ("q", "topic", "style", "at"))
        topic = fields.ident("topic")
        if topic and topic not in self._topics:
            self._sheet.fault(fields.at("topic"), f"There is no topic {quoted(topic)}.")
        places = tuple(self._place(item) for item in fields.items("at"))
        if fields.has_list("at") and not places:
            self._sheet.fault(fields.at("at"), "The question names no passage.")
        return Covered(self._text(fields), topic, fields.one_of("style", STYLES), places)

    def _place(self, node: yaml.Node) -> GoldenPassage:
        fields = self._sheet.fields(node, "a passage", ("note", "heading"))
        place = GoldenPassage(fields.ident("note"), fields.text("heading", 200))
        if place.note and place.heading and place not in self._places:
            self._sheet.fault(node, f"There is no passage {quoted(place.note)}, {quoted(place.heading)}.")
        return place

    def _foreign(self, node: yaml.Node) -> Foreign:
        fields = self._sheet.fields(node, "a question", ("q", "kind"))
        return Foreign(self._text(fields), fields.one_of("kind", KINDS))

    def _text(self, fields: MappingReader) -> str:
        text = fields.text("q", LONGEST)
        if text.lower() in self._asked:
            self._sheet.fault(fields.at("q"), f"The question {quoted(text)} stands here twice.")
        self._asked.add(text.lower())
        return text
