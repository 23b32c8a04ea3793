"""Writes a server's own courses. All that changes one goes through `CourseWriter`, which keeps its versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import CompoundSelect, select, union

from bot.curriculum.authoring.course_edit import list_changes, write_outline_of
from bot.curriculum.authoring.outline_import import read_outline
from bot.curriculum.authoring.parsed_outline import ParsedUnit
from bot.curriculum.content import Roadmap, Unit
from bot.curriculum.outline_writer import write_roadmap
from bot.features.courses import own_roadmap
from bot.features.courses.tables import ContentVersion, OwnRoadmap
from bot.features.courses.versions import Versions
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group, Occurrence
from bot.features.questions.service import CourseQuestions
from bot.messages import markup
from bot.messages.errors import BadInput
from bot.storage.unit_of_work import Work

UNITS_NAMED = 5
"""Units that a refusal names."""
CHANGED_MEANWHILE = "Somebody else has just changed this course. Open it again to see what it says now."


@dataclass(frozen=True)
class CourseVersion:
    """A version of a course, and what it changed compared to the one before; empty for the first."""

    row: ContentVersion
    changes: Sequence[str]


class CourseWriter:
    """Writes own courses and reads their versions, in one unit of work."""

    def __init__(self, work: Work, groups: Groups) -> None:
        self._session, self._groups = work.session, groups
        self._questions = CourseQuestions(work, groups)

    def create(self, row: OwnRoadmap, roadmap: Roadmap) -> None:
        """Store a new course as the first version of its row."""
        self._session.add(row)
        self._session.flush()
        row.yaml = write_roadmap(replace(roadmap, id=own_roadmap.make_id(row.id)))
        self._session.flush()
        Versions(self._session, course_id=row.id).begin(row.added_by, row.yaml, row.changed_at)

    def edit(
        self, course_id: int, change: Callable[[Roadmap], Roadmap], by: int, now: datetime, *, place: str = ""
    ) -> bool:
        """Change the present state of a course; return whether that made a version of its own.

        Changes to one course run one after the other, so `change` sees all that was stored before.

        Args:
            place: what is changed, such as `unit:verbs`; see `ContentVersion`.

        Raises:
            BadInput: a unit that a group needs would be lost, or what `change` raises.
        """
        row = self._lock(course_id)
        before = _read_course(own_roadmap.make_id(row.id), row.yaml)
        after = change(before)
        outline = write_outline_of(after, _list_outline_units(before, row.outline))
        return after != before and self._write(row, before, after, outline, by, now, place)

    def write(self, row: OwnRoadmap, before: Roadmap, after: Roadmap, outline: str, by: int, now: datetime) -> None:
        """Replace a course by a whole new state, with the outline that it was read from.

        Raises:
            BadInput: the course is no longer as it was `before`.
        """
        self._lock(row.id)
        if _read_course(before.id, row.yaml) != before:
            raise BadInput(CHANGED_MEANWHILE)
        self._write(row, before, replace(after, id=before.id), outline, by, now, "")

    def _write(
        self, row: OwnRoadmap, before: Roadmap, after: Roadmap, outline: str, by: int, now: datetime, place: str
    ) -> bool:
        gone = self.check_kept(before, after)
        versions = Versions(self._session, course_id=row.id)
        versions.begin(row.added_by, row.yaml, row.changed_at)
        row.outline, row.yaml, row.changed_at = outline, write_roadmap(after), now
        self._session.flush()
        is_new = versions.add(by, row.yaml, now, place)
        if gone:
            self._questions.drop_cards(row.id, [unit.id for unit in gone])
        walking = select(Group).where(Group.roadmap_id == before.id, Group.ended_at.is_(None))
        for group in self._session.scalars(walking).all():
            self._groups.wake(group, now)
        return is_new

    def check_kept(self, before: Roadmap, after: Roadmap) -> list[Unit]:
        """Return the units that a change removes; BadInput if a group has opened one or starts there."""
        gone = [unit for unit in before.units if not after.has(unit.id)]
        needed = set(self._session.scalars(_select_needed(before.id))) if gone else set()
        if lost := [unit for unit in gone if unit.id in needed]:
            raise BadInput(_describe_lost_units(lost, UNITS_NAMED), field="text")
        return gone

    def list_versions(self, course_id: int, most: int) -> list[CourseVersion]:
        """Return the newest versions of a course with what each changed, the newest first; `most` are read."""
        rows = Versions(self._session, course_id=course_id).list()
        roadmap_id = own_roadmap.make_id(course_id)
        states = [_read_course(roadmap_id, row.content) for row in rows[: most + 1]]
        pairs = zip(states[1:], states, strict=False)
        changes = [*([*list_changes(before, after)] for before, after in pairs), []]
        return [CourseVersion(row, each) for row, each in zip(rows[:most], changes, strict=False)]

    def restore(
        self, course_id: int, version: int, seen: int, check: Callable[[Roadmap], Roadmap], by: int, now: datetime
    ) -> None:
        """Bring a course back to the state of a version, as a new version.

        Args:
            seen: the newest version that the person saw.
            check: returns the state, or raises BadInput if it can't be used any more.

        Raises:
            BadInput: somebody else has changed the course since, or what `check` raises.
        """
        self._lock(course_id)
        row, newest = Versions(self._session, course_id=course_id).find(version)
        if newest.id != seen:
            raise BadInput(CHANGED_MEANWHILE)
        state = _read_course(own_roadmap.make_id(course_id), row.content)
        self.edit(course_id, lambda _: check(state), by, now)

    def _lock(self, course_id: int) -> OwnRoadmap:
        """Return the row as it is now; others wait until this unit of work ends."""
        chosen = select(OwnRoadmap).where(OwnRoadmap.id == course_id).with_for_update()
        return self._session.scalars(chosen.execution_options(populate_existing=True)).one()


def _read_course(roadmap_id: str, yaml: str) -> Roadmap:
    track = own_roadmap.track(roadmap_id, yaml)
    if track is None:
        raise BadInput("This course can't be read. Ask the bot's operator to look at it.")
    return track.roadmap


def _list_outline_units(roadmap: Roadmap, outline: str) -> dict[str, ParsedUnit]:
    """Return the units of an outline by id, whose questions and notes stay when it is written again."""
    units = read_outline(outline).units
    if len(units) != len(roadmap.units):
        return {}
    return {unit.id: parsed for unit, parsed in zip(roadmap.units, units, strict=True)}


def _select_needed(roadmap_id: str) -> CompoundSelect[str]:
    """Return the ids of the units that groups have opened or start with, ended groups included."""
    opened = select(Occurrence.unit_id).join(Group).where(Group.roadmap_id == roadmap_id)
    return union(opened, select(Group.first_unit).where(Group.roadmap_id == roadmap_id))


def _describe_lost_units(units: Sequence[Unit], shown: int) -> str:
    """Return that units that a group needs are missing from a changed course."""
    titles = markup.series([f"“{markup.escape(unit.title)}”" for unit in units[:shown]])
    it, keep = ("it", "Keep it") if len(units) == 1 else ("them", "Keep them")
    more = f" and {left} more" if (left := len(units) - shown) > 0 else ""
    return (
        f"The outline must keep {titles}{more}, because a group has opened {it} or starts there. {keep} under the same "
        "title, or under a new title in the same place."
    )
