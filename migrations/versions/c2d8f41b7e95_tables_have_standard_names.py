"""Tables have the standard terms of the field as their names, and a group is called a group."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

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
    "cohort": "study_group",
    "cohort_moderator": "group_moderator",
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
COLUMN = ("cohort_id", "group_id")
INDEXES = {"ix_membership_cohort": "ix_membership_group", "ix_live_session_cohort": "ix_live_session_group"}
"""Indexes whose own part of the name says cohort, under the names of the new tables."""


def upgrade() -> None:
    """Go forward."""
    _rename(Names(RENAMED, COLUMN, INDEXES))


def downgrade() -> None:
    """Go back."""
    tables, indexes = ({new: old for old, new in names.items()} for names in (RENAMED, INDEXES))
    _rename(Names(tables, COLUMN[::-1], indexes))


class Names(NamedTuple):
    """Old names and their new ones."""

    tables: Mapping[str, str]
    column: tuple[str, str]
    indexes: Mapping[str, str]

    def rename(self, name: str, table: str) -> str:
        """Return the new name of an index, a constraint or a sequence of a table.

        Such a name holds its table and its columns, and that of a foreign key also the other table.
        """
        new = self.indexes.get(name, name)
        new = re.sub(rf"^((?:ix|uq|ck|pk|fk)_|){table}(?=_|$)", rf"\g<1>{self.tables.get(table, table)}", new)
        if new.startswith("fk_"):
            new = re.sub(r"_(" + "|".join(self.tables) + r")$", lambda match: f"_{self.tables[match[1]]}", new)
        new = re.sub(rf"_{self.column[0]}(?=_|$)", f"_{self.column[1]}", new)
        return self.indexes.get(new, new)


def _rename(names: Names) -> None:
    connection = op.get_bind()
    (_rename_on_sqlite if connection.dialect.name == "sqlite" else _rename_on_postgresql)(connection, names)


def _rename_on_postgresql(connection: sa.Connection, names: Names) -> None:
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
        if (new := names.rename(name, table)) != name:
            op.execute(f'ALTER TABLE "{table}" RENAME CONSTRAINT "{name}" TO "{new}"')
    for table, name, kind in connection.exec_driver_sql(relations).all():
        if (new := names.rename(name, table)) != name:
            op.execute(f'ALTER {"INDEX" if kind == "i" else "SEQUENCE"} "{name}" RENAME TO "{new}"')
    _rename_tables(connection, names)


def _rename_tables(connection: sa.Connection, names: Names) -> None:
    for old, new in names.tables.items():
        op.rename_table(old, new)
    old, new = names.column
    inspector = sa.inspect(connection)
    for table in inspector.get_table_names():
        if any(column["name"] == old for column in inspector.get_columns(table)):
            connection.exec_driver_sql(f'ALTER TABLE "{table}" RENAME COLUMN {old} TO {new}')


def _rename_on_sqlite(connection: sa.Connection, names: Names) -> None:
    """Rename tables, and make them again with new names within: SQLite renames no constraint and no index."""
    run = connection.exec_driver_sql
    inspector = sa.inspect(connection)
    renamed = dict[str, str]()
    for table in inspector.get_table_names():
        for constraint in (
            inspector.get_pk_constraint(table),
            *inspector.get_unique_constraints(table),
            *inspector.get_check_constraints(table),
            *inspector.get_foreign_keys(table),
            *inspector.get_indexes(table),
        ):
            name = constraint["name"]
            if name and (new := names.rename(name, table)) != name:
                renamed[name] = new
    _rename_tables(connection, names)
    indexes_of = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql > '' AND tbl_name = ?"
    pattern = re.compile(r"\b(" + "|".join(renamed) + r")\b")
    last_ids = {row.name: row.seq for row in run("SELECT name, seq FROM sqlite_sequence")}
    made = run("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").all()
    for table, sql in made:
        indexes = [index for (index,) in run(indexes_of, (table,)).all()]
        if not any(pattern.search(text) for text in (sql or "", *indexes)):
            continue
        new_sql = pattern.sub(lambda match: renamed[match[1]], sql)
        run(re.sub(rf'^CREATE TABLE "?{table}"?', 'CREATE TABLE "_made_again"', new_sql))
        run(f'INSERT INTO "_made_again" SELECT * FROM "{table}"')  # noqa: S608
        op.drop_table(table)
        op.rename_table("_made_again", table)
        for index in indexes:
            run(pattern.sub(lambda match: renamed[match[1]], index))
        if table in last_ids:  # a number that was given once is never given again
            run("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last_ids[table]))
