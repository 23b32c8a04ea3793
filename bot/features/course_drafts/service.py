"""Drafts of courses: what a model made of somebody's material, and the units that a moderator accepts of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import delete, func, select

from bot.answers.model.drafting import DraftedUnit, split_material
from bot.answers.model.prompts import ShownPassage
from bot.commands.context import MODERATES, Context
from bot.curriculum.authoring.course_edit import UNIT, remove_unit
from bot.curriculum.authoring.outline_import import read_outline
from bot.curriculum.authoring.parsed_outline import (
    NOTE_TITLE_MAX,
    OutlineNote,
    ParsedOutline,
    ParsedPhase,
    ParsedUnit,
    write_outline,
)
from bot.curriculum.content import Unit
from bot.curriculum.outline_reader import TITLE_MAX
from bot.curriculum.short_questions import ShortQuestion
from bot.features.course_drafts.tables import NEW, RUNNING, STOPPED, DraftedCourse
from bot.features.courses import own_roadmap
from bot.features.custom_courses.course_writer import CourseWriter
from bot.features.custom_courses.service import Outlines
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.groups.visibility import list_governed
from bot.features.notes.service import GroupNotes
from bot.features.notes.tables import GroupNote
from bot.features.people.service import People
from bot.messages import markup
from bot.messages.errors import BadInput, NotFound
from bot.storage.unit_of_work import Work

MOST = 5
"""Drafts that a server may have at once; each holds its material."""
KEPT_FOR = timedelta(days=30)


class StoredUnit(BaseModel):
    """A unit of a draft.

    Args:
        first, last: its passages, from 1.
        draft: None until the model has written it.
        doubts: places of the claims of the draft that its passages don't show.
        unit_id: of the course, once the unit was accepted.
    """

    title: str
    first: int
    last: int
    draft: DraftedUnit | None = None
    doubts: list[int] = []
    unit_id: str = ""

    def name_passages(self, numbers: Sequence[int]) -> list[int]:
        """Return passages of the unit as numbers in the whole material; those that don't exist are left out."""
        return sorted({self.first + number - 1 for number in numbers if 1 <= number <= self.last - self.first + 1})


_UNITS = TypeAdapter(list[StoredUnit])


def read_units(row: DraftedCourse) -> list[StoredUnit]:
    """Return the units of a draft."""
    return _UNITS.validate_json(row.units)


def write_units(row: DraftedCourse, units: list[StoredUnit]) -> None:
    """Store the units of a draft."""
    row.units = json.dumps(_UNITS.dump_python(units), ensure_ascii=False)


@dataclass(frozen=True)
class ShownDraft:
    """A draft as people see it.

    Args:
        accepted: the units that are in the course, by the place of their draft.
        course: the id of that course, or "".
    """

    row: DraftedCourse
    units: Sequence[StoredUnit]
    passages: Sequence[ShownPassage]
    accepted: dict[int, Unit]
    course: str


