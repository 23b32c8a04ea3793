"""A course as a frozen value: phases, topics, units, and the parts that a group completes one by one. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from bot.curriculum import lookup

UNITS_OF_PART = 8
"""Most units of a part: two months at a unit a week."""
UNITS_OF_LONE_PART = 12
"""Most units of a course in one phase that isn't divided."""


def part_sizes(phases: Sequence[int]) -> list[int]:
    """Return the number of units of each part, in order.

    A phase of more than eight units is split evenly; adjacent phases with at most eight in all are one part. A
    lone phase of at most twelve units stays one part.

    Args:
        phases: the number of units of each phase.
    """
    if len(phases) == 1 and phases[0] <= UNITS_OF_LONE_PART:
        return [*phases]
    sizes: list[int] = []
    for size in phases:
        for part in _split(size):
            if sizes and sizes[-1] + part <= UNITS_OF_PART:
                sizes[-1] += part
            else:
                sizes.append(part)
    return sizes


def _split(size: int) -> list[int]:
    """Split a phase into the fewest even parts of at most eight units, longer ones first."""
    parts = -(-size // UNITS_OF_PART)
    return [size // parts + (part < size % parts) for part in range(parts)]


POST_MAX = 900
"""Most characters of a unit in its weekly post, which should fit a phone screen of about 1,000."""


@dataclass(frozen=True)
class Resource:
    """Something to read or watch.

    Args:
        authors: may be empty, as may `url`.
        year: 0 if unknown.
        kind: paper, documentation, book, video, course, repository or article, or empty.
        part: chapters or pages; empty for all of it.
        minutes: the time it takes; 0 if unknown.
        need: must or may, or empty.
    """

    title: str
    authors: str
    year: int
    kind: str
    url: str
    part: str = ""
    minutes: int = 0
    need: str = ""


@dataclass(frozen=True)
class Exercise:
    """A task, its criterion for completion, a thirty-minute version, and its contribution to the capstone.

    Each may be empty. `minutes` is how long the task takes; 0 if unknown. `criteria` is what another person can check.
    `deeper` is what goes beyond the task, such as the same work with a real model.
    """

    task: str
    done_when: str
    short: str
    adds: str = ""
    minutes: int = 0
    criteria: tuple[str, ...] = ()
    deeper: str = ""


@dataclass(frozen=True)
class Checkpoint:
    """A task at the end of a phase, with criteria for peer review."""

    task: str
    rubric: tuple[str, ...]


@dataclass(frozen=True)
class Capstone:
    """The project that grows through the whole course."""

    title: str
    summary: str


@dataclass(frozen=True)
class Unit:
    """What a group works on from one post to the next.

    All texts are plain, in one line, with `code` in backticks.

    Args:
        id: at most 32 characters, never reused.
        number: the position in the course, from 1.
        objectives: three, or fewer while the course is being written.
        prompt: the question for the group's discussion; may be empty, as may the summary.
        hours: whole hours including the exercise; 0 if unknown.
        notes: ids of its notes.
    """

    id: str
    number: int
    title: str
    summary: str
    objectives: tuple[str, ...]
    prompt: str
    exercise: Exercise
    hours: int
    resources: tuple[Resource, ...]
    notes: tuple[str, ...]
    topic_id: str
    phase_id: str

    @property
    def label(self) -> str:
        """Return `Unit 16: Backpropagation`."""
        return f"Unit {self.number}: {self.title}"

    @property
    def post_length(self) -> int:
        """The number of characters of the unit in its weekly post."""
        texts = (self.title, self.summary, *self.objectives, self.exercise.task, self.exercise.done_when)
        return sum(map(len, texts))


@dataclass(frozen=True)
class Topic:
    """Units on one subject."""

    id: str
    title: str
    summary: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Phase:
    """Topics with optional first and last day; without dates it lasts as long as its units."""

    id: str
    title: str
    starts_on: date | None
    ends_on: date | None
    summary: str
    topics: tuple[Topic, ...]
    checkpoint: Checkpoint | None = None

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The phase's units in order."""
        return tuple(unit for topic in self.topics for unit in topic.units)


@dataclass(frozen=True)
class Retired:
    """A unit that was merged into another; groups that opened it keep it under its title.

    Args:
        into: the id of the unit whose texts and notes it now uses.
    """

    id: str
    title: str
    into: str


@dataclass(frozen=True)
class PartStart:
    """The start of a named part: it lasts until the next one begins."""

    title: str
    begins: str


@dataclass(frozen=True)
class CoursePart:
    """A part of a course, about two months long.

    Args:
        number: its position, from 1.
    """

    number: int
    title: str
    units: tuple[Unit, ...]

    @property
    def first(self) -> int:
        """The number of its first unit."""
        return self.units[0].number

    @property
    def last(self) -> int:
        """The number of its last unit."""
        return self.units[-1].number

    @property
    def label(self) -> str:
        """Return `Part 2, Retrieval: units 9 to 15`."""
        units = f"units {self.first} to {self.last}" if len(self.units) > 1 else f"unit {self.first}"
        return f"Part {self.number}, {self.title}: {units}"


@dataclass(frozen=True)
class Roadmap:
    """A learning path, in order.

    Args:
        part_starts: the named parts; if empty, parts are derived from the phases.
    """

    id: str
    title: str
    summary: str
    phases: tuple[Phase, ...]
    capstone: Capstone | None = None
    retired: tuple[Retired, ...] = ()
    part_starts: tuple[PartStart, ...] = ()

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every unit in order; the unit at index i has number i + 1."""
        return tuple(unit for phase in self.phases for unit in phase.units)

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic in order."""
        return tuple(topic for phase in self.phases for topic in phase.topics)

    @cached_property
    def parts(self) -> tuple[CoursePart, ...]:
        """All parts in order; each unit is in exactly one."""
        places = [self._by_id[start.begins].number - 1 for start in self.part_starts]
        if not places:
            sizes = part_sizes([len(phase.units) for phase in self.phases])
            places = [sum(sizes[:n]) for n in range(len(sizes))]
        runs = [self.units[first:stop] for first, stop in zip(places, [*places[1:], None], strict=True)]
        titles = [start.title for start in self.part_starts] or [self._subject(units) for units in runs]
        return tuple(CoursePart(n, title, units) for n, (title, units) in enumerate(zip(titles, runs, strict=True), 1))

    def _subject(self, units: tuple[Unit, ...]) -> str:
        """Return a title for units: that of their whole phases, else of their most common topics."""
        held = {unit.id for unit in units}
        topics = {topic.id: topic.title for topic in self.topics}
        whole = {phase.id: phase.title for phase in self.phases if held.issuperset(unit.id for unit in phase.units)}
        under = Counter(whole.get(unit.phase_id) or topics[unit.topic_id] for unit in units)
        (first, many), *others = under.most_common(2)
        return first if 2 * many > len(units) else ", ".join([first, *(title for title, _ in others)])

    @cached_property
    def _part_at(self) -> dict[str, CoursePart]:
        return {unit.id: part for part in self.parts for unit in part.units}

    def part_of(self, unit_id: str) -> CoursePart:
        """Return the part of a unit; a merged unit is in the part of its heir."""
        return self._part_at[self.heir(unit_id)]

    def count(self, unit_id: str) -> str:
        """Return `3 of 8 in part 2`, or `3 of 8` if there is only one part."""
        part = self.part_of(unit_id)
        place = self._by_id[unit_id].number - part.first + 1
        return f"{place} of {len(part.units)}" + (f" in part {part.number}" if len(self.parts) > 1 else "")

    def label(self, unit: Unit) -> str:
        """Return `Unit 16: Backpropagation (2 of 5 in part 3)`."""
        return f"{unit.label} ({self.count(unit.id)})"

    @property
    def is_dated(self) -> bool:
        """Whether its phases have dates, for pacing by the calendar."""
        return all(phase.starts_on is not None for phase in self.phases)

    @cached_property
    def _by_id(self) -> dict[str, Unit]:
        units = {unit.id: unit for unit in self.units}
        return units | {unit.id: replace(units[unit.into], id=unit.id, title=unit.title) for unit in self.retired}

    @cached_property
    def _heirs(self) -> dict[str, str]:
        return {unit.id: unit.into for unit in self.retired}

    def has(self, unit_id: str) -> bool:
        """Whether the course has a unit with this id, not counting merged units."""
        return self.knows(unit_id) and unit_id not in self._heirs

    def knows(self, unit_id: str) -> bool:
        """Whether the course has a unit with this id, including merged units."""
        return unit_id in self._by_id

    def heir(self, unit_id: str) -> str:
        """Return the id of the unit that this one was merged into, or its own."""
        return self._heirs.get(unit_id, unit_id)

    def unit(self, unit_id: str) -> Unit:
        """Return the unit with exactly this id; a merged unit has its own title and its heir's texts.

        Raises:
            NotFound: there is none; names the nearest.
        """
        unit = self._by_id.get(unit_id)
        if unit is None:
            raise lookup.unknown(self.units, unit_id)
        return unit

    def find(self, text: str) -> Unit:
        """Return the unit that a person names by id, number, title, part of the title or with a typo.

        Raises:
            NotFound: none fits, or several do; names up to three.
        """
        place, number = lookup.place_in_part(text) or (0, 0)
        within = [unit for part in self.parts if part.number == number for unit in part.units]
        return within[place - 1] if 0 < place <= len(within) else lookup.find(self.units, text)

    def suggestions(self, typed: str, most: int = 25) -> list[tuple[str, str]]:
        """List (label of at most 100 characters, unit id) for the typed prefix, best first."""
        return lookup.suggestions(self.units, typed, most)

    @cached_property
    def phase_ids(self) -> dict[str, str]:
        """The phase id of every unit, including merged units."""
        return {unit.id: unit.phase_id for unit in self._by_id.values()}

    @cached_property
    def _phase_at(self) -> dict[str, int]:
        return {phase.id: place for place, phase in enumerate(self.phases)}

    def phase_of(self, unit: Unit) -> Phase:
        """Return the phase of the unit."""
        return self.phases[self._phase_at[unit.phase_id]]

    def checkpoint_after(self, unit: Unit) -> Checkpoint | None:
        """Return the checkpoint of the phase if the unit is its last."""
        phase = self.phase_of(unit)
        return phase.checkpoint if unit.id == phase.units[-1].id else None

    def accent(self, unit: Unit) -> int:
        """Return the colour index of the unit's phase: its position, from 0."""
        return self._phase_at[unit.phase_id]
