"""Bringing a database to the present tables, and saying where it differs from them."""

from __future__ import annotations

import re
from argparse import Namespace
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, MetaData, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.db import engine as engines
from bot.db.faults import diagnose
from bot.files import bundled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config

_REVISION = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:"(\w+)"|None)$', re.MULTILINE)
_LOCK = 0x7472_6D67
"""The advisory lock that two migrating processes share on PostgreSQL."""
VERSION_TABLE = "alembic_version"
"""Where a database says of which migration it is."""


class MigrationError(Exception):
    """The database cannot be brought to the present tables; the text says why."""


def upgrade(url: str, *, where: Path | None = None) -> None:
    """Bring the database to the newest revision, each revision in a transaction of its own, on SQLite all in one.

    Most often it is there already: then alembic, which takes longer to load than to look, is not asked.

    Args:
        where: the folder of migrations; the project's own by default.

    Raises:
        Unreachable: the database cannot be opened.
        MigrationError: a newer version of the program has been here.
    """
    with connected(url) as connection:
        if present(connection) != newest(where):
            _migrate(connection, where)
        check_references(connection)
        connection.rollback()


def _migrate(connection: Connection, where: Path | None) -> None:
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(configured(connection, None, where), "head")
    except CommandError as error:
        raise MigrationError(f"The database does not fit this version of the program: {error}") from None


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
    (found,) = newest() or {""}
    return found


def check(url: str, metadata: MetaData, *, where: Path | None = None) -> list[str]:
    """Return how the database differs from the tables, a line for each difference; empty when it is right.

    Args:
        metadata: what it should be.

    Raises:
        Unreachable: the database cannot be opened.
        MigrationError: a newer version of the program has been here.
    """
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        known = ScriptDirectory.from_config(configured(connection, None, where))
        heads, present = known.get_heads(), context.get_current_heads()
        if not set(present) <= {script.revision for script in known.walk_revisions()}:
            raise MigrationError(f"A newer version of the program has been here (revision {', '.join(present)}).")
        wrong = [f"{_line(one)}" for one in compare_metadata(context, metadata)]
        connection.rollback()
    if set(present) != set(heads):
        wrong.insert(0, f"revision {', '.join(present) or 'none'}, the newest is {', '.join(heads) or 'none'}")
    return wrong


def present(connection: Connection) -> set[str]:
    """Return the revisions at which a database is, none before the first migration."""
    is_begun = inspect(connection).has_table(VERSION_TABLE)
    found = connection.execute(text("SELECT version_num FROM alembic_version")) if is_begun else ()
    revisions = {str(row[0]) for row in found}
    connection.rollback()
    return revisions


def newest(where: Path | None = None) -> set[str] | None:
    """Return the revisions that no other follows, by the first lines of their files; None if one is written otherwise.

    Args:
        where: as in `upgrade`.
    """
    revisions, followed = set[str](), set[str]()
    for file in ((where or bundled("migrations")) / "versions").glob("*.py"):
        if (found := _REVISION.search(file.read_text(encoding="utf-8"))) is None:
            return None
        revisions.add(found[1])
        followed.add(found[2])
    return revisions - followed


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
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            connection.commit()
        try:
            yield connection
        except (DBAPIError, OSError) as error:
            if diagnose(error) is None:
                raise
            raise engines.unreachable(error) from None
    engine.dispose()


def check_references(connection: Connection) -> None:
    """Look for rows that a rebuilt table left behind: SQLite checks no foreign key while it migrates."""
    if connection.dialect.name != "sqlite":
        return
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if lost:
        tables = ", ".join(sorted({str(row[0]) for row in lost}))
        raise MigrationError(f"The migration left rows without what they refer to, in {tables}.")


def _line(difference: Any) -> str:
    """Return one difference as words: a tuple of alembic's, or a list of them about one column."""
    if isinstance(difference, list):
        return "; ".join(_line(one) for one in difference)
    kind, *about = difference
    return f"{kind} {' '.join(_name(one) for one in about if isinstance(one, str) or hasattr(one, 'name'))}"


def _name(thing: Any) -> str:
    table = getattr(getattr(thing, "table", None), "name", None)
    name = thing if isinstance(thing, str) else str(thing.name)
    return f"{table}.{name}" if table else name
