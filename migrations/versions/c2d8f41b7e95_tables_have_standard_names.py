"""Tables have the standard terms of the field as their names."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "c2d8f41b7e95"
down_revision = "7fe560ba66c8"
branch_labels = None
depends_on = None
is_additive = False

RENAMED = {
    "away": "absence",
    "beat": "outage_heartbeat",
    "bucket": "rate_limit_bucket",
    "buddy_wish": "buddy_preference",
    "deed": "audit_entry",
    "exchange": "conversation_turn",
    "forgotten_mark": "erasure",
    "heeded": "resolved_gap",
    "hello": "greeting",
    "inbox": "processed_event",
    "kind_word": "nudge",
    "live_hour": "live_session",
    "live_hour_answer": "live_session_answer",
    "live_hour_host": "live_session_host",
    "occurrence": "opened_unit",
    "occurrence_change": "opened_unit_change",
    "onward": "part_choice",
    "pace": "unit_completion",
    "parked_room": "suspended_channel",
    "platform_beat": "platform_heartbeat",
    "rating": "answer_rating",
    "repair": "streak_repair",
    "review_habit": "review_settings",
    "thank": "thanks",
    "usage_left": "anonymous_usage",
}


def upgrade() -> None:
    """Go forward."""
    _rename(RENAMED)


def downgrade() -> None:
    """Go back."""
    _rename({new: old for old, new in RENAMED.items()})


def _rename(tables: Mapping[str, str]) -> None:
    """Rename tables with all that is named after them; no table whose numbers never come twice is among them."""
    connection = op.get_bind()
    (_rename_on_sqlite if connection.dialect.name == "sqlite" else _rename_on_postgresql)(connection, tables)


def _renamed(name: str, table: str, tables: Mapping[str, str]) -> str:
    """Return the new name of an index, a constraint or a sequence: it names its table, a foreign key also another."""
    new = re.sub(rf"^((?:ix|uq|ck|pk|fk)_|){table}(?=_|$)", rf"\g<1>{tables.get(table, table)}", name)
    if name.startswith("fk_"):
        new = re.sub(r"_(" + "|".join(tables) + r")$", lambda found: f"_{tables[found[1]]}", new)
    return new


def _rename_on_postgresql(connection: sa.Connection, tables: Mapping[str, str]) -> None:
    constraints = """
        SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = quote_ident(current_schema())::regnamespace ORDER BY 1, 2
    """
    relations = """
        SELECT t.relname, c.relname, c.relkind FROM pg_class c
        JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a'
            AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class t ON t.oid = d.refobjid
        WHERE c.relkind IN ('i', 'S') AND c.relnamespace = quote_ident(current_schema())::regnamespace
        GROUP BY 1, 2, 3 ORDER BY 1, 2
    """
    for table, name in connection.exec_driver_sql(constraints).all():
        if (new := _renamed(name, table, tables)) != name:
            op.execute(f'ALTER TABLE "{table}" RENAME CONSTRAINT "{name}" TO "{new}"')
    for table, name, kind in connection.exec_driver_sql(relations).all():
        if (new := _renamed(name, table, tables)) != name:
            op.execute(f'ALTER {"INDEX" if kind == "i" else "SEQUENCE"} "{name}" RENAME TO "{new}"')
    for old, new in tables.items():
        op.rename_table(old, new)


def _rename_on_sqlite(connection: sa.Connection, tables: Mapping[str, str]) -> None:
    """Rename tables, and make them again with new names within: SQLite renames no constraint and no index."""
    run = connection.exec_driver_sql
    inspector = sa.inspect(connection)
    names = dict[str, str]()
    for table in inspector.get_table_names():
        for found in (
            inspector.get_pk_constraint(table),
            *inspector.get_unique_constraints(table),
            *inspector.get_check_constraints(table),
            *inspector.get_foreign_keys(table),
            *inspector.get_indexes(table),
        ):
            name = found["name"]
            if name and (new := _renamed(name, table, tables)) != name:
                names[name] = new
    for old, new in tables.items():
        op.rename_table(old, new)
    indexes_of = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql > '' AND tbl_name = ?"
    pattern = re.compile(r"\b(" + "|".join(names) + r")\b")
    made = run("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").all()
    for table, sql in made:
        if not pattern.search(sql):
            continue
        indexes = run(indexes_of, (table,)).all()
        new_sql = pattern.sub(lambda found: names[found[1]], sql)
        run(re.sub(rf'^CREATE TABLE "?{table}"?', 'CREATE TABLE "_made_again"', new_sql))
        run(f'INSERT INTO "_made_again" SELECT * FROM "{table}"')  # noqa: S608
        op.drop_table(table)
        op.rename_table("_made_again", table)
        for (index,) in indexes:
            run(pattern.sub(lambda found: names[found[1]], index))
