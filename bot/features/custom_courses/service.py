"""A server's own courses: drafts of them from outlines, who may change them, and which units groups need."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import count

from sqlalchemy import CompoundSelect, func, select, union

from bot.commands.context import Context
from bot.curriculum import track as tracks
from bot.curriculum.authoring.outline_import import (
    ParsedOutline,
    ParsedUnit,
    read_outline,
    write_course_files,
    write_outline,
)
from bot.curriculum.authoring.unit_matching import match_unit_ids
from bot.curriculum.content import Roadmap, Unit
from bot.curriculum.faults import refused
from bot.curriculum.outline_reader import TITLE_MAX
from bot.curriculum.short_questions import ShortQuestion
from bot.curriculum.track import Track
from bot.features.courses import own_roadmap
from bot.features.courses.tables import OwnRoadmap
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group, Occurrence
from bot.features.groups.visibility import GroupVisibility
from bot.features.people.service import People
from bot.features.questions.service import MAY_NOT_CHANGE, AddedQuestions, CourseQuestions
from bot.messages import markup
from bot.messages.errors import BadInput, NotAllowed, NotFound
from bot.storage.unit_of_work import Work

MOST = 20
"""Courses of its own that a server may have."""
MOST_TOLD = 5
"""Faults that a refusal names."""
_ROUND = re.compile(r", round \d{1,4}$")
NEW = "own-0"
"""The id of a course that is not stored yet; no row has this number."""


@dataclass(frozen=True)
class CourseDraft:
    """What an outline becomes.

    Args:
        outline: as it was written.
        before: the current course, if one is changed.
    """

    outline: str
    sketch: ParsedOutline
    title: str
    ids: tuple[str, ...]
    roadmap: Roadmap
    before: Roadmap | None = None

    @property
    def new(self) -> list[Unit]:
        """The units that the current course doesn't have."""
        return [unit for unit in self.roadmap.units if self.before is None or not self.before.has(unit.id)]

    @property
    def gone(self) -> list[Unit]:
        """The units that the new outline no longer has."""
        return [unit for unit in self.before.units if not self.roadmap.has(unit.id)] if self.before is not None else []

    @property
    def renamed(self) -> list[tuple[Unit, Unit]]:
        """The units whose titles change, each before and after."""
        before = self.before
        pairs = [
            (before.unit(unit.id), unit) for unit in self.roadmap.units if before is not None and before.has(unit.id)
        ]
        return [(old, new) for old, new in pairs if old.title != new.title]

    @property
    def questions(self) -> Sequence[tuple[str, ShortQuestion]]:
        """The questions of the outline, each with the id of its unit."""
        units = zip(self.ids, self.sketch.units, strict=True)
        return [(unit_id, question) for unit_id, unit in units for question in unit.questions]

    def yaml(self, roadmap_id: str) -> str:
        """Return the course as the YAML of a course's folder."""
        (text,) = write_course_files(self.sketch, roadmap_id, self.title, self.ids).values()
        return text


@dataclass(frozen=True)
class UnitTask:
    """What people do in a unit; each part may be empty.

    Args:
        minutes: of the exercise; 0 if unknown.
    """

    goals: tuple[str, ...] = ()
    exercise: str = ""
    minutes: int = 0
    done_when: str = ""


