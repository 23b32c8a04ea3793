"""A server's own courses: drafts of them from outlines, who may change them, and which units groups need."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count

from sqlalchemy import func, select

from bot.commands.context import Context
from bot.curriculum import track as tracks
from bot.curriculum.authoring.course_edit import UNIT, check, merge_outline, replace_unit
from bot.curriculum.authoring.course_files import make_outline, write_course_files, write_folder
from bot.curriculum.authoring.outline_import import read_outline
from bot.curriculum.authoring.parsed_outline import OutlineNote, ParsedOutline, is_written, write_outline
from bot.curriculum.authoring.unit_matching import match_unit_ids
from bot.curriculum.content import Roadmap, Unit
from bot.curriculum.faults import refused
from bot.curriculum.outline_reader import TITLE_MAX
from bot.curriculum.short_questions import ShortQuestion, find_faults, make_key, tidy
from bot.curriculum.track import Track
from bot.features.courses import own_roadmap
from bot.features.courses.tables import ACCEPTED, OwnRoadmap
from bot.features.custom_courses.course_writer import CHANGED_MEANWHILE, CourseWriter
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.groups.visibility import GroupVisibility, list_governed
from bot.features.notes.service import GroupNotes
from bot.features.people.service import People
from bot.features.questions.service import MAY_NOT_CHANGE, AddedQuestions, CourseQuestions
from bot.messages import markup
from bot.messages.errors import BadInput, NotAllowed, NotFound
from bot.messages.spreadsheet import Spreadsheet
from bot.storage.unit_of_work import Work

MOST = 20
"""Courses of its own that a server may have."""
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


@dataclass(frozen=True)
class CourseExport:
    """A course as it leaves: its questions and notes by unit id."""

    roadmap: Roadmap
    questions: Mapping[str, Sequence[ShortQuestion]]
    notes: Mapping[str, Sequence[OutlineNote]]

    def write_markdown(self) -> str:
        """Return the course as one Markdown file."""
        return write_outline(make_outline(self.roadmap, self.questions, self.notes))

    def write_files(self, folder: str) -> Iterator[tuple[str, str]]:
        """Yield the files of its folder."""
        for path, text in write_folder(replace(self.roadmap, id=folder), self.questions, self.notes).items():
            yield f"{folder}/{path}", text

    def make_table(self) -> Spreadsheet:
        """Return its questions as a table, which `read_question_table` reads."""
        rows = [
            (unit.title, each.prompt, each.right, "\n".join((each.right, *each.wrong)), each.why, each.source)
            for unit in self.roadmap.units
            for each in self.questions.get(unit.id, ())
        ]
        return Spreadsheet(("Unit", "Question", "Right answer", "Choices", "Reason", "Source"), rows)


class Outlines:
    """The own courses of a Call's server."""

    def __init__(self, work: Work, groups: Groups) -> None:
        self._session, self._people, self._groups = work.session, People(work), groups
        self._questions, self._writer = CourseQuestions(work, groups), CourseWriter(work, groups)
        self._notes = GroupNotes(work)

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
        draft = _make_draft(text, sketch, called, (), None)
        if self._find_same(ctx, draft.outline, called) is None:
            self._check_title(ctx, called, but="")
        return draft

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
        merged = merge_outline(before, read_outline(row.outline), sketch, draft.roadmap)
        self._writer.check_kept(before, merged)
        return replace(draft, roadmap=merged)

    def add(self, ctx: Context, draft: CourseDraft) -> tuple[str, AddedQuestions]:
        """Store a course with its questions, and return its id and what became of the questions.

        If the server has the same course, return that one's id.
        """
        if (same := self._find_same(ctx, draft.outline, draft.title)) is not None:
            row = self._session.get_one(OwnRoadmap, own_roadmap.parse_id(same))
            return same, AddedQuestions(tuple(self._questions.list(row.id)), ())
        row = self._store(ctx, draft.outline, draft.roadmap)
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
        new = self._store(ctx, row.outline, replace(course.roadmap, title=called))
        self._questions.copy(row.id, new.id, ctx.now)
        return own_roadmap.make_id(new.id)

    def export(self, ctx: Context, course: Track, row: OwnRoadmap) -> CourseExport:
        """Return a course with its questions, and with the notes of the newest group that follows it.

        Groups whose moderator the person isn't are left out; without one, the notes are those of the outline.
        """
        roadmap = course.roadmap
        stored = [own_roadmap.read_question(each) for each in self._questions.list(row.id, states=(ACCEPTED,))]
        questions = {unit.id: [each.question for each in stored if each.unit_id == unit.id] for unit in roadmap.units}
        units = zip(roadmap.units, read_outline(row.outline).units, strict=False)
        notes: dict[str, Sequence[OutlineNote]] = {unit.id: parsed.notes for unit, parsed in units}
        following = select(Group).where(Group.roadmap_id == course.id).order_by(Group.id.desc())
        if groups := list_governed(self._session, ctx, self._session.scalars(following).all()):
            listed = self._notes.list(groups[0].id)
            notes = {
                unit.id: [OutlineNote(note.row.title, note.row.text) for note in listed if note.row.unit_id == unit.id]
                for unit in roadmap.units
            }
        return CourseExport(roadmap, questions, notes)

    def add_notes(self, ctx: Context, group: Group) -> None:
        """Give a new group the notes that its course brought along; one that can't be used is left out."""
        if (number := own_roadmap.parse_id(group.roadmap_id)) is None:
            return
        roadmap = self._groups.tracks_of(group)[group.roadmap_id].roadmap
        outline = read_outline(self._session.get_one(OwnRoadmap, number).outline)
        for unit, parsed in zip(roadmap.units, outline.units, strict=False):
            for note in parsed.notes:
                with suppress(BadInput):
                    self._notes.add(group.id, note.title, note.text, ctx.actor.account_id, ctx.now, unit_id=unit.id)

    def place_questions(
        self, course: Track, asked: Sequence[tuple[str, ShortQuestion]]
    ) -> tuple[Sequence[tuple[str, ShortQuestion]], Sequence[str]]:
        """Return the questions of a table that can be added, each with its unit's id, and why others can't.

        Args:
            asked: each with what says its unit: a title, a number, or tags of which one is the unit's id.
        """
        names = {unit.title.casefold(): unit.id for unit in reversed(course.roadmap.units)}
        names |= {str(unit.number): unit.id for unit in course.roadmap.units}
        names |= {unit.id: unit.id for unit in course.roadmap.units}
        known = {make_key(item.prompt) for item in course.items.values()}
        placed: list[tuple[str, ShortQuestion]] = []
        refused: list[str] = []
        for where, question in asked:
            clean = tidy(question)
            words = (where.casefold().strip(), *where.casefold().split())
            unit_id = next((names[word] for word in words if word in names), None)
            if make_key(clean.prompt) in known:
                continue
            if (fault := next(find_faults(clean), None)) is not None:
                refused.append(fault.sentence)
            elif unit_id is None:
                refused.append("**Unit**: name the unit by its title or number.")
            else:
                known.add(make_key(clean.prompt))
                placed.append((unit_id, clean))
        return placed, refused

    def add_questions(
        self, ctx: Context, row: OwnRoadmap, questions: Sequence[tuple[str, ShortQuestion]]
    ) -> AddedQuestions:
        """Store questions of a table; the person who brings them accepts them."""
        return self._questions.add_all(row.id, questions, ctx.now, accepted_by=ctx.actor.account_id)

    def find_free_title(self, ctx: Context, title: str) -> str:
        """Return a title, or that of its next round if another course has it."""
        titles = {track.title.casefold() for track in self._groups.tracks(ctx).values()}
        return self._find_free_title(ctx, title) if title.casefold() in titles else title

    def _find_free_title(self, ctx: Context, title: str) -> str:
        taken = {track.title.casefold() for track in self._groups.tracks(ctx).values()}
        base = _ROUND.sub("", title)
        titles = (f"{markup.clip(base, TITLE_MAX - 12)}, round {number}" for number in count(2))
        return next(free for free in titles if free.casefold() not in taken)

    def _store(self, ctx: Context, outline: str, roadmap: Roadmap) -> OwnRoadmap:
        """Store a course without questions; BadInput if the server has too many."""
        tenant_id = self._tenant_id(ctx)
        listed = select(func.count()).where(OwnRoadmap.tenant_id == tenant_id, OwnRoadmap.removed_at.is_(None))
        if (self._session.scalar(listed) or 0) >= MOST:
            raise BadInput(
                f"This server has {MOST} courses of its own, and that's the limit. Remove one with "
                f"{markup.typed('manage course remove')}."
            )
        row = OwnRoadmap(
            tenant_id=tenant_id, outline=outline, yaml="", added_by=ctx.actor.account_id, changed_at=ctx.now
        )
        self._writer.create(row, roadmap)
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
        """Give a unit other goals and another exercise, and return it; raises BadInput if a text doesn't fit."""

        def change(roadmap: Roadmap) -> Roadmap:
            now = roadmap.unit(unit.id)
            if (now.objectives, now.exercise) != (unit.objectives, unit.exercise):
                raise BadInput(CHANGED_MEANWHILE)
            exercise = replace(now.exercise, task=task.exercise, minutes=task.minutes, done_when=task.done_when)
            return check(replace_unit(roadmap, replace(now, objectives=task.goals, exercise=exercise)))

        self._writer.edit(row.id, change, ctx.actor.account_id, ctx.now, place=UNIT + unit.id)
        return self._groups.tracks(ctx)[own_roadmap.make_id(row.id)].roadmap.unit(unit.id)

    def change(self, ctx: Context, row: OwnRoadmap, draft: CourseDraft) -> AddedQuestions:
        """Store a changed course, and return what became of new questions."""
        before = {question for unit in read_outline(row.outline).units for question in unit.questions}
        assert draft.before is not None
        self._writer.write(row, draft.before, draft.roadmap, draft.outline, ctx.actor.account_id, ctx.now)
        return self._add_questions(ctx, row, draft, but=before)

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

    def check_title(self, ctx: Context, roadmap: Roadmap) -> Roadmap:
        """Return a course; BadInput if another course of the server has its title."""
        self._check_title(ctx, roadmap.title, but=roadmap.id)
        return roadmap

    def _check_title(self, ctx: Context, title: str, *, but: str) -> None:
        same = [track for track in self._groups.tracks(ctx).values() if track.title.casefold() == title.casefold()]
        if any(course.id != but for course in same):
            raise BadInput(
                f"**Title**: a course “{markup.escape(title, TITLE_MAX)}” already exists. Choose another title.",
                field="title",
            )


