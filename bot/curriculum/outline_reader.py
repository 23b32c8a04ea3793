"""Reads roadmap.yaml: phases, topics and units, each text within what the platforms can show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import yaml

from bot.curriculum.content import (
    POST_MAX,
    Capstone,
    Checkpoint,
    Exercise,
    PartStart,
    Phase,
    Resource,
    Retired,
    Roadmap,
    Topic,
    Unit,
)
from bot.curriculum.yaml_reader import MappingReader, YamlReader, quoted

ROADMAP_KEYS = ("id", "title", "phases")
ROADMAP_MORE = ("summary", "capstone", "retired", "legs")
PHASE_KEYS = ("id", "title", "topics")
PHASE_MORE = ("from", "until", "summary", "checkpoint")
TOPIC_KEYS = ("id", "title", "units")
UNIT_KEYS = ("id", "title")
UNIT_MORE = ("summary", "objectives", "prompt", "exercise", "hours", "resources", "notes")
EXERCISE_LENGTHS = {"task": 240, "done_when": 140, "short": 200, "adds": 160, "deeper": 200}
"""The most characters of each text of an exercise."""
CRITERIA_KEY = "done_when_list"
RESOURCE_MORE = ("authors", "year", "kind", "url", "part", "minutes", "need")
CHECKPOINT_KEYS = ("task", "rubric")
CAPSTONE_KEYS = ("title", "summary")
PART_KEYS = ("title", "begins")
RETIRED_KEYS = ("id", "title", "into")
KINDS = ("paper", "documentation", "book", "video", "course", "repository", "article")
NEEDS = ("must", "may")

TITLE_MAX = 60
"""Characters of a title: a unit's label with its number stays under the 75 of the strictest platform's list."""
OBJECTIVES = 3
RESOURCES = range(2, 6)
RUBRIC = range(3, 7)
CRITERIA, CRITERION_MAX = range(3, 6), 100
HOURS = (1, 40)
MINUTES = (1, 3000)
FIRST_YEAR = 1600
_ARXIV = re.compile(r"https://arxiv\.org/abs/(\d\d)\d\d\.\d{4,5}")
YEARS_AHEAD = 5
"""Years after a roadmap's end in which a resource may still appear: a roadmap that runs late is kept up to date."""


@dataclass(frozen=True)
class Outline:
    """What roadmap.yaml says, read as far as its faults allow.

    Args:
        unit_lines: the line of each unit's id, by that id.
        note_lines: the line on which each note is listed, by its id.
    """

    roadmap: Roadmap
    unit_lines: dict[str, int]
    note_lines: dict[str, int]


def check_arxiv_year(fields: MappingReader, year: int, url: str) -> None:
    """Refuse a year that is not that of the arXiv number in the address: two years for one paper confuse."""
    match = _ARXIV.match(url)
    if match and 0 < abs(year - (first := 2000 + int(match[1]))) <= 10:  # further off is another slip, told as such
        fields.reader.fault(fields.at("year"), f"The paper at {url} appeared there in {first}, not {year}.")


def latest_year(phases: Sequence[Phase]) -> int:
    """Return the last year in which a resource of these phases may have appeared."""
    ends = [phase.ends_on.year for phase in phases if phase.ends_on is not None]
    return max(ends) + YEARS_AHEAD if ends else 9999