class Outlines:
    """The own courses of a Call's server."""

    def __init__(self, work: Work, groups: Groups) -> None:
        self._session, self._people, self._groups = work.session, People(work), groups
        self._questions = CourseQuestions(work, groups)

    def list(self, ctx: Context) -> list[Track]:
        """Return the server's own courses, the oldest first."""
        library = self._groups.tracks(ctx)
        return [library[course_id] for course_id in library.own] if isinstance(library, own_roadmap.Shelved) else []

    def find(self, ctx: Context, named: str) -> tuple[OwnRoadmap, Track]:
        """Return an own course by its id or title; NotFound says which there are."""
        known = self.list(ctx)
        course = tracks.find({track.id: track for track in known}, named)
        if course is None:
            sentence = _describe_unknown(named, ctx.actor.tenancy.word, known)
            raise NotFound(sentence, field="course")
        return self._session.get_one(OwnRoadmap, own_roadmap.parse_id(course.id)), course

    def draft(self, ctx: Context, text: str, title: str, name: str = "") -> CourseDraft:
        """Return the draft of a new course.

        Args:
            title: "" for the outline's own.
            name: the file's name, or "".

        Raises:
            BadInput: the outline has faults; the sentence lists them by line.
        """
        self._tenant_id(ctx)
        sketch = read_outline(text)
        _check(sketch, name)
        called = _title(title) or sketch.title
        if not called:
            raise BadInput("**Title**: add one, or start the outline with a line such as `# My course`.", field="title")
        if self._find_same(ctx, text, called) is None:
            self._check_title(ctx, called, but="")
        return _make_draft(text, sketch, called, (), None)

    def changed(self, ctx: Context, row: OwnRoadmap, text: str, title: str, name: str = "") -> CourseDraft:
        """Return the draft of a changed course; raises BadInput as `draft` does, and if a unit that a group needs would
        be lost."""
        self.check_may_change(ctx, row)
        roadmap_id = own_roadmap.make_id(row.id)
        before = self._groups.tracks(ctx)[roadmap_id].roadmap
        sketch = read_outline(text)
        _check(sketch, name)
        called = _choose_title(before.title, _title(title), read_outline(row.outline).title, sketch.title)
        self._check_title(ctx, called, but=roadmap_id)
        ids = match_unit_ids([(unit.id, unit.title) for unit in before.units], [unit.title for unit in sketch.units])
        draft = _make_draft(text, sketch, called, tuple(ids), before)
        needed = set(self._session.scalars(_select_needed(roadmap_id)))
        if lost := [lost_unit for lost_unit in draft.gone if lost_unit.id in needed]:
            raise BadInput(_describe_lost_units(lost, MOST_TOLD), field=_field(name))
        return draft

    def add(self, ctx: Context, draft: CourseDraft) -> tuple[str, AddedQuestions]:
        """Store a course with its questions, and return its id and what became of the questions.

        If the server has the same course, return that one's id.
        """
        if (same := self._find_same(ctx, draft.outline, draft.title)) is not None:
            row = self._session.get_one(OwnRoadmap, own_roadmap.parse_id(same))
            return same, AddedQuestions(tuple(self._questions.list(row.id)), ())
        row = self._store(ctx, draft)
        return own_roadmap.make_id(row.id), self._add_questions(ctx, row, draft)

    def copy(self, ctx: Context, course: Track, row: OwnRoadmap, title: str) -> str:
        """Copy a course with its units and accepted questions, and return the copy's id.

        Args:
            title: of the copy; "" for one that is free, such as "Spanish A2, round 2".

        Raises:
            BadInput: the title is taken, or the server has too many courses.
        """
        called = _title(title) or self._find_free_title(ctx, course.title)
        self._check_title(ctx, called, but="")
        ids = tuple(unit.id for unit in course.roadmap.units)
        new = self._store(ctx, _make_draft(row.outline, read_outline(row.outline), called, ids, None))
        self._questions.copy(row.id, new.id, ctx.now)
        return own_roadmap.make_id(new.id)

    def _find_free_title(self, ctx: Context, title: str) -> str:
        """Return the title of the next round of a course."""
        taken = {track.title.casefold() for track in self._groups.tracks(ctx).values()}
        base = _ROUND.sub("", title)
        titles = (f"{markup.clip(base, TITLE_MAX - 12)}, round {number}" for number in count(2))
        return next(free for free in titles if free.casefold() not in taken)

    def _store(self, ctx: Context, draft: CourseDraft) -> OwnRoadmap:
        """Store a course without questions; BadInput if the server has too many."""
        tenant_id = self._tenant_id(ctx)
        listed = select(func.count()).where(OwnRoadmap.tenant_id == tenant_id, OwnRoadmap.removed_at.is_(None))
        if (self._session.scalar(listed) or 0) >= MOST:
            raise BadInput(
                f"This server has {MOST} courses of its own, and that's the limit. Remove one with "
                f"{markup.typed('manage course remove')}."
            )
        row = OwnRoadmap(
            tenant_id=tenant_id, outline=draft.outline, yaml="", added_by=ctx.actor.account_id, changed_at=ctx.now
        )
        self._session.add(row)
        self._session.flush()
        row.yaml = draft.yaml(own_roadmap.make_id(row.id))
        return row

    def _add_questions(
        self, ctx: Context, row: OwnRoadmap, draft: CourseDraft, but: Collection[ShortQuestion] = ()
    ) -> AddedQuestions:
        """Store the questions of an outline that the course doesn't have yet; the person who brings them accepts them.

        Args:
            but: of the outline before; they may have been edited or retired since.
        """
        fresh = [(unit_id, each) for unit_id, each in draft.questions if each not in but]
        return self._questions.add_all(row.id, fresh, ctx.now, accepted_by=ctx.actor.account_id)

    def change_unit(self, ctx: Context, row: OwnRoadmap, unit: Unit, task: UnitTask) -> Unit:
        """Give a unit other goals and another exercise, and return it.

        The outline is written again as Markdown. Raises BadInput as `changed` does, and if that would change more.
        """
        sketch = read_outline(row.outline)
        units = list(sketch.units)
        units[unit.number - 1] = replace(
            units[unit.number - 1],
            goals=task.goals,
            exercise=task.exercise,
            minutes=task.minutes,
            done_when=task.done_when,
        )
        rest = iter(units)
        phases = tuple(replace(phase, units=tuple(next(rest) for _ in phase.units)) for phase in sketch.phases)
        outline = write_outline(replace(sketch, phases=phases))
        read = read_outline(outline)
        of_unit = unit.number - 1
        if len(read.units) != len(units) or any(
            after != before for at, (after, before) in enumerate(zip(read.units, units, strict=True)) if at != of_unit
        ):
            raise BadInput(
                "This change would also alter other units. Edit the outline instead: "
                f"{markup.typed('manage course edit')}."
            )
        if not _is_as_written(read.units[of_unit], units[of_unit]):
            raise BadInput(
                "The outline can't hold this text as you wrote it. Leave out semicolons and labels such as “Goals:”, "
                f"or edit the outline: {markup.typed('manage course edit')}."
            )
        self.change(ctx, row, self.changed(ctx, row, outline, ""))
        return self._groups.tracks(ctx)[own_roadmap.make_id(row.id)].roadmap.unit(unit.id)

    def change(self, ctx: Context, row: OwnRoadmap, draft: CourseDraft) -> AddedQuestions:
        """Store a changed course, wake the groups that use it, and return what became of new questions."""
        roadmap_id = own_roadmap.make_id(row.id)
        before = {question for unit in read_outline(row.outline).units for question in unit.questions}
        row.outline, row.yaml, row.changed_at = draft.outline, draft.yaml(roadmap_id), ctx.now
        added = self._add_questions(ctx, row, draft, but=before)
        if draft.gone:
            self._questions.drop_cards(row.id, [unit.id for unit in draft.gone])
        walking = select(Group).where(Group.roadmap_id == roadmap_id, Group.ended_at.is_(None))
        for group in self._session.scalars(walking).all():
            self._groups.wake(group, ctx.now)
        return added

    def check_unwalked(self, ctx: Context, row: OwnRoadmap) -> None:
        """Raise NotAllowed if a group uses the course or the person may not remove it."""
        self.check_may_change(ctx, row)
        walking = select(Group).where(Group.roadmap_id == own_roadmap.make_id(row.id), Group.ended_at.is_(None))
        if groups := self._session.scalars(walking.order_by(Group.id)).all():
            seen = GroupVisibility.by(self._session, ctx).among(groups).groups
            who = f"**{markup.escape(seen[0].name, 60)}**" if seen else "A group"
            raise NotAllowed(f"{who} is still using this course. You can remove it after that group ends.")

    def remove(self, ctx: Context, row: OwnRoadmap) -> None:
        """Remove a course; its row stays if a group has used it, for that group's record."""
        self.check_unwalked(ctx, row)
        walked = select(Group.id).where(Group.roadmap_id == own_roadmap.make_id(row.id))
        if self._session.scalars(walked.limit(1)).first() is not None:
            row.removed_at = ctx.now
        else:
            self._questions.drop_cards(row.id)
            self._session.delete(row)
        self._session.flush()

    def _tenant_id(self, ctx: Context) -> int:
        tenant = self._people.find_tenant(ctx.place.platform, ctx.place.tenant)
        if tenant is None:
            raise BadInput("A course belongs to one server. Please type this in that server.")
        return tenant.id

    def _find_same(self, ctx: Context, outline: str, title: str) -> str | None:
        """Return the id of the course with this outline and title, as after a second click."""
        same = select(OwnRoadmap.id).where(
            OwnRoadmap.tenant_id == self._tenant_id(ctx), OwnRoadmap.outline == outline, OwnRoadmap.removed_at.is_(None)
        )
        known = {own_roadmap.make_id(row) for row in self._session.scalars(same)}
        return (
            next((course.id for course in self.list(ctx) if course.id in known and course.title == title), None)
            if known
            else None
        )

    def check_may_change(self, ctx: Context, row: OwnRoadmap) -> None:
        """Raise NotAllowed for people who moderate only a channel, unless they added the course."""
        if not own_roadmap.may_change(ctx, row):
            raise NotAllowed(MAY_NOT_CHANGE)

    def _check_title(self, ctx: Context, title: str, *, but: str) -> None:
        same = [track for track in self._groups.tracks(ctx).values() if track.title.casefold() == title.casefold()]
        if any(course.id != but for course in same):
            raise BadInput(
                f"**Title**: a course “{markup.escape(title, TITLE_MAX)}” already exists. Choose another title.",
                field="title",
            )


