"""Read coverage.yaml: the quality rules for notes, and where each subtopic of the course is covered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from bot.curriculum.authoring.dialect import Dialect
from bot.curriculum.content import Roadmap, Unit
from bot.curriculum.markdown_body import BodyPart
from bot.curriculum.note import Note
from bot.curriculum.yaml_reader import MappingReader, Sheet, quoted

KEYS = ("spelling", "words", "answers", "topics")
OPTIONAL = ("gists", "closing", "quizzes")
DIALECTS = ("british", "american")


@dataclass(frozen=True)
class Measure:
    """The quality rules for notes.

    Args:
        words: fewest and most words of prose, without code.
        answers: fewest and most questions that a note lists as answered.
        needs_gists: whether each section except closing ones needs a gist.
        closing: headings of summary and question sections, in lower case.
        strict_at: the line that makes the quiz checks faults; None if they are only counted.
        subtopics: the number of listed subtopics.
    """

    dialect: Dialect
    words: tuple[int, int]
    answers: tuple[int, int]
    needs_gists: bool = False
    closing: frozenset[str] = frozenset()
    strict_at: int | None = None
    subtopics: int = 0

    def asks_more(self, part: BodyPart) -> bool:
        """Whether a section teaches, so that it needs a gist and a question."""
        return part.heading is not None and part.heading.casefold() not in self.closing


def read_coverage(sheet: Sheet, roadmap: Roadmap, notes: Mapping[str, Note]) -> Measure | None:
    """Read the file of a sheet and record its faults; None if it isn't YAML.

    Args:
        notes: the readable notes by id.
    """
    root = sheet.root()
    return None if root is None else _Reader(sheet, roadmap, notes).measure(root)


class _Reader:
    """Checks the places that the subtopics name."""

    def __init__(self, sheet: Sheet, roadmap: Roadmap, notes: Mapping[str, Note]) -> None:
        self._sheet = sheet
        self._roadmap = roadmap
        self._notes = notes
        self._units = {topic.id: {unit.id: unit for unit in topic.units} for topic in roadmap.topics}

    def measure(self, root: yaml.Node) -> Measure:
        fields = self._sheet.fields(root, "the coverage", KEYS, OPTIONAL)
        dialect: Dialect = "american" if fields.one_of("spelling", DIALECTS) == "american" else "british"
        closing = (self._sheet.text(node, "A closing heading", 200) for node in fields.items("closing"))
        listed = [self._topic(node) for node in fields.items("topics")]
        for topic in self._roadmap.topics:
            if topic.id not in dict(listed):
                self._sheet.fault(fields.at("topics"), f"The topic {quoted(topic.id)} has no subtopics here.")
        return Measure(
            dialect,
            self._bounds(fields, "words"),
            self._bounds(fields, "answers"),
            needs_gists=fields.one_of("gists", ("true", "false")) == "true",
            closing=frozenset(map(str.casefold, closing)),
            strict_at=self._sheet.line(fields.at("quizzes")) if fields.one_of("quizzes", ("strict",)) else None,
            subtopics=sum(count for _, count in listed),
        )

    def _bounds(self, fields: MappingReader, key: str) -> tuple[int, int]:
        if key not in fields:
            return 0, 1_000_000
        bounds = self._sheet.fields(fields.at(key), quoted(key), ("least", "most"))
        return bounds.whole("least", 0, 100_000), bounds.whole("most", 1, 100_000)

    def _topic(self, node: yaml.Node) -> tuple[str, int]:
        """Return a topic's id and the number of its subtopics."""
        fields = self._sheet.fields(node, "a topic", ("topic", "subtopics"))
        topic_id = fields.ident("topic")
        if topic_id and topic_id not in self._units:
            self._sheet.fault(fields.at("topic"), f"There is no topic {quoted(topic_id)}.")
        if fields.has_list("subtopics") and not fields.items("subtopics"):
            self._sheet.fault(fields.at("subtopics"), f"The topic {quoted(topic_id)} has no subtopics.")
        seen = set[str]()
        for item in fields.items("subtopics"):
            subtopic = self._sheet.fields(item, "a subtopic", ("name", "unit", "note", "heading"))
            name = subtopic.text("name", 100)
            if name in seen:
                self._sheet.fault(item, f"The subtopic {quoted(name)} stands here twice.")
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
            self._sheet.fault(subtopic.at("unit"), f"The topic has no unit {quoted(unit_id)}.")
        elif note_id not in units[unit_id].notes:
            self._sheet.fault(
                subtopic.at("note"), f"The unit {quoted(unit_id)} does not list the note {quoted(note_id)}."
            )
        elif note_id in self._notes and heading not in self._notes[note_id].headings:
            self._sheet.fault(subtopic.at("heading"), f"The note {quoted(note_id)} has no heading {quoted(heading)}.")
