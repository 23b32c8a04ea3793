"""Bringing a database to the present tables."""

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
"""The advisory lock that two migrating processes share on PostgreSQL."""
VERSION_TABLE = "alembic_version"
"""Where a database says of which migration it is."""


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
"""How often a lock or a server is looked for, after how long that is told, and for how long a server is."""
log = logging.getLogger(__name__)


class MigrationError(Exception):
    """The database cannot be brought to the present tables; the text says why."""


def upgrade(url: str, *, where: Path | None = None) -> None:
    """Bring the database to the newest revision, each revision in a transaction of its own, on SQLite all in one.

    Most often it is there already: then alembic, which takes longer to load than to look, is not asked. A newer version
    of the program may have been here if it only added something: this one works beside it.

    Args:
        where: the folder of migrations; the project's own by default.

    Raises:
        Unreachable: the database cannot be opened.
        MigrationError: the database is too old, or a newer version of the program has changed what this one needs.
    """
    with connected(url) as connection:
        if (at := present(connection)) != newest(where):
            if schema_compatibility.is_beside(connection, at, where):
                log.warning("a newer version has added to the database (revision %s); this one works beside it", *at)
            else:
                _migrate_patiently(connection, where)
        check_references(connection)
        connection.rollback()


def _migrate_patiently(connection: Connection, where: Path | None) -> None:
    """Migrate beside processes that run: a change that would hold them up behind it gives way, and is tried again."""
    connection.rollback()
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET lock_timeout = '{LOCK_S}s'"))
        connection.commit()
    for tries_left in range(TRIES, -1, -1):
        try:
            _migrate(connection, where)
            break
        except DBAPIError as error:
            if not (tries_left and engines.is_busy(error)):
                raise
            connection.rollback()
            log.warning("a migration waits for a lock that others hold, %d tries left", tries_left)
            time.sleep(AGAIN_S)
    schema_compatibility.record(connection, where)
    connection.commit()


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
    """Return the error for a database at revisions that this version does not have: too old or too new."""
    message = TOO_OLD if present & schema_compatibility.RETIRED else TOO_NEW
    return MigrationError(message.format(", ".join(sorted(present))))


def make(connection: Connection, to: str = "head") -> None:
    """Bring a connection's database to a revision, all in the transaction that the connection is in."""
    from alembic import command

    command.upgrade(configured(connection, None, None), to)


def is_known(revision: str) -> bool:
    """Whether a migration is one of this version's."""
    return any((bundled("migrations") / "versions").glob(f"{revision}_*.py")) if revision.isalnum() else False


def names_at(revision: str) -> frozenset[str]:
    """Return the names of the tables that there are at a revision."""
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
    """Return the revisions at which a database is, none before the first migration."""
    is_begun = inspect(connection).has_table(VERSION_TABLE)
    rows = connection.execute(text("SELECT version_num FROM alembic_version")) if is_begun else ()
    revisions = {str(row[0]) for row in rows}
    connection.rollback()
    return revisions


def is_empty(url: str) -> bool:
    """Return whether a database has no table, or Unreachable is raised."""
    with connected(url) as connection:
        has_tables = bool(inspect(connection).get_table_names())
        connection.rollback()
        return not has_tables


def newest(where: Path | None = None) -> set[str] | None:
    """Return the revisions that no other follows, by the first lines of their files; None if one is written otherwise.

    Args:
        where: as in `upgrade`.
    """
    if (written := schema_compatibility.written(where)) is None:
        return None
    return set(written) - {migration.follows for migration in written.values()}


def configured(connection: Connection, metadata: MetaData | None, where: Path | None) -> Config:
    """Return what alembic is told: where it works, what the tables should be, and where the revisions are."""
    from alembic.config import Config

    config = Config(cmd_opts=Namespace(quiet=True))
    config.set_main_option("script_location", str(where or bundled("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Open a database for one process alone to migrate; one that cannot be opened is Unreachable."""
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
    """Take the lock of those who migrate; who waits for it says so."""
    began, is_told = time.monotonic(), False
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
        connection.commit()
        if not is_told and time.monotonic() - began > TURN_TOLD_S:
            log.warning("another process migrates the database; this one waits until that is done")
            is_told = True
        time.sleep(TURN_S)
    connection.commit()


def wait_for(url: str) -> None:
    """Wait for a PostgreSQL that is not there yet, or begins, for a minute, and say so; whatever is wrong then is told
    by whoever opens it, and so is at once what no waiting mends.
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
    """Whether a server does not answer or begins; what it refuses it refuses later as well."""
    message = str(error)
    return "FATAL" not in message or "starting up" in message or "shutting down" in message


def check_references(connection: Connection) -> None:
    """Look for rows that refer to what is not there: SQLite checks no foreign key while tables are rebuilt or filled.

    PostgreSQL lets none in, however they come.
    """
    if connection.dialect.name != "sqlite":
        return
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if lost:
        tables = ", ".join(sorted({str(row[0]) for row in lost}))
        raise MigrationError(
            f"There are rows without what they refer to, in {tables}: "
            "trailmate db check --repair mends that, where this database is or where it comes from."
        )
