"""Compare a database with this version's schema, suggest fixes, and rebuild missing indexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Index, MetaData, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.maintenance import schema_compatibility
from bot.maintenance.backup import BackupError
from bot.maintenance.migrate import LOCK_S, configured, connected, foreign_revision
from bot.messages.characters import clean
from bot.storage.engine import is_busy, is_sqlite

UPGRADE = "trailmate db upgrade brings it to this version, and so does a start."
BACKUP = "Its data can't be recovered. Restore a backup (trailmate restore FILE --replace)."
_STRANGE = {
    "trigger": "It acts on the bot's data. If it isn't yours, remove it by hand (DROP TRIGGER).",
    "foreign table": "No migration made it, and no backup holds it: remove it by hand (DROP FOREIGN TABLE) if it is "
    "not yours.",
}
_BESIDES = {
    "sqlite": "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY type, name",
    "postgresql": """
        SELECT kind, name FROM (
            SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END AS kind,
                relname::text AS name, oid AS id, 'pg_class'::regclass AS of
            FROM pg_class
            WHERE relkind IN ('v', 'm', 'f') AND relnamespace = quote_ident(current_schema())::regnamespace
            UNION ALL
            SELECT 'trigger', c.relname || '.' || t.tgname, t.oid, 'pg_trigger'::regclass
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND c.relnamespace = quote_ident(current_schema())::regnamespace
        ) AS besides
        WHERE NOT EXISTS (SELECT FROM pg_depend WHERE classid = besides.of AND objid = id AND deptype = 'e')
        ORDER BY kind, name
    """,
}
FOREIGN = "No migration made it. If it isn't yours, remove it by hand."


@dataclass(frozen=True)
class Difference:
    """A difference from this version's schema.

    Args:
        problem: the difference, without a full stop.
        fix: the fix, in a sentence; "" for an index, which can be rebuilt.
        index: an index to rebuild.
        hides: whether rows can't be checked because of it.
    """

    problem: str
    fix: str = ""
    index: Index | None = None
    hides: bool = False


def check(url: str, metadata: MetaData, *, where: Path | None = None) -> list[Difference]:
    """Return the differences of a database from the declared tables.

    Args:
        metadata: the declared tables.

    Raises:
        Unreachable: the database cannot be opened.
        MigrationError: the database is too old or too new.
    """
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        known = ScriptDirectory.from_config(configured(connection, None, where))
        heads, present = known.get_heads(), context.get_current_heads()
        is_ahead = not set(present) <= {script.revision for script in known.walk_revisions()}
        if is_ahead and not schema_compatibility.is_beside(connection, set(present), where):
            raise foreign_revision(set(present))
        changes = compare_metadata(context, metadata)
        besides = [] if is_ahead else _find_extras(connection)
        connection.rollback()
    parts = [part for change in changes for part in (change if isinstance(change, list) else [change])]
    # a newer version added these
    parts = [part for part in parts if not (is_ahead and part[0].startswith("remove_"))]
    is_behind = set(present) != set(heads) and not is_ahead
    differences = list(_describe_changes(parts, is_behind=is_behind))
    if is_behind:
        was = ", ".join(present) or "none"
        differences.insert(
            0, Difference(f"revision {was}, the newest is {', '.join(heads) or 'none'}", UPGRADE, hides=True)
        )
    return [*differences, *besides]


def _find_extras(connection: Connection) -> list[Difference]:
    """Return unknown views, triggers and the like, except those of extensions; no version creates any."""
    rows = connection.exec_driver_sql(_BESIDES[connection.dialect.name])
    return [
        Difference(f"{kind} {clean(name)} belongs to no version", _STRANGE.get(kind, FOREIGN)) for kind, name in rows
    ]


def _describe_changes(parts: Sequence[Sequence[Any]], *, is_behind: bool) -> Iterator[Difference]:
    """Describe alembic's differences; a changed index counts as missing."""
    again = {part[1].name for part in parts if part[0] == "add_index"}
    added = {part[1].name for part in parts if part[0] == "add_table"}
    for kind, *about in parts:
        thing = about[-1]
        if kind == "add_index":
            if thing.table.name not in added:
                sentence = f"index {thing.name} of {thing.table.name} is missing"
                yield Difference(sentence, UPGRADE) if is_behind else Difference(sentence, index=thing)
        elif kind != "remove_index" or thing.name not in again:
            yield _describe_change(kind, about, UPGRADE if is_behind else "")


def _describe_change(kind: str, about: Sequence[Any], upgrade: str) -> Difference:
    does, _, what = kind.partition("_")
    if does == "modify":
        return Difference(f"column {about[1]}.{about[2]} has another {what}", upgrade or BACKUP)
    table = getattr(getattr(about[-1], "table", None), "name", None)
    name = ".".join(str(part) for part in (table, about[-1].name) if part)
    if does == "remove":
        return Difference(f"{what} {name} belongs to no version", upgrade or FOREIGN)
    return Difference(f"{what} {name} is missing", upgrade or BACKUP, hides=what in ("table", "column"))


def make_again(url: str, index: Index) -> None:
    """Create a missing index while others may use the database.

    Raises:
        Unreachable: the database cannot be opened.
        BackupError: duplicate rows violate a unique index, or the table is locked.
    """
    with connected(url) as connection:
        if not is_sqlite(url):
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_S}s'"))
        try:
            index.drop(connection, checkfirst=True)
            index.create(connection)
            connection.commit()
        except DBAPIError as error:
            connection.rollback()
            if isinstance(error, IntegrityError):
                raise BackupError(_describe_duplicates(index)) from None
            if is_busy(error):
                raise BackupError(f"index {index.name} was not made: others hold its table. Try again.") from None
            raise


def _describe_duplicates(index: Index) -> str:
    assert index.table is not None
    columns = ", ".join(column.name for column in index.columns)
    return (
        f"index {index.name} cannot be made: rows of {index.table.name} are alike in {columns}. "
        "Remove what is there twice by hand, or put a backup back (trailmate restore FILE --replace)."
    )
