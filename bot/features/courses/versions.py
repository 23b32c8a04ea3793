"""The versions of own courses and of groups' notes: who changed what, and what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.features.courses.tables import ContentVersion
from bot.messages.errors import NotFound
from bot.storage.unit_of_work import Work

NEWEST = 50
"""Versions that stay; of those before, the last one of each day."""
KEPT_FOR = timedelta(days=365)
JOINED_WITHIN = timedelta(minutes=5)
"""How long changes of one author to one place are one version."""


class Versions:
    """The versions of one course or note, in one unit of work."""

    def __init__(self, session: Session, *, course_id: int | None = None, note_id: int | None = None) -> None:
        self._session, self._of = session, {"course_id": course_id, "note_id": note_id}

    def list(self) -> Sequence[ContentVersion]:
        """Return the versions, the newest first."""
        chosen = select(ContentVersion).filter_by(**self._of).order_by(ContentVersion.id.desc())
        return self._session.scalars(chosen).all()

    def find(self, number: int) -> tuple[ContentVersion, ContentVersion]:
        """Return a version by its number, and the newest; NotFound if it is gone."""
        versions = self.list()
        version = next((version for version in versions if version.id == number), None)
        if version is None:
            raise NotFound("That version is gone. Older versions are kept one a day, for a year.")
        return version, versions[0]

    def begin(self, author_id: int | None, content: str, at: datetime) -> None:
        """Store the state before the first change, if there is no version yet."""
        if not self.list():
            self._add(author_id, content, "", at)

    def add(self, author_id: int | None, content: str, now: datetime, place: str = "") -> bool:
        """Store the state after a change; return False if it joined the newest version.

        Args:
            place: what was changed; "" never joins.
        """
        newest = next(iter(self.list()), None)
        if newest is not None and newest.content == content:
            return False
        if (
            newest is not None
            and place
            and (newest.place, newest.author_id) == (place, author_id)
            and now - newest.made_at <= JOINED_WITHIN
        ):
            newest.content, newest.changed_at = content, now
            self._session.flush()
            return False
        self._add(author_id, content, place, now)
        self._prune()
        return True

    def _add(self, author_id: int | None, content: str, place: str, at: datetime) -> None:
        row = ContentVersion(author_id=author_id, content=content, place=place, made_at=at, changed_at=at, **self._of)
        self._session.add(row)
        self._session.flush()

    def _prune(self) -> None:
        days = set()
        for version in self.list()[NEWEST:]:
            if (day := version.changed_at.date()) in days:
                self._session.delete(version)
            days.add(day)
        self._session.flush()


def sweep(work: Work, now: datetime) -> int:
    """Delete versions of more than a year ago."""
    old = delete(ContentVersion).where(ContentVersion.changed_at <= now - KEPT_FOR)
    return len(work.session.scalars(old.returning(ContentVersion.id)).all())