def _is_as_written(read: ParsedUnit, written: ParsedUnit) -> bool:
    """Whether a unit that was written and read again says the same; links and durations may have found their places."""
    parts = ("goals", "exercise", "minutes", "done_when", "links")
    same = replace(written, **{part: getattr(read, part) for part in parts})
    goals = [goal for goal in written.goals if goal]
    return (
        read == same
        and len(read.goals) == len(goals)
        and bool(read.exercise) == bool(written.exercise)
        and bool(read.done_when) == bool(written.done_when)
    )


def _select_needed(roadmap_id: str) -> CompoundSelect[str]:
    """Return the ids of the units that groups have opened or start with, ended groups included."""
    opened = select(Occurrence.unit_id).join(Group).where(Group.roadmap_id == roadmap_id)
    return union(opened, select(Group.first_unit).where(Group.roadmap_id == roadmap_id))


def _make_draft(
    text: str, sketch: ParsedOutline, title: str, ids: Sequence[str], before: Roadmap | None
) -> CourseDraft:
    """Return a draft, read as it will be once stored."""
    (yaml,) = write_course_files(sketch, NEW, title, ids).values()
    track = own_roadmap.track(NEW, yaml)
    assert track is not None, "a sketch without faults makes a course"
    return CourseDraft(text, sketch, title, tuple(unit.id for unit in track.roadmap.units), track.roadmap, before)


