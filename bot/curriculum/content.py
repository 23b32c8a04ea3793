"""A roadmap as a frozen value: phases, their topics, and the units that a group works through.

How long the legs are in which a roadmap is walked, where it does not say so itself. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from bot.curriculum import lookup

MOST = 8

"""Units of a leg: two months at a unit a week, the length that people have kept up."""


def leg_sizes(phases: Sequence[int]) -> list[int]:
    """Return how many units each leg has, in order.

    A phase of more than eight units is split evenly; neighbours that have no more than eight together are one leg.

    Args:
        phases: how many units each phase has.
    """
    sizes: list[int] = []
    for size in phases:
        for part in _split(size):
            if sizes and sizes[-1] + part <= MOST:
                sizes[-1] += part
            else:
                sizes.append(part)
    return sizes


def _split(size: int) -> list[int]:
    """Cut a phase into as few even parts as hold eight units at most, the longer ones first."""
    parts = -(-size // MOST)
    return [size // parts + (part < size % parts) for part in range(parts)]


POST_MAX = 900

"""Characters that a unit gives to its weekly post, which fits one phone screen of about 1,000."""

LABEL = 25

"""Characters of the words before what an exercise adds."""


@dataclass(frozen=True)
class Resource:
    """Something to read, to watch or to look into.

    Args:
        authors: may be empty, as may be the address: a book stands on a shelf.
        year: 0 where nobody has said.
        kind: paper, documentation, book, video, course, repository or article, or empty.
        part: which chapters or pages are meant; empty for all of it.
        minutes: what it takes; 0 where nobody has said.
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
    """What to do, the state that shows it is done, a version for thirty minutes, and what it adds to the capstone.

    Each may be empty.
    """

    task: str
    done_when: str
    short: str
    adds: str = ""


@dataclass(frozen=True)
class Checkpoint:
    """What stands at the end of a phase: a task, and criteria by which a peer judges it."""

    task: str
    rubric: tuple[str, ...]


@dataclass(frozen=True)
class Capstone:
    """The one thing that grows through the whole roadmap."""

    title: str
    summary: str


@dataclass(frozen=True)
class Unit:
    """What a group works on from one post to the next.

    All texts are plain, in one line, with `code` in backticks.

    Args:
        id: at most 32 characters, never reused.
        number: the place in the whole roadmap, from 1.
        objectives: three, or fewer as long as they are still to be written.
        prompt: the question for the group's discussion; it may be empty, as may the summary.
        hours: honest whole hours, exercise included; 0 where nobody has said.
        notes: ids of the notes that answer questions about it.
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
        """Return how many characters the unit gives to its weekly post."""
        texts = (self.title, self.summary, *self.objectives, self.exercise.task, self.exercise.done_when)
        return sum(map(len, texts))

    @property
    def adds_in_post(self) -> bool:
        """Say whether the weekly post has room for what the exercise adds to the capstone."""
        return bool(self.exercise.adds) and self.post_length + len(self.exercise.adds) <= POST_MAX - LABEL


@dataclass(frozen=True)
class Topic:
    """Units on one subject."""

    id: str
    title: str
    summary: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Phase:
    """Topics in one window, both days included; without dates it takes as long as its units."""

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
    """A unit that another one has taken in: groups that have opened it keep it under its title.

    Args:
        into: the id of the unit whose texts and notes are now also its own.
    """

    id: str
    title: str
    into: str


@dataclass(frozen=True)
class LegStart:
    """A leg as a roadmap names it: from this unit to where the next one begins."""

    title: str
    begins: str


@dataclass(frozen=True)
class CoursePart:
    """What a group walks from a start to a finish, some two months long.

    Args:
        number: its place, from 1.
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
        """Return `Leg 2, Retrieval: units 9 to 15`."""
        units = f"units {self.first} to {self.last}" if len(self.units) > 1 else f"unit {self.first}"
        return f"Leg {self.number}, {self.title}: {units}"


