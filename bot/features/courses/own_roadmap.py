"""The courses of one server: the installed ones, and its own from the database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.curriculum.folder import OUTLINE
from bot.curriculum.outline_reader import OutlineReader
from bot.curriculum.track import Library, Track
from bot.curriculum.yaml_reader import YamlReader
from bot.features.courses.tables import OwnRoadmap
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


@lru_cache(maxsize=KEPT)
def track(roadmap_id: str, yaml: str) -> Track | None:
    """Return the course of a row's YAML, read like a folder's file; None if it can't be read."""
    reader = YamlReader(Path(roadmap_id) / OUTLINE)
    root = reader.compose(yaml)
    roadmap = OutlineReader(reader).outline(root).roadmap if root is not None else None
    return Track(roadmap, {}, {}) if roadmap is not None and roadmap.units else None


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
            chosen = select(OwnRoadmap.yaml).where(OwnRoadmap.id == own, OwnRoadmap.tenant_id == self._tenant_id)
            yaml = self._session.scalar(chosen)
            return track(make_id(own), yaml) if yaml is not None else None

        return read_cached(self._session, ("own_course", self._tenant_id, own), (OwnRoadmap,), read)


def shelved(session: Session, installed: Library, tenant_id: int | None) -> Library:
    """Return the courses of a server; only the installed ones if the server is unknown."""
    return installed if tenant_id is None else Shelved(session, installed, tenant_id)
