"""The courses of one server: the installed ones, and its own from the database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.commands.context import MODERATES, Context
from bot.curriculum.bank import Bank
from bot.curriculum.content import Roadmap
from bot.curriculum.folder import OUTLINE
from bot.curriculum.outline_reader import OutlineReader
from bot.curriculum.short_questions import ShortQuestion, make_item
from bot.curriculum.track import Library, Track
from bot.curriculum.yaml_reader import YamlReader
from bot.features.courses.tables import ACCEPTED, CourseQuestion, OwnRoadmap
from bot.features.people.tables import Tenant
from bot.storage.read_cache import read_cached

KEPT = 64
"""Own courses that are cached after they were read: one of 200 units takes a tenth of a second."""
_ID = re.compile(r"own-([1-9][0-9]{0,17})")


def make_id(number: int) -> str:
    """Return the id of an own course; an installed course with the same id is used instead."""
    return f"own-{number}"


def parse_id(roadmap_id: str) -> int | None:
    """Return the number of an own course by its id; None for any other id."""
    match = _ID.fullmatch(roadmap_id)
    return int(match[1]) if match else None


def may_change(ctx: Context, row: OwnRoadmap) -> bool:
    """Whether a person may change an own course and its questions: its author, and moderators of the whole server."""
    return MODERATES in ctx.actor.grants or row.added_by == ctx.actor.account_id


@dataclass(frozen=True)
class StoredQuestion:
    """A question of a row of `course_question`, and the unit that it is on."""

    id: int
    unit_id: str
    question: ShortQuestion

    @property
    def item_id(self) -> str:
        """Return its id among the questions of its course."""
        return f"q{self.id}"


def read_question(row: CourseQuestion) -> StoredQuestion:
    """Return the question of a row."""
    wrong = tuple(row.wrong_answers.splitlines())
    return StoredQuestion(row.id, row.unit_id, ShortQuestion(row.prompt, row.right_answer, wrong, row.why, row.source))


@lru_cache(maxsize=KEPT)
def track(roadmap_id: str, yaml: str, questions: tuple[StoredQuestion, ...] = ()) -> Track | None:
    """Return the course of a row's YAML, read like a folder's file; None if it can't be read.

    Args:
        questions: of all its units; those on a unit that it no longer has are left out.
    """
    roadmap = _read_roadmap(roadmap_id, yaml)
    return Track(roadmap, {}, _make_banks(roadmap, questions)) if roadmap is not None else None


@lru_cache(maxsize=KEPT)
def _read_roadmap(roadmap_id: str, yaml: str) -> Roadmap | None:
    reader = YamlReader(Path(roadmap_id) / OUTLINE)
    root = reader.compose(yaml)
    roadmap = OutlineReader(reader).outline(root).roadmap if root is not None else None
    return roadmap if roadmap is not None and roadmap.units else None


def _make_banks(roadmap: Roadmap, questions: Sequence[StoredQuestion]) -> dict[str, Bank]:
    """Return the bank of each unit that has questions, in the order of the units."""
    banks = {}
    for unit in roadmap.units:
        items = (make_item(row.item_id, row.question, unit.label) for row in questions if row.unit_id == unit.id)
        if bank := tuple(items):
            banks[unit.id] = Bank(unit.id, bank)
    return banks


@dataclass(frozen=True)
class Stored:
    """An own course as the operator sees it; `server` is its platform and id there."""

    id: int
    server: str
    yaml: str

    @property
    def title(self) -> str:
        """Return the title, or "" if the YAML can't be read."""
        course = track(make_id(self.id), self.yaml)
        return course.title if course is not None else ""


def of_all_servers(session: Session) -> list[Stored]:
    """Return the own courses of every server. Only for the command line, which no member reaches."""
    chosen = (
        select(OwnRoadmap.id, Tenant.platform, Tenant.external_id, OwnRoadmap.yaml)
        .join(Tenant, Tenant.id == OwnRoadmap.tenant_id)
        .where(OwnRoadmap.removed_at.is_(None))
        .order_by(OwnRoadmap.id)
    )
    return [
        Stored(course_id, f"{platform} {server}", yaml) for course_id, platform, server, yaml in session.execute(chosen)
    ]


class Shelved(Mapping[str, Track]):
    """The courses of one server: installed whole ones, then its own, then those cut from others.

    A removed own course can still be read by its id, for the groups that have used it, but is not listed.
    """

    def __init__(self, session: Session, installed: Library, tenant_id: int) -> None:
        self._session, self._installed, self._tenant_id = session, installed, tenant_id

    def __getitem__(self, key: str) -> Track:
        if (installed := self._installed.get(key)) is not None:
            return installed
        if (own := parse_id(key)) is not None and (stored := self._own(own)) is not None:
            return stored
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        yield from (key for key, course in self._installed.items() if not course.derived_from)
        yield from self.own
        yield from (key for key, course in self._installed.items() if course.derived_from)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def own(self) -> list[str]:
        """The ids of the server's own courses, the oldest first, without those that are now installed."""

        def read() -> list[str]:
            present = (OwnRoadmap.tenant_id == self._tenant_id, OwnRoadmap.removed_at.is_(None))
            ids = self._session.scalars(select(OwnRoadmap.id).where(*present).order_by(OwnRoadmap.id))
            return [make_id(course_id) for course_id in ids]

        known = read_cached(self._session, ("own_courses", self._tenant_id), (OwnRoadmap,), read)
        return [course_id for course_id in known if course_id not in self._installed]

    def _own(self, own: int) -> Track | None:
        def read() -> Track | None:
            return _read_track(self._session, own, OwnRoadmap.tenant_id == self._tenant_id)

        of = (OwnRoadmap, CourseQuestion)
        return read_cached(self._session, ("own_course", self._tenant_id, own), of, read)


def _read_track(session: Session, own: int, *where: ColumnElement[bool]) -> Track | None:
    """Return an own course with its accepted questions."""
    yaml = session.scalar(select(OwnRoadmap.yaml).where(OwnRoadmap.id == own, *where))
    if yaml is None:
        return None
    accepted = (CourseQuestion.course_id == own, CourseQuestion.state == ACCEPTED)
    rows = session.scalars(select(CourseQuestion).where(*accepted).order_by(CourseQuestion.id))
    return track(make_id(own), yaml, tuple(map(read_question, rows)))


def find_track(session: Session, installed: Library, roadmap_id: str) -> Track | None:
    """Return a course by its id, of whichever server. Only for the person's own rows, such as their quiz answers."""
    if (course := installed.get(roadmap_id)) is not None or (own := parse_id(roadmap_id)) is None:
        return course
    of = (OwnRoadmap, CourseQuestion)
    return read_cached(session, ("own_course_of_row", own), of, lambda: _read_track(session, own))


def shelved(session: Session, installed: Library, tenant_id: int | None) -> Library:
    """Return the courses of a server; only the installed ones if the server is unknown."""
    return installed if tenant_id is None else Shelved(session, installed, tenant_id)
