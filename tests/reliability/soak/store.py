"""The database as somebody sees it who knows nothing of the bot: plain statements."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

_WAITING = "state IN ('due', 'sending', 'threading')"


class Store:
    """Reads, and cuts connections.

    Args:
        url: of the database.
    """

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._connection: Any = None
        if self.is_sqlite:
            self._connection = sqlite3.connect(Path(url.removeprefix("sqlite:///")), isolation_level=None)
        else:
            self._connection = psycopg.connect(url, autocommit=True)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what a statement finds."""
        return list(self._connection.execute(statement).fetchall())

    def _instant(self, statement: str) -> datetime | None:
        value = self.rows(statement)[0][0]
        return None if value is None else _aware(value)

    def next_at(self) -> datetime | None:
        """Return when there may be something to do next: only that hint is taken from the bot."""
        greatest = "max" if self.is_sqlite else "greatest"
        epoch = "'2000-01-01 00:00:00.000000'" if self.is_sqlite else "'2000-01-01 00:00:00+00'::timestamptz"
        held = "SELECT next_try_at FROM suspended_channel p WHERE p.room = o.room AND p.platform = o.platform"
        ready = f"{greatest}(due_at, coalesce(not_before, {epoch}), coalesce(lease_until, {epoch}),"
        ready += f" coalesce(({held} AND p.tenant = o.tenant), {epoch}))"
        found = (
            self._instant("SELECT min(wake_at) FROM study_group"),
            self._instant(f"SELECT min({ready}) FROM outbox o WHERE {_WAITING}"),
            self._instant("SELECT min(next_try_at) FROM suspended_channel"),
        )
        return min((at for at in found if at is not None), default=None)

    def cut(self) -> int:
        """Cut every other connection; return how many there were. SQLite has none to cut."""
        if self.is_sqlite:
            return 0
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        return len(self.rows(f"{cut} WHERE datname = current_database() AND pid <> pg_backend_pid()"))

    def posted(self) -> dict[str, str]:
        """Return the state of every message that is a post, by its key."""
        return dict(self.rows("SELECT key, state FROM outbox WHERE action = 'post'"))

    def opened(self) -> dict[tuple[int, str], datetime]:
        """Return when each unit of each group opened."""
        found = self.rows("SELECT group_id, unit_id, opens_at FROM opened_unit")
        return {(group, unit): _aware(at) for group, unit, at in found}

    def groups(self) -> dict[str, int]:
        """Return the number of each group by its room."""
        return dict(self.rows("SELECT room, id FROM study_group"))

    def settled(self) -> dict[tuple[int, str], datetime | None]:
        """Return when the end of each unit's grace was noticed; None if it was not."""
        found = self.rows("SELECT group_id, unit_id, settled_at FROM opened_unit")
        return {(group, unit): at and _aware(at) for group, unit, at in found}

    def wakes(self) -> dict[int, datetime | None]:
        """Return when each group will be looked at next."""
        return {group: at and _aware(at) for group, at in self.rows("SELECT id, wake_at FROM study_group")}

    def facts(self) -> list[str]:
        """Return every check-in and absence, as its group and what was written with it."""
        notes = "SELECT c.room, k.note FROM checkin k JOIN study_group c ON c.id = k.group_id"
        away = "SELECT c.room, a.reason || ' ' || p.external_id FROM absence a JOIN study_group c ON c.id = a.group_id"
        found = self.rows(notes) + self.rows(f"{away} JOIN account p ON p.id = a.account_id")
        return [f"{room} {said}" for room, said in found]

    def outages(self) -> int:
        """Return how many outages were noted."""
        return int(self.rows("SELECT count(*) FROM outage")[0][0])

    def close(self) -> None:
        """Let go."""
        self._connection.close()


def _aware(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