def _describe_unknown(named: str, tenancy: str, courses: Sequence[Track]) -> str:
    """Return that no own course has this name or ID, and which there are."""
    titles = markup.series([markup.escape(course.title, TITLE_MAX) for course in courses])
    here = f"It has {titles}." if titles else f"Add one with {markup.typed('manage course add')}."
    return f"**Course**: this {tenancy} has no course “{markup.escape(named, 40)}” of its own. {here}"


def _describe_lost_units(units: Sequence[Unit], shown: int) -> str:
    """Return that units that a group needs are missing from a changed outline."""
    titles = markup.series([f"“{markup.escape(unit.title)}”" for unit in units[:shown]])
    it, keep = ("it", "Keep it") if len(units) == 1 else ("them", "Keep them")
    more = f" and {left} more" if (left := len(units) - shown) > 0 else ""
    return (
        f"The outline must keep {titles}{more}, because a group has opened {it} or starts there. {keep} under the same "
        "title, or under a new title in the same place."
    )


def _choose_title(now: str, given: str, old_heading: str, heading: str) -> str:
    """Return the title of a changed course: a new one from its field, or else from its heading."""
    if given and given != now:
        return given
    return heading if heading and heading != old_heading else now


def _check(sketch: ParsedOutline, name: str) -> None:
    if sketch.faults:
        raise BadInput(refused("I can't create a course from this yet:", sketch.faults), field=_field(name))


def _field(name: str) -> str:
    """Return the form's field that the outline came in."""
    return "file" if name else "text"


def _title(text: str) -> str:
    return markup.clip(" ".join(markup.clean(text).split()), TITLE_MAX)
