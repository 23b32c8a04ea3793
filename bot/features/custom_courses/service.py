"""The roadmaps that a server makes of outlines: what one becomes, who may change it, and what groups rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import CompoundSelect, func, select, union

from bot.commands.context import MODERATES, Context
from bot.curriculum import track as tracks
from bot.curriculum.authoring.outline_import import Sketch, read_outline, write_course_files
from bot.curriculum.authoring.unit_matching import kept_ids
from bot.curriculum.content import Roadmap, Unit
from bot.curriculum.faults import refused
from bot.curriculum.outline_reader import TITLE_MAX
from bot.curriculum.track import Track
from bot.features.courses import own_roadmap
from bot.features.courses.tables import OwnRoadmap
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group, Occurrence
from bot.features.groups.visibility import GroupVisibility
from bot.features.people.service import People
from bot.messages import markup
from bot.messages.errors import BadInput, NotAllowed, NotFound
from bot.messages.numerals import counted
from bot.storage.unit_of_work import Work

MOST = 20
"""Roadmaps that a server may have for itself."""
MOST_TOLD = 5
"""Faults that a refusal names."""
NEW = "own-0"
"""The id that a roadmap has until it is kept: no row has this number."""


@dataclass(frozen=True)
class CourseDraft:
    """What an outline becomes.

    Args:
        outline: as it was written.
        before: the roadmap as it stands, where one is changed.
    """

    outline: str
    sketch: Sketch
    title: str
    ids: tuple[str, ...]
    roadmap: Roadmap
    before: Roadmap | None = None

    @property
    def new(self) -> list[Unit]:
        """The units that the roadmap has not got yet."""
        return [unit for unit in self.roadmap.units if self.before is None or not self.before.has(unit.id)]

    @property
    def gone(self) -> list[Unit]:
        """The units that the outline has no more."""
        return [unit for unit in self.before.units if not self.roadmap.has(unit.id)] if self.before is not None else []

    @property
    def renamed(self) -> list[tuple[Unit, Unit]]:
        """The units whose titles change, each as it was and as it will be."""
        before = self.before
        pairs = [
            (before.unit(unit.id), unit) for unit in self.roadmap.units if before is not None and before.has(unit.id)
        ]
        return [(old, new) for old, new in pairs if old.title != new.title]

    def yaml(self, roadmap_id: str) -> str:
        """Return it as the file of a folder has it."""
        (text,) = write_course_files(self.sketch, roadmap_id, self.title, self.ids).values()
        return text


class Outlines:
    """The own roadmaps of the server of a Call."""

    def __init__(self, work: Work, groups: Groups) -> None:
        self._session, self._people, self._groups = work.session, People(work), groups

    def list(self, ctx: Context) -> list[Track]:
        """Return the server's own roadmaps, the oldest first."""
        library = self._groups.tracks(ctx)
        return [library[course_id] for course_id in library.own] if isinstance(library, own_roadmap.Shelved) else []

    def find(self, ctx: Context, named: str) -> tuple[OwnRoadmap, Track]:
        """Return the own roadmap that is meant by its id or title; NotFound says which there are."""
        known = self.list(ctx)
        course = tracks.find({track.id: track for track in known}, named)
        if course is None:
            titles = " and ".join(markup.escape(track.title, TITLE_MAX) for track in known) or "none yet"
            raise NotFound(
                f"**Outline**: “{markup.escape(named, 40)}” is none of this {ctx.actor.tenancy.word}'s own. It has "
                f"{titles}.",
                field="outline",
            )
        return self._session.get_one(OwnRoadmap, own_roadmap.parse_id(course.id)), course

    def draft(self, ctx: Context, text: str, title: str, name: str = "") -> CourseDraft:
        """Return what a new outline becomes.

        Args:
            title: "" takes the outline's own.
            name: of the file that it came as, if it did.

        Raises:
            BadInput: it cannot become a roadmap; the sentence says why, by its lines.
        """
        self._tenant_id(ctx)
        sketch = read_outline(text)
        _check(sketch, name)
        called = _title(title) or sketch.title
        if not called:
            raise BadInput("**Title**: give it one, or begin the outline with a line `# Title`.", field="title")
        if self._find_same(ctx, text, called) is None:
            self._check_title(ctx, called, but="")
        return _make_draft(text, sketch, called, (), None)

    def changed(self, ctx: Context, row: OwnRoadmap, text: str, title: str, name: str = "") -> CourseDraft:
        """Return what a changed outline makes of a roadmap; raises BadInput as `draft` does, and where a group rests
        on a unit that would be lost."""
        self.check_may_change(ctx, row)
        roadmap_id = own_roadmap.make_id(row.id)
        before = self._groups.tracks(ctx)[roadmap_id].roadmap
        sketch = read_outline(text)
        _check(sketch, name)
        called = _choose_title(before.title, _title(title), read_outline(row.outline).title, sketch.title)
        self._check_title(ctx, called, but=roadmap_id)
        ids = kept_ids([(unit.id, unit.title) for unit in before.units], [unit.title for unit in sketch.units])
        draft = _make_draft(text, sketch, called, tuple(ids), before)
        needed = set(self._session.scalars(_select_needed(roadmap_id)))
        if lost := [lost_unit for lost_unit in draft.gone if lost_unit.id in needed]:
            titles = " and ".join(f"“{markup.escape(lost_unit.title)}”" for lost_unit in lost[:MOST_TOLD])
            raise BadInput(
                f"A group has opened {titles}, or begins with it: {counted(len(lost), 'unit')} that must stay. Put "
                "each back under its title, or under a new one in its old place.",
                field=_field(name),
            )
        return draft

    def add(self, ctx: Context, draft: CourseDraft) -> str:
        """Keep a roadmap for the server and return its id; one that it has already stays as it is."""
        if (same := self._find_same(ctx, draft.outline, draft.title)) is not None:
            return same
        tenant_id = self._tenant_id(ctx)
        listed = select(func.count()).where(OwnRoadmap.tenant_id == tenant_id, OwnRoadmap.removed_at.is_(None))
        if (self._session.scalar(listed) or 0) >= MOST:
            raise BadInput(
                f"A server may have {MOST} courses of its own. {markup.typed('manage course remove')} makes room."
            )
        row = OwnRoadmap(
            tenant_id=tenant_id, outline=draft.outline, yaml="", added_by=ctx.actor.account_id, changed_at=ctx.now
        )
        self._session.add(row)
        self._session.flush()
        row.yaml = draft.yaml(own_roadmap.make_id(row.id))
        return own_roadmap.make_id(row.id)

    def change(self, ctx: Context, row: OwnRoadmap, draft: CourseDraft) -> None:
        """Put a changed outline in a roadmap's place, and have the schedule look at the groups that walk it."""
        roadmap_id = own_roadmap.make_id(row.id)
        row.outline, row.yaml, row.changed_at = draft.outline, draft.yaml(roadmap_id), ctx.now
        walking = select(Group).where(Group.roadmap_id == roadmap_id, Group.ended_at.is_(None))
        for group in self._session.scalars(walking).all():
            self._groups.wake(group, ctx.now)

    def check_unwalked(self, ctx: Context, row: OwnRoadmap) -> None:
        """Refuse to remove what a group walks, and whoever may not."""
        self.check_may_change(ctx, row)
        walking = select(Group).where(Group.roadmap_id == own_roadmap.make_id(row.id), Group.ended_at.is_(None))
        if groups := self._session.scalars(walking.order_by(Group.id)).all():
            seen = GroupVisibility.by(self._session, ctx).among(groups).groups
            who = f"**{markup.escape(seen[0].name, 60)}**" if seen else "A group"
            raise NotAllowed(f"{who} walks this roadmap. It can be removed once that group has ended.")

    def remove(self, ctx: Context, row: OwnRoadmap) -> None:
        """Take a roadmap from the server; for the record of groups that have walked it, its row stays."""
        self.check_unwalked(ctx, row)
        walked = select(Group.id).where(Group.roadmap_id == own_roadmap.make_id(row.id))
        if self._session.scalars(walked.limit(1)).first() is not None:
            row.removed_at = ctx.now
        else:
            self._session.delete(row)
        self._session.flush()

    def _tenant_id(self, ctx: Context) -> int:
        tenant = self._people.find_tenant(ctx.place.platform, ctx.place.tenant)
        if tenant is None:
            raise BadInput("An outline becomes a roadmap of one server. Please say it in the server where it is for.")
        return tenant.id

    def _find_same(self, ctx: Context, outline: str, title: str) -> str | None:
        """Return the id of the roadmap that was made of this outline under this title, as by a second click."""
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
        """Refuse whoever has only a channel of their own, unless the roadmap is theirs too."""
        if MODERATES not in ctx.actor.grants and row.added_by != ctx.actor.account_id:
            raise NotAllowed("Only whoever brought this outline, or who moderates the whole server, can change it.")

    def _check_title(self, ctx: Context, title: str, *, but: str) -> None:
        same = [track for track in self._groups.tracks(ctx).values() if track.title.casefold() == title.casefold()]
        if any(course.id != but for course in same):
            raise BadInput(
                f"**Title**: there is a roadmap “{markup.escape(title, TITLE_MAX)}” already. Give this one another.",
                field="title",
            )


