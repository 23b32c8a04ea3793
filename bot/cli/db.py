"""`trailmate db`: migrate, check, move to another engine."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from bot.base.clock import SystemClock
from bot.messages.characters import clean
from bot.messages.numerals import numbered
from bot.runtime.console import progress
from bot.runtime.roadmap_paths import installed
from bot.runtime.settings import Settings

_REASON_MOST = 200
"""Most characters of a reason in the audit log."""

if TYPE_CHECKING:
    from sqlalchemy import Index

    from bot.maintenance.repair import RepairKind
    from bot.storage.unit_of_work import Database, Work


def db(settings: Settings, given: argparse.Namespace) -> int:
    """Migrate the database, move it, or check it."""
    from bot.maintenance import migrate

    if given.action == "move":
        from bot.cli.backup import move

        return move(settings, given)
    if given.action == "upgrade":
        if settings.url.startswith("sqlite"):
            settings.data_dir.expanduser().mkdir(parents=True, exist_ok=True)
        migrate.upgrade(settings.url)
        _forget_again(settings)
        print("The database is up to date.")
        return 0
    return _check(settings, given)


def _check(settings: Settings, given: argparse.Namespace) -> int:
    """Check file, schema and rows in this order, because each check needs the one before; repair on request."""
    from bot.maintenance import schema_differences
    from bot.maintenance.repair import list_repairs
    from bot.runtime.catalogue import tables
    from bot.storage.unit_of_work import Database

    if not is_there(settings) or not _is_file_sound(settings, given):
        return 1
    differences = schema_differences.check(settings.url, tables())
    missing = [difference.index for difference in differences if difference.index is not None]
    for difference in differences:
        print(f"{difference.problem}: {difference.fix or 'to be rebuilt.'}")
    if any(difference.hides for difference in differences):
        print("Fix this first, then check again for damaged rows. Nothing was changed.")
        return 1
    _name_processes(settings)
    with Database(settings.url) as database:
        repairs = [
            *database.run_sync(lambda work: list_repairs(work, tables()), writes=False),
            *database.run_sync(lambda work: _find_asleep(work), writes=False),
        ]
        for repair in repairs:
            print(f"{repair.damage}: to be {repair.does}.")
        if repairs:
            print("Fix these rows first. Standings depend on them, so I'll check those afterwards.")
        n_wrong = 0 if repairs else _name_standings(settings, database)
        if (missing or repairs or n_wrong) and not _may_repair(given):
            return 1
        is_whole = len(missing) == len(differences)
        if given.repair:
            is_whole &= _repair(settings, given, database, missing, repairs)
    print("The database is sound." if is_whole else "I didn't change the other problems above.")
    return 0 if is_whole else 1


def is_there(settings: Settings) -> bool:
    """Whether the database exists; prints a message if not, and creates nothing."""
    from bot.maintenance.migrate import is_empty
    from bot.storage import engine as engines

    where = ""
    if engines.is_sqlite(settings.url):
        file = engines.sqlite_file(settings.url)
        where = "" if file.is_file() and file.stat().st_size else str(file)
    elif is_empty(settings.url):
        where = "at TRAILMATE_DATABASE_URL"
    if where:
        print(f"There is no database {where}. The first start creates one.", file=sys.stderr)
    return not where


def is_usable(settings: Settings) -> bool:
    """Whether a database exists that this version can use; prints a message if not, and creates nothing."""
    from bot.maintenance import migrate, schema_compatibility

    if not is_there(settings):
        return False
    with migrate.connected(settings.url) as connection:
        at = migrate.present(connection)
        fits = at == migrate.newest() or schema_compatibility.is_beside(connection, at, None)
    if not fits:
        print("The database has another version's tables. Run trailmate db upgrade.", file=sys.stderr)
    return fits


def _name_standings(settings: Settings, database: Database) -> int:
    """Print and return the number of wrong standings."""
    total, n_wrong = _compare(settings, database, repair=False)
    if n_wrong:
        print(f"{n_wrong} of {total} standings differ from the check-ins: to be recomputed.")
    return n_wrong


def _repair(
    settings: Settings,
    given: argparse.Namespace,
    database: Database,
    missing: Sequence[Index],
    repairs: Sequence[RepairKind],
) -> bool:
    """Repair the listed problems, then wrong standings after a separate question; return whether all were repaired."""
    from bot.maintenance import schema_differences

    mended = list[str]()
    for index in missing:
        schema_differences.make_again(settings.url, index)
        print(f"Fixed: index {index.name}: rebuilt.")
        mended.append(f"index {index.name}")
    for repair in repairs:
        database.run_sync(repair.run)
        print(f"Fixed: {repair.damage}: {repair.does}.")
        mended.append(repair.damage)
    is_wished = not repairs or not _name_standings(settings, database) or _may_repair(given)
    if is_wished and (count := _compare(settings, database, repair=True)[1]):
        print(f"Fixed: {numbered(count, 'standing')}.")
        mended.append(numbered(count, "standing"))
    _keep_record(database, mended)
    return is_wished


def _may_repair(given: argparse.Namespace) -> bool:
    """Whether to repair; asks on a terminal."""
    if not given.repair:
        print("Fix it with trailmate db check --repair.")
        return False
    if given.yes or (
        sys.stdin.isatty() and input("Make a backup first. Type repair to continue: ").strip() == "repair"
    ):
        return True
    print("Nothing was changed. Use --yes to fix it.")
    return False


def _is_file_sound(settings: Settings, given: argparse.Namespace) -> bool:
    """Check a SQLite file and rebuild its indexes on request; return whether it is sound afterwards."""
    from bot.maintenance.repair import find_errors, is_of_indexes, reindex
    from bot.storage import engine as engines
    from bot.storage import faults
    from bot.storage.lock import Lock

    if not engines.is_sqlite(settings.url) or not (file := engines.sqlite_file(settings.url)).is_file():
        return True
    if not (errors := find_errors(file)):
        return True
    print("\n".join(clean(line) for line in errors))
    if is_of_indexes(errors):
        print("To be rebuilt: the indexes.")
        if not _may_repair(given):
            return False
        with Lock(settings.url, alone=True):
            errors = reindex(file)
        if not errors:
            print("Fixed: the indexes.")
            return True
        print("\n".join(clean(line) for line in errors))
    print(faults.CORRUPT.fix)
    return False


def _find_asleep(work: Work) -> list[RepairKind]:
    """Find groups that the schedule would skip for days."""
    from bot.features.groups.tables import Group
    from bot.maintenance.repair import FAR, RepairKind

    asleep = Group.ended_at.is_(None) & (Group.wake_at.is_(None) | (Group.wake_at > work.made_at + FAR))
    count = work.session.scalar(select(func.count()).select_from(Group).where(asleep))
    if not count:
        return []
    woken = update(Group).where(asleep).values(wake_at=work.made_at)
    summary = f"{numbered(count, 'group')} that the schedule skips"
    return [RepairKind(summary, "scheduled again", lambda work: work.session.execute(woken))]


def _keep_record(database: Database, mended: Sequence[str]) -> None:
    """Store the repairs in the audit log of every server and workspace."""
    from bot.features.audit.service import Audit
    from bot.features.people.tables import Tenant

    def note(work: Work) -> None:
        tenants = work.session.scalars(select(Tenant.id)).all()
        for line in joined(mended):
            Audit(work).note_request(tenants, "db check --repair", work.made_at, line)

    if mended:
        database.run_sync(note)


def joined(parts: Sequence[str], most: int = _REASON_MOST) -> list[str]:
    """Join repairs into as few lines as possible, without splitting one."""
    lines = list[str]()
    for part in parts:
        if lines and len(lines[-1]) + 2 + len(part) <= most:
            lines[-1] += f"; {part}"
        else:
            lines.append(part[:most])
    return lines


def _name_processes(settings: Settings) -> None:
    from bot.cluster.process_registry import list_living
    from bot.storage.unit_of_work import Database

    with Database(settings.url) as database:
        for process in database.run_sync(list_living, writes=False):
            print(f"Running: {clean(process.description)}.")


def _forget_again(settings: Settings) -> None:
    """Delete people again who were forgotten after this copy of the database was made."""
    from bot.features.feature import Features
    from bot.features.privacy.forget import Forgotten
    from bot.runtime.catalogue import FEATURES
    from bot.storage.unit_of_work import Database

    with Database(settings.url) as database:
        if count := Forgotten.beside(settings.data_dir).replay(database, Features(FEATURES)):
            print(f"People whose data I deleted again: {count}.")


def _compare(settings: Settings, database: Database, *, repair: bool) -> tuple[int, int]:
    """Return the number of standings, and how many differed from the check-ins."""
    from bot.features.checkins.standings import compare_all

    with progress("Comparing", "standings") as show:
        return compare_all(database, installed(settings), SystemClock().now(), show, repair=repair)
