"""Migrate a database to the current schema."""

from __future__ import annotations

import logging
import time
from argparse import Namespace
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.base.files import bundled
from bot.maintenance import schema_compatibility
from bot.storage import engine as engines
from bot.storage.faults import diagnose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config

_LOCK = 0x7472_6D67
"""The advisory lock of migrations on PostgreSQL."""
VERSION_TABLE = "alembic_version"
"""The table with a database's current revision."""


TOO_NEW = (
    "A newer version of the program has been here (revision {}), and has changed what this one needs. "
    "Start that version, or restore a backup from before it."
)
TOO_OLD = (
    "The database is at revision {}, which is too old for this version. Make a backup, check out commit "
    f"{schema_compatibility.LAST_COMMIT_WITH_RETIRED} of the project and run trailmate db upgrade there. "
    "Then start this version."
)
LOCK_S, AGAIN_S, TRIES = 3, 2.0, 10
TURN_S, TURN_TOLD_S, BEGINS_S = 0.2, 2.0, 60.0
"""Seconds between attempts to get a lock or a server, until a log line, and until giving up on a server."""
log = logging.getLogger(__name__)


class MigrationError(Exception):
    """The database can't be migrated; the text says why."""


def upgrade(url: str, *, where: Path | None = None) -> None:
    """Migrate the database to the newest revision: one transaction for each revision, on SQLite one for all.

    Usually the database is current; then alembic, which is slow to import, isn't loaded. A database of a newer
    version is accepted if its migrations were only additive.

    Args:
        where: the folder of migrations; the project's own by default.

    Raises:
        Unreachable: the database cannot be opened.
        MigrationError: the database is too old, or a newer version of the program has changed what this one needs.
    """
    with connected(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET lock_timeout = '{LOCK_S}s'"))
            connection.commit()
        for tries_left in range(TRIES, -1, -1):
            try:
                _upgrade(connection, where)
                break
            except DBAPIError as error:
                # Another process may write, or migrate the same SQLite file: its lock even keeps us from reading.
                if not (tries_left and engines.is_busy(error)):
                    raise
                connection.rollback()
                log.warning("a migration waits for a lock that others hold, %d tries left", tries_left)
                time.sleep(AGAIN_S)


def _upgrade(connection: Connection, where: Path | None) -> None:
    if (at := present(connection)) != newest(where):
        if schema_compatibility.is_beside(connection, at, where):
            log.warning(
                "a newer version has added to the database (revision %s); this version still works with it", *at
            )
        else:
            connection.rollback()
            _migrate(connection, where)
            schema_compatibility.record(connection, where)
            connection.commit()
    check_references(connection)
    connection.rollback()


def _migrate(connection: Connection, where: Path | None) -> None:
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(configured(connection, None, where), "head")
    except CommandError as error:
        connection.rollback()
        if (at := present(connection)) - set(schema_compatibility.written(where) or at):
            raise foreign_revision(at) from None
        raise MigrationError(f"The database does not fit this version of the program: {error}") from None


def foreign_revision(present: set[str]) -> MigrationError:
    """Return the error for a database at unknown revisions: too old or too new."""
    message = TOO_OLD if present & schema_compatibility.RETIRED else TOO_NEW
    return MigrationError(message.format(", ".join(sorted(present))))


def make(connection: Connection, to: str = "head") -> None:
    """Migrate to a revision in the connection's current transaction."""
    from alembic import command

    command.upgrade(configured(connection, None, None), to)


def is_known(revision: str) -> bool:
    """Whether this version has the migration."""
    return any((bundled("migrations") / "versions").glob(f"{revision}_*.py")) if revision.isalnum() else False


def names_at(revision: str) -> frozenset[str]:
    """Return the table names at a revision."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        make(connection, revision)
        names = frozenset(inspect(connection).get_table_names())
    engine.dispose()
    return names - {VERSION_TABLE}


def head() -> str:
    """Return the newest migration of this version."""
    (revision,) = newest() or {""}
    return revision


def present(connection: Connection) -> set[str]:
    """Return the current revisions of a database; empty before the first migration."""
    is_begun = inspect(connection).has_table(VERSION_TABLE)
    rows = connection.execute(text("SELECT version_num FROM alembic_version")) if is_begun else ()
    revisions = {str(row[0]) for row in rows}
    connection.rollback()
    return revisions


def is_empty(url: str) -> bool:
    """Whether a database has no tables; Unreachable if it can't be opened."""
    with connected(url) as connection:
        has_tables = bool(inspect(connection).get_table_names())
        connection.rollback()
        return not has_tables


def newest(where: Path | None = None) -> set[str] | None:
    """Return the head revisions, from the first lines of their files; None if one file has another form.

    Args:
        where: as in `upgrade`.
    """
    if (written := schema_compatibility.written(where)) is None:
        return None
    return set(written) - {migration.follows for migration in written.values()}


def configured(connection: Connection, metadata: MetaData | None, where: Path | None) -> Config:
    """Return alembic's configuration: connection, metadata and script folder."""
    from alembic.config import Config

    config = Config(cmd_opts=Namespace(quiet=True))
    config.set_main_option("script_location", str(where or bundled("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Open a database exclusively for a migration; Unreachable if it can't be opened."""
    engine = engines.single(url)
    try:
        connection = engine.connect()
    except Exception as error:  # noqa: BLE001  (whatever keeps us from connecting is told alike)
        raise engines.unreachable(error) from None
    with connection:
        if connection.dialect.name == "postgresql":
            _await_turn(connection)
        try:
            yield connection
        except (DBAPIError, OSError) as error:
            if diagnose(error) is None:
                raise
            raise engines.unreachable(error) from None
    engine.dispose()


def _await_turn(connection: Connection) -> None:
    """Take the migration lock; logs if it has to wait."""
    began, is_told = time.monotonic(), False
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
        connection.commit()
        if not is_told and time.monotonic() - began > TURN_TOLD_S:
            log.warning("another process migrates the database; this one waits until that is done")
            is_told = True
        time.sleep(TURN_S)
    connection.commit()


def wait_for(url: str) -> None:
    """Wait up to a minute for a PostgreSQL server that is down or starting, and log it.

    Returns silently on other errors and on a time-out; opening the database then reports the error.
    """
    if engines.is_sqlite(url):
        return
    engine, began, is_told = engines.single(url), time.monotonic(), False
    while time.monotonic() - began < BEGINS_S:
        try:
            engine.connect().close()
            return
        except Exception as error:  # noqa: BLE001  (told by whoever opens it)
            if not (engines.is_lost(error) and _may_come(error)):
                return
            if not is_told:
                log.warning("the database server is not there yet; this waits for it, %.0f s at most", BEGINS_S)
                is_told = True
        time.sleep(TURN_S)


def _may_come(error: Exception) -> bool:
    """Whether the server is down or starting, so that waiting may help."""
    message = str(error)
    return "FATAL" not in message or "starting up" in message or "shutting down" in message


def check_references(connection: Connection) -> None:
    """Check for dangling foreign keys: SQLite doesn't check them while tables are rebuilt or filled.

    PostgreSQL always enforces them.
    """
    if connection.dialect.name != "sqlite":
        return
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if lost:
        tables = ", ".join(sorted({str(row[0]) for row in lost}))
        raise MigrationError(
            f"Some rows in {tables} refer to missing rows. "
            "Fix them with trailmate db check --repair, here or in the database that it comes from."
        )