@dataclass(frozen=True)
class Roadmap:
    """A learning path, in order.

    Args:
        leg_starts: the legs that it names; without any they come of its phases.
    """

    id: str
    title: str
    summary: str
    phases: tuple[Phase, ...]
    capstone: Capstone | None = None
    retired: tuple[Retired, ...] = ()
    leg_starts: tuple[LegStart, ...] = ()

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every unit in order; the unit at index i has number i + 1."""
        return tuple(unit for phase in self.phases for unit in phase.units)

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic in order."""
        return tuple(topic for phase in self.phases for topic in phase.topics)

    @cached_property
    def legs(self) -> tuple[CoursePart, ...]:
        """Every leg in order; each unit is in exactly one."""
        places = [self._by_id[start.begins].number - 1 for start in self.leg_starts]
        if not places:
            sizes = leg_sizes([len(phase.units) for phase in self.phases])
            places = [sum(sizes[:n]) for n in range(len(sizes))]
        parts = [self.units[first:stop] for first, stop in zip(places, [*places[1:], None], strict=True)]
        titles = [start.title for start in self.leg_starts] or [self._subject(part) for part in parts]
        return tuple(CoursePart(n, title, part) for n, (title, part) in enumerate(zip(titles, parts, strict=True), 1))

    def _subject(self, units: tuple[Unit, ...]) -> str:
        """Return the title that most of some units stand under, or the first two: whole phases, else topics."""
        held = {unit.id for unit in units}
        topics = {topic.id: topic.title for topic in self.topics}
        whole = {phase.id: phase.title for phase in self.phases if held.issuperset(unit.id for unit in phase.units)}
        under = Counter(whole.get(unit.phase_id) or topics[unit.topic_id] for unit in units)
        (first, many), *others = under.most_common(2)
        return first if 2 * many > len(units) else ", ".join([first, *(title for title, _ in others)])

    @cached_property
    def _leg_at(self) -> dict[str, CoursePart]:
        return {unit.id: leg for leg in self.legs for unit in leg.units}

    def leg_of(self, unit_id: str) -> CoursePart:
        """Return the leg that a unit is in, one that was taken in with its heir."""
        return self._leg_at[self.heir(unit_id)]

    def count(self, unit_id: str) -> str:
        """Return `3 of 8 in leg 2`, or `3 of 8` where there is one leg only."""
        leg = self.leg_of(unit_id)
        place = self._by_id[unit_id].number - leg.first + 1
        return f"{place} of {len(leg.units)}" + (f" in leg {leg.number}" if len(self.legs) > 1 else "")

    def label(self, unit: Unit) -> str:
        """Return `Unit 16: Backpropagation (2 of 5 in leg 3)`."""
        return f"{unit.label} ({self.count(unit.id)})"

    @property
    def is_dated(self) -> bool:
        """Say whether its phases have dates, which the pace by the calendar follows."""
        return all(phase.starts_on is not None for phase in self.phases)

    @cached_property
    def _by_id(self) -> dict[str, Unit]:
        units = {unit.id: unit for unit in self.units}
        return units | {unit.id: replace(units[unit.into], id=unit.id, title=unit.title) for unit in self.retired}

    @cached_property
    def _heirs(self) -> dict[str, str]:
        return {unit.id: unit.into for unit in self.retired}

    def has(self, unit_id: str) -> bool:
        """Say whether the roadmap has a unit of this id; one that was taken in by another is none."""
        return self.knows(unit_id) and unit_id not in self._heirs

    def knows(self, unit_id: str) -> bool:
        """Say whether the roadmap has, or has taken in, a unit of this id."""
        return unit_id in self._by_id

    def heir(self, unit_id: str) -> str:
        """Return the id of the unit that has taken this one in, or its own."""
        return self._heirs.get(unit_id, unit_id)

    def unit(self, unit_id: str) -> Unit:
        """Return the unit of exactly this id; one that was taken in has its own title and its heir's texts.

        Raises:
            NotFound: there is none; names the nearest.
        """
        unit = self._by_id.get(unit_id)
        if unit is None:
            raise lookup.unknown(self.units, unit_id)
        return unit

    def find(self, text: str) -> Unit:
        """Return the unit that a person means by an id, a number, a title, a part of it or a slip of the keys.

        Raises:
            NotFound: none fits, or several do; names up to three.
        """
        place, leg = lookup.place_in_leg(text) or (0, 0)
        within = [unit for part in self.legs if part.number == leg for unit in part.units]
        return within[place - 1] if 0 < place <= len(within) else lookup.find(self.units, text)

    def suggestions(self, typed: str, most: int = 25) -> list[tuple[str, str]]:
        """List (label of at most 100 characters, unit id) for what was typed so far, best first."""
        return lookup.suggestions(self.units, typed, most)

    @cached_property
    def phase_ids(self) -> dict[str, str]:
        """The id of every unit's phase, those that were taken in among them."""
        return {unit.id: unit.phase_id for unit in self._by_id.values()}

    @cached_property
    def _phase_at(self) -> dict[str, int]:
        return {phase.id: place for place, phase in enumerate(self.phases)}

    def phase_of(self, unit: Unit) -> Phase:
        """Return the phase that the unit stands in."""
        return self.phases[self._phase_at[unit.phase_id]]

    def checkpoint_after(self, unit: Unit) -> Checkpoint | None:
        """Return the checkpoint that the phase ends with, where the unit is its last."""
        phase = self.phase_of(unit)
        return phase.checkpoint if unit.id == phase.units[-1].id else None

    def accent(self, unit: Unit) -> int:
        """Return which colour the unit's phase has: its place among the phases, from 0."""
        return self._phase_at[unit.phase_id]