def _select_needed(roadmap_id: str) -> CompoundSelect[str]:
    """Return the ids of the units on which groups rest, those that have ended with them."""
    opened = select(Occurrence.unit_id).join(Group).where(Group.roadmap_id == roadmap_id)
    return union(opened, select(Group.first_unit).where(Group.roadmap_id == roadmap_id))


def _make_draft(text: str, sketch: Sketch, title: str, ids: Sequence[str], before: Roadmap | None) -> CourseDraft:
    """Return a draft, read as it will be read once it is kept."""
    (yaml,) = write_course_files(sketch, NEW, title, ids).values()
    track = own_roadmap.track(NEW, yaml)
    assert track is not None, "a sketch without faults makes a roadmap"
    return CourseDraft(text, sketch, title, tuple(unit.id for unit in track.roadmap.units), track.roadmap, before)


def _choose_title(now: str, given: str, old_heading: str, heading: str) -> str:
    """Return the title of a changed outline: what somebody gave it anew, in its field or else in its heading."""
    if given and given != now:
        return given
    return heading if heading and heading != old_heading else now


def _check(sketch: Sketch, name: str) -> None:
    if sketch.faults:
        raise BadInput(refused("This does not make a roadmap yet:", sketch.faults), field=_field(name))


def _field(name: str) -> str:
    """Return which field of a form an outline came by: with a name, as a file."""
    return "file" if name else "text"


def _title(text: str) -> str:
    return markup.clip(" ".join(markup.clean(text).split()), TITLE_MAX)