class OutlineReader:
    """Reads from the top down, so that ids and numbers are known in order."""

    roadmap_keys: tuple[str, ...] = ROADMAP_KEYS
    phase_keys: tuple[str, ...] = PHASE_KEYS

    def __init__(self, reader: YamlReader) -> None:
        self._reader = reader
        self._first: dict[tuple[str, str], yaml.Node] = {}
        self._years: list[tuple[yaml.Node, int]] = []
        self._number = 0
        self._have_dates: set[bool] = set()

    def outline(self, root: yaml.Node) -> Outline:
        """Return what a file says, noting every fault in the reader."""
        fields = self._reader.fields(root, "a course", self.roadmap_keys, ROADMAP_MORE)
        roadmap = Roadmap(
            id=fields.ident(),
            title=fields.text("title", 80),
            summary=fields.may_text("summary", 300),
            phases=tuple(self._phase(node) for node in self._some(fields, "phases")),
            capstone=self._capstone(fields),
            retired=self._retired(fields),
        )
        roadmap = replace(roadmap, part_starts=self._part_starts(fields, roadmap))
        self._check_order(fields.items("phases"), roadmap.phases)
        if len(self._have_dates) > 1:
            self._reader.fault(fields.at("phases"), "Only some phases have dates. Give dates to all or none.")
        latest = latest_year(roadmap.phases)
        for node, year in self._years:
            if year > latest:
                self._reader.fault(node, f"{quoted('year')} must be a whole number from {FIRST_YEAR} to {latest}.")
        return Outline(roadmap, self._lines("unit"), self._lines("note"))

    def _lines(self, of: str) -> dict[str, int]:
        return {ident: self._reader.line(node) for (kind, ident), node in self._first.items() if kind == of}

    def _phase(self, node: yaml.Node) -> Phase:
        fields = self._reader.fields(node, "a phase", self.phase_keys, PHASE_MORE)
        phase_id = self._id(fields, "phase")
        starts_on, ends_on = fields.day("from"), fields.day("until")
        if starts_on and ends_on and ends_on < starts_on:
            self._reader.fault(fields.at("until"), f"The phase {quoted(phase_id)} ends before it begins.")
        self._have_dates.add("from" in fields or "until" in fields)
        if ("from" in fields) != ("until" in fields):
            self._reader.fault(node, f"The phase {quoted(phase_id)} needs both from and until, or neither.")
        return Phase(
            id=phase_id,
            title=fields.text("title", TITLE_MAX),
            starts_on=starts_on,
            ends_on=ends_on,
            summary=fields.may_text("summary", 200),
            topics=self._topics(fields, phase_id),
            checkpoint=self._checkpoint(fields),
        )

    def _topics(self, fields: MappingReader, phase_id: str) -> tuple[Topic, ...]:
        return tuple(self._topic(item, phase_id) for item in self._some(fields, "topics"))

    def _topic(self, node: yaml.Node, phase_id: str) -> Topic:
        fields = self._reader.fields(node, "a topic", TOPIC_KEYS, ("summary",))
        topic_id = self._id(fields, "topic")
        return Topic(
            id=topic_id,
            title=fields.text("title", TITLE_MAX),
            summary=fields.may_text("summary", 200),
            units=tuple(self._unit(item, topic_id, phase_id) for item in self._some(fields, "units")),
        )

    def _unit(self, node: yaml.Node, topic_id: str, phase_id: str) -> Unit:
        self._number += 1
        fields = self._reader.fields(node, "a unit", UNIT_KEYS, UNIT_MORE)
        unit = Unit(
            id=self._id(fields, "unit"),
            number=self._number,
            title=fields.text("title", TITLE_MAX),
            summary=fields.may_text("summary", 220),
            objectives=self._objectives(fields),
            prompt=fields.may_text("prompt", 280),
            exercise=self._exercise(fields),
            hours=fields.whole("hours", *HOURS) if fields.has("hours") else 0,
            resources=self._resources(fields),
            notes=self._notes(fields),
            topic_id=topic_id,
            phase_id=phase_id,
        )
        self._check_post(fields, unit)
        return unit

    def _objectives(self, fields: MappingReader) -> tuple[str, ...]:
        items = fields.may_items("objectives")
        if len(items) > OBJECTIVES:
            self._reader.fault(fields.at("objectives"), f"A unit has three objectives, not {len(items)}.")
        return tuple(self._reader.text(item, "An objective", 90) for item in items)

    def _exercise(self, fields: MappingReader) -> Exercise:
        if not fields.has("exercise"):
            return Exercise("", "", "")
        keys = (*EXERCISE_LENGTHS, CRITERIA_KEY, "minutes")
        inner = self._reader.fields(fields.at("exercise"), "an exercise", (), keys)
        texts = {key: inner.may_text(key, most) for key, most in EXERCISE_LENGTHS.items()}
        minutes = inner.whole("minutes", *MINUTES) if inner.has("minutes") else 0
        return Exercise(**texts, minutes=minutes, criteria=self._criteria(inner))

    def _criteria(self, fields: MappingReader) -> tuple[str, ...]:
        items = fields.may_items(CRITERIA_KEY)
        if CRITERIA_KEY in fields and fields.has_list(CRITERIA_KEY) and len(items) not in CRITERIA:
            self._reader.fault(
                fields.at(CRITERIA_KEY), f"{quoted(CRITERIA_KEY)} has three to five criteria, not {len(items)}."
            )
        return tuple(self._reader.text(item, "A criterion", CRITERION_MAX) for item in items)

    def _capstone(self, fields: MappingReader) -> Capstone | None:
        if "capstone" not in fields:
            return None
        inner = self._reader.fields(fields.at("capstone"), "the capstone", CAPSTONE_KEYS)
        return Capstone(inner.text("title", TITLE_MAX), inner.text("summary", 300))

    def _retired(self, fields: MappingReader) -> tuple[Retired, ...]:
        """Read the retired units: their ids stay taken, and the units that replace them must exist."""
        units = {ident for kind, ident in self._first if kind == "unit"}
        retired: list[Retired] = []
        for node in fields.items("retired") if "retired" in fields else ():
            inner = self._reader.fields(node, "a retired unit", RETIRED_KEYS)
            entry = Retired(inner.ident("id"), inner.text("title", TITLE_MAX), inner.ident("into"))
            if entry.into not in units:
                if entry.into:
                    self._reader.fault(inner.at("into"), f"There is no unit {quoted(entry.into)}.")
            elif self._is_new("unit", entry.id, inner.at("id")):
                retired.append(entry)
        return tuple(retired)

    def _part_starts(self, fields: MappingReader, roadmap: Roadmap) -> tuple[PartStart, ...]:
        """Read the units with which parts begin: the first one of all, then others in order."""
        places = {unit.id: unit.number for unit in roadmap.units}
        starts: list[PartStart] = []
        for node in fields.may_items("legs"):
            inner = self._reader.fields(node, "a part", PART_KEYS)
            start = PartStart(inner.text("title", TITLE_MAX), inner.ident("begins"))
            wanted = places[starts[-1].begins] if starts else 0
            if start.begins not in places:
                if start.begins:
                    self._reader.fault(inner.at("begins"), f"There is no unit {quoted(start.begins)}.")
            elif places[start.begins] <= wanted or (not starts and places[start.begins] > 1):
                first = quoted(roadmap.units[0].id)
                self._reader.fault(
                    inner.at("begins"),
                    f"Part 1 must begin with the first unit, {first}, and each other part after the one above it.",
                )
            else:
                starts.append(start)
        return tuple(starts)

    def _checkpoint(self, fields: MappingReader) -> Checkpoint | None:
        if "checkpoint" not in fields:
            return None
        inner = self._reader.fields(fields.at("checkpoint"), "a checkpoint", CHECKPOINT_KEYS)
        criteria = inner.items("rubric")
        if inner.has_list("rubric") and len(criteria) not in RUBRIC:
            self._reader.fault(inner.at("rubric"), f"A rubric has three to six criteria, not {len(criteria)}.")
        return Checkpoint(
            inner.text("task", 240), tuple(self._reader.text(item, "A criterion", 140) for item in criteria)
        )

    def _resources(self, fields: MappingReader) -> tuple[Resource, ...]:
        items = fields.may_items("resources")
        if len(items) > RESOURCES[-1]:
            self._reader.fault(fields.at("resources"), f"A unit has at most five resources, not {len(items)}.")
        return tuple(self._resource(item) for item in items)

    def _resource(self, node: yaml.Node) -> Resource:
        fields = self._reader.fields(node, "a resource", ("title",), RESOURCE_MORE)
        year = fields.whole("year", FIRST_YEAR, 9999) if fields.has("year") else 0
        self._years.append((fields.at("year"), year))
        resource = Resource(
            title=fields.text("title", 120),
            authors=fields.may_text("authors", 100),
            year=year,
            kind=fields.one_of("kind", KINDS) if fields.has("kind") else "",
            url=fields.url("url") if fields.has("url") else "",
            part=fields.text("part", 80),
            minutes=fields.whole("minutes", *MINUTES) if "minutes" in fields else 0,
            need=fields.one_of("need", NEEDS),
        )
        check_arxiv_year(fields, year, resource.url)
        return resource

    def _notes(self, fields: MappingReader) -> tuple[str, ...]:
        idents = [(self._reader.ident(item, "A note's id"), item) for item in fields.may_items("notes")]
        return tuple(ident for ident, item in idents if self._is_new("note", ident, item))

    def _id(self, fields: MappingReader, kind: str) -> str:
        ident = fields.ident()
        self._is_new(kind, ident, fields.at("id"))
        return ident

    def _is_new(self, kind: str, ident: str, node: yaml.Node) -> bool:
        """Note the first use of an id, and refuse any further one."""
        if not ident:
            return False
        first = self._first.setdefault((kind, ident), node)
        if first is not node:
            line = self._reader.line(first)
            self._reader.fault(node, f"The {kind} id {quoted(ident)} is already used on line {line}.")
        return first is node

    def _some(self, fields: MappingReader, key: str) -> list[yaml.Node]:
        """Return the nodes of a list that must not be empty."""
        items = fields.items(key)
        if fields.has_list(key) and not items:
            self._reader.fault(fields.at(key), f"{quoted(key)} is empty.")
        return items

    def _check_post(self, fields: MappingReader, unit: Unit) -> None:
        if unit.post_length > POST_MAX:
            self._reader.fault(
                fields.node,
                f"The weekly post of {quoted(unit.id)} is too long. Title, summary, objectives, task and done_when "
                f"have {unit.post_length} characters together. The limit is {POST_MAX}.",
            )

    def _check_order(self, nodes: Sequence[yaml.Node], phases: Sequence[Phase]) -> None:
        """Refuse a phase that begins before the one above it has ended."""
        for node, before, phase in zip(nodes[1:], phases, phases[1:], strict=False):
            if phase.starts_on and before.ends_on and phase.starts_on <= before.ends_on:
                self._reader.fault(
                    node,
                    f"The phase {quoted(phase.id)} begins before {quoted(before.id)} has ended, on {before.ends_on}.",
                )
