"""A roadmap as a frozen value: phases, their topics, and the units that a group works through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.features.roadmap import lookup


@dataclass(frozen=True)
class Resource:
    """Something to read; kind is paper, documentation or book."""

    title: str
    authors: str
    year: int
    kind: str
    url: str


@dataclass(frozen=True)
class Exercise:
    """What to do, the state that shows it is done, and a version for thirty minutes."""

    task: str
    done_when: str
    short: str


@dataclass(frozen=True)
class Unit:
    """What a group works on from one post to the next.

    All texts are plain, in one line, with `code` in backticks.

    Args:
        id: at most 32 characters, never reused.
        number: the place in the whole roadmap, from 1.
        objectives: exactly three.
        prompt: the question for the group's discussion.
        hours: honest whole hours, exercise included.
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

    def label(self, total: int) -> str:
        """Return `Unit 7 of 53: Backpropagation`."""
        return f"Unit {self.number} of {total}: {self.title}"


@dataclass(frozen=True)
class Topic:
    """Units on one subject."""

    id: str
    title: str
    summary: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Phase:
    """Topics in one dated window, both days included."""

    id: str
    title: str
    starts_on: date
    ends_on: date
    summary: str
    topics: tuple[Topic, ...]

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The phase's units in order."""
        return tuple(unit for topic in self.topics for unit in topic.units)


@dataclass(frozen=True)
class Roadmap:
    """A learning path, in order."""

    id: str
    title: str
    summary: str
    phases: tuple[Phase, ...]

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every unit in order; the unit at index i has number i + 1."""
        return tuple(unit for phase in self.phases for unit in phase.units)

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic in order."""
        return tuple(topic for phase in self.phases for topic in phase.topics)

    @cached_property
    def _by_id(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    def has(self, unit_id: str) -> bool:
        """Say whether the roadmap still has a unit of this id."""
        return unit_id in self._by_id

    def unit(self, unit_id: str) -> Unit:
        """Return the unit of exactly this id.

        Raises:
            NotFound: there is none; names the nearest.
        """
        found = self._by_id.get(unit_id)
        if found is None:
            raise lookup.unknown(self.units, unit_id)
        return found

    def find(self, text: str) -> Unit:
        """Return the unit that a person means by an id, a number, a title, a part of it or a slip of the keys.

        Raises:
            NotFound: none fits, or several do; names up to three.
        """
        return lookup.find(self.units, text)

    def suggestions(self, typed: str, most: int = 25) -> list[tuple[str, str]]:
        """List (label of at most 100 characters, unit id) for what was typed so far, best first."""
        return lookup.suggestions(self.units, typed, most)

    @cached_property
    def phase_ids(self) -> dict[str, str]:
        """The id of every unit's phase."""
        return {unit.id: unit.phase_id for unit in self.units}

    @cached_property
    def _phase_at(self) -> dict[str, int]:
        return {phase.id: place for place, phase in enumerate(self.phases)}

    def phase_of(self, unit: Unit) -> Phase:
        """Return the phase that the unit stands in."""
        return self.phases[self._phase_at[unit.phase_id]]

    def accent(self, unit: Unit) -> int:
        """Return which colour the unit's phase has: its place among the phases, from 0."""
        return self._phase_at[unit.phase_id]
