"""Databases of a PostgreSQL for the bots of tests, one for each folder that would have a SQLite file."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from sqlalchemy import make_url, text

from bot.db import engine as engines
from bot.db import migrate

MIGRATED = "migrated"


class Cluster:
    """Makes databases and copies them.

    Args:
        url: any database of the server.
    """

    def __init__(self, url: str) -> None:
        self._url, self._numbers = url, count(1)
        self._of: dict[Path, str] = {}
        self._run(f"CREATE DATABASE {MIGRATED}")
        migrate.upgrade(self._address(MIGRATED))

    def of(self, folder: Path, like: Path | None = None) -> str:
        """Return the address of a folder's database.

        Args:
            like: a folder whose database is copied for one that has none yet; none: the empty one.
        """
        if folder not in self._of:
            name = f"world{next(self._numbers)}"
            self._run(f"CREATE DATABASE {name} TEMPLATE {self._of[like] if like is not None else MIGRATED}")
            self._of[folder] = name
        return self._address(self._of[folder])

    def _address(self, name: str) -> str:
        return make_url(self._url).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = engines.single(self._url).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()