class CourseDrafts:
    """The drafts of a Call's server, in one unit of work."""

    def __init__(self, work: Work, groups: Groups) -> None:
        self._session, self._people, self.groups = work.session, People(work), groups
        self._outlines, self._notes, self._writer = Outlines(work, groups), GroupNotes(work), CourseWriter(work, groups)

    def add(self, ctx: Context, title: str, source: str, material: str, course: str | None) -> DraftedCourse:
        """Store a material; nothing is asked of the model before the draft is started.

        Args:
            title: "" for the one that the model finds.
            source: the name of the material.
            course: the own course that units are added to; None for a new one.
        """
        tenant_id, course_row = self._tenant_id(ctx), None
        if course is not None:
            course_row, track = self._outlines.find(ctx, course)
            self._outlines.check_may_change(ctx, course_row)
            title = track.title
        chosen = select(func.count()).where(DraftedCourse.tenant_id == tenant_id)
        if (self._session.scalar(chosen) or 0) >= MOST:
            raise BadInput(
                f"There are {MOST} drafts already. Discard one first: {markup.typed('manage course draft')}."
            )
        row = DraftedCourse(
            tenant_id=tenant_id,
            group_id=ctx.actor.group_id,
            account_id=ctx.actor.account_id,
            course_id=course_row.id if course_row is not None else None,
            title=markup.clip(" ".join(title.split()), TITLE_MAX),
            source=source,
            material=material,
            units="[]",
            state=NEW,
            problem="",
            tries=0,
            due_at=ctx.now,
            made_at=ctx.now,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def list(self, ctx: Context) -> Sequence[DraftedCourse]:
        """Return the drafts that a person may see, the newest first."""
        chosen = (
            select(DraftedCourse)
            .where(DraftedCourse.tenant_id == self._tenant_id(ctx))
            .order_by(DraftedCourse.id.desc())
        )
        return [row for row in self._session.scalars(chosen) if _may_see(ctx, row)]

    def find(self, ctx: Context, number: int, *, locks: bool = False) -> DraftedCourse:
        """Return a draft; NotFound if it is gone or this person may not see it.

        Args:
            locks: others who change it wait until this unit of work ends.
        """
        chosen = select(DraftedCourse).where(
            DraftedCourse.id == number, DraftedCourse.tenant_id == self._tenant_id(ctx)
        )
        if locks:
            chosen = chosen.with_for_update().execution_options(populate_existing=True)
        row = self._session.scalars(chosen).first()
        if row is None or not _may_see(ctx, row):
            raise NotFound("That draft is gone. I store drafts for 30 days.")
        return row

    def show(self, ctx: Context, row: DraftedCourse) -> ShownDraft:
        """Return a draft with what became of its units."""
        units, course = read_units(row), own_roadmap.make_id(row.course_id) if row.course_id is not None else ""
        track = self.groups.tracks(ctx).get(course)
        roadmap = track.roadmap if track is not None else None
        accepted = {
            at: roadmap.unit(unit.unit_id)
            for at, unit in enumerate(units)
            if roadmap is not None and unit.unit_id and roadmap.has(unit.unit_id)
        }
        return ShownDraft(row, units, split_material(row.material), accepted, course if track is not None else "")

    def start(self, row: DraftedCourse, now: datetime) -> None:
        """Have the model begin or go on."""
        if row.state in (NEW, STOPPED):
            row.state, row.problem, row.tries, row.due_at = RUNNING, "", 0, now

    def stop(self, row: DraftedCourse) -> None:
        """Have the model stop after the request that is under way; what it has drafted stays."""
        if row.state == RUNNING:
            row.state, row.problem = STOPPED, ""

    def discard(self, row: DraftedCourse) -> None:
        """Delete a draft; accepted units stay in their course."""
        self._session.delete(row)

    def accept(self, ctx: Context, row: DraftedCourse, number: int) -> Unit:
        """Add a drafted unit to the course, as a version of its own, and return it; once accepted, it stays.

        The first one makes the course, if the draft isn't for one.

        Args:
            number: from 1; the row must be locked.
        """
        shown = self.show(ctx, row)
        if not 1 <= number <= len(shown.units) or shown.units[number - 1].draft is None:
            raise BadInput("This unit isn't drafted yet.")
        if (unit := shown.accepted.get(number - 1)) is not None:
            return unit
        stored = shown.units[number - 1]
        parsed = _make_parsed_unit(stored, row.source)
        if shown.course:
            own, track = self._outlines.find(ctx, shown.course)
            sketch, at = read_outline(own.outline), _find_position(shown, number - 1, [*track.roadmap.units])
            draft = self._outlines.changed(ctx, own, write_outline(_insert(sketch, parsed, at)), "")
            self._outlines.change(ctx, own, draft)
        else:
            title, at = self._outlines.find_free_title(ctx, row.title), 0
            outline = ParsedOutline(title, phases=(ParsedPhase("", "", (parsed,)),))
            draft = self._outlines.draft(ctx, write_outline(outline), "")
            course, _ = self._outlines.add(ctx, draft)
            row.course_id = own_roadmap.parse_id(course)
        stored.unit_id = draft.ids[at]
        write_units(row, [*shown.units])
        self._session.flush()
        self._add_note(ctx, row, parsed, stored.unit_id)
        return self.show(ctx, row).accepted[number - 1]

    def undo(self, ctx: Context, row: DraftedCourse, number: int) -> Unit:
        """Take an accepted unit out of the course, as a version of its own, and return it; its draft stays.

        Its note goes too, unless somebody has changed the note.

        Args:
            number: from 1; the row must be locked.

        Raises:
            BadInput: a group has opened the unit, or the course has no other.
        """
        shown = self.show(ctx, row)
        if (unit := shown.accepted.get(number - 1)) is None:
            raise BadInput("This unit isn't in the course.")
        own, _ = self._outlines.find(ctx, shown.course)
        self._outlines.check_may_change(ctx, own)
        self._writer.edit(own.id, lambda course: remove_unit(course, UNIT + unit.id), ctx.actor.account_id, ctx.now)
        stored = shown.units[number - 1]
        texts = [note.text for note in _make_parsed_unit(stored, row.source).notes]
        of_course = select(Group.id).where(Group.roadmap_id == shown.course)
        unchanged = GroupNote.unit_id == unit.id, GroupNote.text.in_(texts), GroupNote.group_id.in_(of_course)
        for note in self._session.scalars(select(GroupNote).where(*unchanged)).all():
            self._notes.remove(note)
        stored.unit_id = ""
        write_units(row, [*shown.units])
        self._session.flush()
        return unit

    def _add_note(self, ctx: Context, row: DraftedCourse, unit: ParsedUnit, unit_id: str) -> None:
        """Give the note to groups that follow the course and that the person moderates; later ones get it on setup."""
        assert row.course_id is not None
        following = (Group.roadmap_id == own_roadmap.make_id(row.course_id), Group.ended_at.is_(None))
        groups = self._session.scalars(select(Group).where(*following).order_by(Group.id)).all()
        for group in list_governed(self._session, ctx, groups):
            for note in unit.notes:
                with suppress(BadInput):
                    self._notes.add(group.id, note.title, note.text, ctx.actor.account_id, ctx.now, unit_id=unit_id)

    def _tenant_id(self, ctx: Context) -> int:
        tenant = self._people.find_tenant(ctx.place.platform, ctx.place.tenant)
        if tenant is None:
            raise BadInput("A course belongs to one server. Please type this in that server.")
        return tenant.id


def _may_see(ctx: Context, row: DraftedCourse) -> bool:
    return MODERATES in ctx.actor.grants or row.account_id == ctx.actor.account_id


def _find_position(shown: ShownDraft, place: int, units: Sequence[Unit]) -> int:
    """Return where a unit stands in the course: after the accepted ones before it, else before those after it."""
    ids = [unit.id for unit in units]
    before = [ids.index(unit.id) + 1 for at, unit in shown.accepted.items() if at < place]
    after = [ids.index(unit.id) for at, unit in shown.accepted.items() if at > place]
    return max(before) if before else min(after, default=len(ids))


def _insert(outline: ParsedOutline, unit: ParsedUnit, at: int) -> ParsedOutline:
    phases, count = [*outline.phases], 0
    for number, phase in enumerate(phases):
        if at <= count + len(phase.units):
            units = (*phase.units[: at - count], unit, *phase.units[at - count :])
            phases[number] = replace(phase, units=units)
            break
        count += len(phase.units)
    return replace(outline, phases=tuple(phases))


def _make_parsed_unit(stored: StoredUnit, source: str) -> ParsedUnit:
    """Return a drafted unit as an outline has it; its note and questions name their passages."""
    draft = stored.draft
    assert draft is not None

    def cite(numbers: Sequence[int]) -> str:
        named = stored.name_passages(numbers)
        plural = "s" if len(named) > 1 else ""
        return f"{source}, passage{plural} {', '.join(map(str, named))}" if named else source

    sections = [f"## {section.heading}\n\n{' '.join(s.text for s in section.sentences)}" for section in draft.note]
    named = [number for section in draft.note for sentence in section.sentences for number in sentence.passages]
    note = OutlineNote(markup.clip(stored.title, NOTE_TITLE_MAX), "\n\n".join([*sections, f"From {cite(named)}."]))
    questions = tuple(
        ShortQuestion(q.question, q.right, tuple(q.wrong), q.why, cite(q.passages)) for q in draft.questions
    )
    return ParsedUnit(
        markup.clip(stored.title, TITLE_MAX),
        draft.summary,
        exercise=draft.exercise,
        goals=tuple(draft.goals),
        minutes=max(0, draft.minutes),
        done_when=draft.done_when,
        questions=questions,
        notes=(note,) if sections else (),
    )


def sweep(work: Work, now: datetime) -> int:
    """Delete old drafts; what was accepted of them stays."""
    old = delete(DraftedCourse).where(DraftedCourse.made_at <= now - KEPT_FOR)
    return len(work.session.scalars(old.returning(DraftedCourse.id)).all())
