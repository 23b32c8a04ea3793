"""Find and repair damage: of a SQLite file, and of rows whose correct state follows from other rows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, MetaData, Table, Update, delete, exists, func, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import Delete

from bot.delivery.outbox import WAITING, OutboxRow, is_in
from bot.delivery.processed_events import InboxRow
from bot.delivery.suspended_channels import SuspendedChannel
from bot.messages.numerals import numbered
from bot.storage.unit_of_work import Work

FAR = timedelta(days=1)
"""Longer than any lease or wait; a later time was written while the machine's clock was wrong."""
_OF_AN_INDEX = re.compile(r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index")
_NAMED = 20


@dataclass(frozen=True)
class RepairKind:
    """A kind of inconsistency in the rows of a database.

    Args:
        damage: the problem and the number of rows.
        does: the repair in words.
        run: repairs it, in a unit of work.
    """

    damage: str
    does: str
    run: Callable[[Work], object]


def list_repairs(work: Work, tables: MetaData) -> list[RepairKind]:
    """Return the repairs that some tables need."""
    return [*_find_orphans(work, tables), *_find_waits(work), *_find_childless(work)]


def _find_orphans(work: Work, tables: MetaData) -> Iterator[RepairKind]:
    """Find rows with dangling foreign keys, possible on SQLite only; `ondelete` decides their repair."""
    if work.session.get_bind().dialect.name != "sqlite":
        return
    for table in tables.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda foreign_key: foreign_key.parent.name):
            lacks = _is_missing(key.parent, key.column)
            if count := work.session.scalar(select(func.count()).select_from(table).where(lacks)):
                goes = key.ondelete == "CASCADE"
                yield RepairKind(
                    f"{numbered(count, 'row')} of {table.name} without what {key.parent.name} names",
                    "deleted" if goes else "kept without it",
                    _defer(_build_repair(table, key.parent, lacks, goes=goes)),
                )


def _is_missing(child: Column[Any], parent: Column[Any]) -> ColumnElement[bool]:
    return child.is_not(None) & ~exists().where(parent == child).correlate(child.table)


def _build_repair(table: Table, child: Column[Any], lacks: ColumnElement[bool], *, goes: bool) -> Delete | Update:
    return delete(table).where(lacks) if goes else update(table).where(lacks).values({child.name: None})


def _find_waits(work: Work) -> Iterator[RepairKind]:
    """Find leases and waits that end too far in the future."""
    far = work.made_at + FAR
    waits: Sequence[tuple[str, Any, dict[str, Any]]] = (
        ("message that is taken", OutboxRow.lease_until, {"lease_owner": None, "lease_until": None}),
        ("message that waits", OutboxRow.not_before, {"not_before": None}),
        ("event that is taken", InboxRow.lease_until, {"lease_until": work.made_at}),
        ("channel that is held back", SuspendedChannel.next_try_at, {"next_try_at": work.made_at}),
    )
    for what, until, let_go in waits:
        if count := work.session.scalar(select(func.count()).where(until > far)):
            noun, _, rest = what.partition(" ")
            yield RepairKind(
                f"{numbered(count, noun)} {rest} for more than a day: the clock stood wrong",
                "let go",
                _defer(update(until.class_).where(until > far).values(let_go)),
            )


def _find_childless(work: Work) -> Iterator[RepairKind]:
    """Find messages that wait for a post that doesn't exist."""
    parent = aliased(OutboxRow)
    lost = is_in(WAITING) & OutboxRow.parent_key.is_not(None) & ~exists().where(parent.key == OutboxRow.parent_key)
    if count := work.session.scalar(select(func.count()).select_from(OutboxRow).where(lost)):
        closed = {"state": "failed", "error": "The post that it belongs to is missing."}
        yield RepairKind(
            f"{numbered(count, 'message')} for a missing post",
            "given up",
            _defer(update(OutboxRow).where(lost).values(closed)),
        )


def _defer(statement: Update | Delete) -> Callable[[Work], object]:
    return lambda work: work.session.execute(statement, execution_options={"synchronize_session": False})


def find_errors(file: Path) -> list[str]:
    """Return the first integrity errors of a SQLite file; empty if it is sound."""
    try:
        with closing(sqlite3.connect(file)) as opened:
            reports = [str(row[0]) for row in opened.execute(f"PRAGMA integrity_check({_NAMED})")]
    except sqlite3.DatabaseError as error:
        if (error.sqlite_errorcode & 0xFF) not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        return [str(error)]
    lines = [line for report in reports for line in report.splitlines() if not line.startswith("***")]
    return [] if lines == ["ok"] else lines


def is_of_indexes(errors: Sequence[str]) -> bool:
    """Whether all errors concern indexes, which can be rebuilt from their tables."""
    return all(_OF_AN_INDEX.match(line) for line in errors)


def reindex(file: Path) -> list[str]:
    """Rebuild all indexes; return the remaining errors."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("REINDEX")
    return find_errors(file)