def _make_draft(
    text: str, sketch: ParsedOutline, title: str, ids: Sequence[str], before: Roadmap | None
) -> CourseDraft:
    """Return a draft, read as it will be once stored."""
    if sketch.roadmap is not None and not ids:  # a folder says more than an outline can
        roadmap = replace(sketch.roadmap, id=NEW, title=title)
    else:
        (yaml,) = write_course_files(sketch, NEW, title, ids).values()
        track = own_roadmap.track(NEW, yaml)
        assert track is not None, "a sketch without faults makes a course"
        roadmap = track.roadmap
    is_exact = sketch.roadmap is not None or is_written(text)
    outline = write_outline(sketch) if is_exact else text
    return CourseDraft(outline, sketch, title, tuple(unit.id for unit in roadmap.units), roadmap, before)


def _describe_unknown(named: str, tenancy: str, courses: Sequence[Track]) -> str:
    """Return that no own course has this name or ID, and which there are."""
    titles = markup.series([markup.escape(course.title, TITLE_MAX) for course in courses])
    here = f"It has {titles}." if titles else f"Add one with {markup.typed('manage course add')}."
    return f"**Course**: this {tenancy} has no course “{markup.escape(named, 40)}” of its own. {here}"


def _choose_title(now: str, given: str, old_heading: str, heading: str) -> str:
    """Return the title of a changed course: a new one from its field, or else from its heading."""
    if given and given != now:
        return given
    return heading if heading and heading != old_heading else now


def _check(sketch: ParsedOutline, name: str) -> None:
    if sketch.faults:
        raise BadInput(refused("I can't create a course from this yet:", sketch.faults), field=_field(name))


def _field(name: str) -> str:
    return "file" if name else "text"


def _title(text: str) -> str:
    return markup.clip(" ".join(markup.clean(text).split()), TITLE_MAX)
