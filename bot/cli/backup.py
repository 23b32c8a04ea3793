"""`trailmate backup`, `trailmate restore` and `trailmate db move`."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.base import fsync
from bot.base.clock import SystemClock
from bot.delivery.outbox_lease import Restoration
from bot.maintenance import migrate
from bot.maintenance.backup import Archive, BackupError, BackupManifest, make
from bot.maintenance.restore import Target
from bot.maintenance.schema_compatibility import LAST_COMMIT_WITH_RETIRED, RETIRED
from bot.maintenance.table_rows import Tables, revision
from bot.messages.numerals import numbered
from bot.runtime.console import progress
from bot.runtime.roadmap_paths import own_root
from bot.runtime.settings import Settings, find_install_command, find_url_fault
from bot.storage import engine as engines
from bot.storage import faults
from bot.storage.lock import AlreadyRunning, Lock
from bot.storage.unit_of_work import Work

if TYPE_CHECKING:
    from collections.abc import Collection

_STAMP = "%Y%m%d-%H%M%S"
_NAMED = re.compile(r"trailmate-\d{8}-\d{6}\.zip")
_FORGOTTEN, _ROADMAPS = "forgotten.txt", "roadmaps"
SAME = "Source and target are both {}. Choose an empty database as the target."
TOO_OLD = (
    "{} is a backup of revision {}, which is too old for this version. Check out commit "
    f"{LAST_COMMIT_WITH_RETIRED} of the project, restore the backup into an empty database there and run trailmate "
    "backup. Then restore the new backup with this version."
)
WORD = "replace"
"""The word to type to confirm that a restore replaces the database."""


def backup(settings: Settings, given: argparse.Namespace) -> int:
    """Write a backup of the database and its files, while the bot may run."""
    now = SystemClock().now()
    file = _choose_file(given.file, given.keep, now)
    if file.exists() and not given.force:
        print(f"{file} already exists. Choose another file, or replace it with --force.", file=sys.stderr)
        return 1
    with progress("Backing up", "rows") as tell, _read_whole(settings.url) as connection:
        about, source = _read(connection, settings.url, now)
        with make(file, source, about, _find_files(settings), tell) as made:
            rows = sum(made.counts.values())
    size = file.stat().st_size / 1_000_000
    print(f"Backed up {numbered(rows, 'row')} to {file} ({size:.1f} MB), and verified it.")
    if given.keep is not None:
        _rotate(file.parent, given.keep)
    return 0


@contextmanager
def _read_whole(url: str) -> Iterator[Connection]:
    """Open a snapshot of a database; BackupError if it is damaged."""
    try:
        with engines.snapshot(url) as connection:
            yield connection
    except SQLAlchemyError as error:
        if faults.diagnose(error) is not faults.CORRUPT:
            raise
        recover = f" {faults.RECOVER}" * engines.is_sqlite(url)
        back = "Restore a backup with trailmate restore FILE --replace."
        raise BackupError(f"{hide_password(url)} is damaged, and nothing was written. {back}{recover}") from error


def _choose_file(typed: str, keep: int | None, now: datetime) -> Path:
    """Return the file to write; in a folder, a file named by the date. A new name without a suffix is a folder."""
    named, is_folder = Path(typed).expanduser(), typed.endswith(("/", os.sep))
    if (keep is not None or is_folder) and named.exists() and not named.is_dir():
        option = "--keep needs a folder of backups." if keep is not None else "Choose another name."
        raise BackupError(f"{named} is not a folder. {option}")
    if keep is not None or is_folder or not (named.suffix or named.exists()):
        fsync.make_folder(named, 0o700)
    return named / f"trailmate-{now:{_STAMP}}.zip" if named.is_dir() else named


def _rotate(folder: Path, keep: int) -> None:
    """Delete all but the newest backups with a dated name; other files stay."""
    dated = sorted(file for file in folder.iterdir() if _NAMED.fullmatch(file.name))
    for old in dated[: max(0, len(dated) - keep)]:
        old.unlink()
        print(f"Removed {old}.")


def _read(connection: Connection, url: str, now: datetime) -> tuple[BackupManifest, Tables]:
    """Return the metadata and tables of a database; BackupError if it isn't Trailmate's."""
    of = revision(connection)
    if of is None:
        raise BackupError(f"{hide_password(url)} has no Trailmate data.")
    return BackupManifest(now, version("trailmate"), connection.dialect.name, of), Tables(connection, _list_tables(of))


def _list_tables(of: str) -> Collection[str]:
    if of in RETIRED:
        raise migrate.foreign_revision({of})
    if not migrate.is_known(of):
        raise migrate.MigrationError(f"A newer version has used this database (revision {of}). Use that version.")
    return migrate.names_at(of) if of != migrate.head() else _list_current_tables()


def _list_current_tables() -> Collection[str]:
    from bot.runtime.catalogue import tables

    return frozenset(tables().tables)


def _find_files(settings: Settings) -> Mapping[str, Path]:
    """Return the files of the data directory that can't be recreated, by their names in a backup."""
    data_dir = settings.data_dir.expanduser()
    marks = data_dir / _FORGOTTEN
    files = {_FORGOTTEN: marks} if marks.is_file() else {}
    for path in sorted(own_root(settings).rglob("*")):
        if path.is_file() and not path.is_symlink():
            files[path.relative_to(data_dir).as_posix()] = path
    return files


def restore(settings: Settings, given: argparse.Namespace) -> int:
    """Restore a backup into an empty database, or replace a database and keep the old one."""
    now, file = SystemClock().now(), Path(given.file).expanduser()
    if file.is_dir():
        newest = max((entry for entry in file.iterdir() if _NAMED.fullmatch(entry.name)), default=None)
        named = f", such as the newest one, {newest}" if newest else ""
        raise BackupError(f"{file} is a folder. Choose a backup file{named}.")
    with Archive(file) as archive, ExitStack() as held:
        if archive.revision in RETIRED:
            raise BackupError(TOO_OLD.format(archive.file, archive.revision))
        if not migrate.is_known(archive.revision):
            raise BackupError(
                f"{archive.file} was made by a newer version ({archive.about.version}, revision {archive.revision}). "
                "Restore it with that version or a later one."
            )
        held.enter_context(Lock(settings.url, alone=True))
        target = Target(settings.url, _list_current_tables())
        is_empty = target.is_empty()
        if not is_empty and not given.replace:
            print(
                f"{hide_password(settings.url)} is not empty. Use --replace to restore anyway. It keeps a copy.",
                file=sys.stderr,
            )
            return 1
        with progress("Reading the backup", "rows") as tell:
            archive.verify(tell)
        if not is_empty and not (given.yes or _is_confirmed(settings, archive)):
            print("Nothing was changed.", file=sys.stderr)
            return 1
        previous = None if is_empty else _save_previous(settings, now)
        lines = _put_back(settings, archive, target, previous, now)
    print("\n".join(lines))
    return 0


def _is_confirmed(settings: Settings, archive: Archive) -> bool:
    """Ask for confirmation to replace the database; False without a terminal."""
    if not sys.stdin.isatty():
        print("Use --yes to replace it without a terminal.", file=sys.stderr)
        return False
    made = f"{archive.about.made_at:%Y-%m-%d %H:%M} UTC"
    asked = f"{hide_password(settings.url)} goes back to {made}. Later changes will be lost. Type {WORD} to continue: "
    return input(asked).strip() == WORD


def _save_previous(settings: Settings, now: datetime) -> Path:
    """Return where the old database is saved; back up a server's database first."""
    if engines.is_sqlite(settings.url):
        file = engines.sqlite_file(settings.url)
        return file.with_name(f"{file.name}.before-{now:{_STAMP}}")
    file = settings.data_dir.expanduser() / f"before-{now:{_STAMP}}.zip"
    fsync.make_folder(file.parent, 0o700)
    with progress("Backing up the old data", "rows") as tell, engines.snapshot(settings.url) as connection:
        about, source = _read(connection, settings.url, now)
        with make(file, source, about, {}, tell):
            pass
    return file


def _put_back(settings: Settings, archive: Archive, target: Target, previous: Path | None, now: datetime) -> list[str]:
    """Fill the target, then the data directory; return the lines to print."""
    from bot.features.dashboard_access.service import DashboardLink, DashboardVisit
    from bot.features.feature import Features
    from bot.features.privacy.forget import Forgotten
    from bot.runtime.catalogue import FEATURES

    forgotten, n_forgotten = Forgotten.beside(settings.data_dir), [0]
    if _FORGOTTEN in archive.files:
        forgotten.take(archive.read(_FORGOTTEN).decode("utf-8", errors="replace"))
    if previous is not None:  # people whom any process has forgotten since the backup
        forgotten.take_rows(settings.url)

    def finish(connection: Connection) -> None:
        with Session(bind=connection) as session:
            n_forgotten[0] = forgotten.forget_again(Work(session, now), Features(FEATURES))
            for signed_in in (DashboardVisit, DashboardLink):  # people who signed out since must stay signed out
                session.execute(delete(signed_in))
            session.add(Restoration(made_at=archive.about.made_at, restored_at=now))
            session.flush()

    with progress("Restoring", "rows") as tell:
        target.fill(archive, tell, finish, kept=previous if engines.is_sqlite(settings.url) else None)
    rows, about = sum(archive.counts.values()), archive.about
    made = f"{about.made_at:%Y-%m-%d %H:%M} UTC by version {about.version}"
    return [
        f"Restored {numbered(rows, 'row')} as of {made}; every table matches the backup.",
        *(
            [f"I upgraded the tables from revision {about.revision} to this version."]
            * (about.revision != migrate.head())
        ),
        *([f"People whose data I deleted again: {n_forgotten[0]}."] if n_forgotten[0] else []),
        *_put_files_back(settings, archive),
        *([f"The old data is in {previous}."] if previous else []),
        "Start the bot. It checks for posts since the backup before it sends them again.",
    ]


def _put_files_back(settings: Settings, archive: Archive) -> list[str]:
    """Write the missing course files of a backup; return lines about written and differing files."""
    data_dir, written, differing = settings.data_dir.expanduser(), 0, list[str]()
    for name in archive.files:
        if PurePosixPath(name).parts[0] != _ROADMAPS:
            continue
        path, data = data_dir / name, archive.read(name)
        if not path.exists():
            fsync.make_folder(path.parent, 0o700)
            fsync.write(path, data)
            written += 1
        elif not path.is_file() or path.read_bytes() != data:
            differing.append(name)
    return [
        *([f"Restored {numbered(written, 'file')} of courses."] if written else []),
        *(
            [f"{numbered(len(differing), 'file')} of courses differ from the backup. I left them unchanged."]
            if differing
            else []
        ),
    ]


def move(settings: Settings, given: argparse.Namespace) -> int:
    """Copy a whole database into an empty one, of either engine."""
    source_url, target_url = _parse_address(given.source), _parse_address(given.target)
    if _identify_database(source_url) == _identify_database(target_url):
        raise BackupError(SAME.format(hide_password(source_url)))
    with ExitStack() as held:
        connection = held.enter_context(_read_whole(source_url))
        _, source = _read(connection, source_url, SystemClock().now())
        connection.rollback()
        held.enter_context(Lock(source_url, alone=True))
        try:
            held.enter_context(Lock(target_url, alone=True))
        except AlreadyRunning as error:
            if f"process {os.getpid()} on" in str(error):  # the same server under another host name
                raise BackupError(SAME.format(hide_password(source_url))) from None
            raise
        target = Target(target_url, _list_current_tables())
        if not target.is_empty():
            print(f"{hide_password(target_url)} is not empty. Choose an empty database.", file=sys.stderr)
            return 1
        with progress("Moving", "rows") as tell:
            _, source = _read(connection, source_url, SystemClock().now())
            target.fill(source, tell, lambda _: None)
        for name, count in source.counts.items():
            print(f"{name:20} {count:10} rows, equal")
    print(f"Moved to {hide_password(target_url)}. {_describe_next_step(settings, target_url)}")
    print(f"{hide_password(source_url)} is unchanged. Keep it until the bot runs well, and don't start a bot on it.")
    return 0


def _parse_address(named: str) -> str:
    """Return a database URL; a file name means a SQLite database."""
    if "://" not in named:
        return f"sqlite:///{Path(named).expanduser().absolute()}"
    if wrong := find_url_fault(named):
        raise BackupError(f"The database address is wrong: {wrong}. A file name also works.")
    if not engines.is_sqlite(named) and (line := find_install_command("psycopg")):
        raise BackupError(f"The PostgreSQL driver is not installed. Run {line}.")
    return named


def _describe_next_step(settings: Settings, target_url: str) -> str:
    own = settings.data_dir.expanduser() / "trailmate.db"
    if _identify_database(target_url) == _identify_database(f"sqlite:///{own}"):
        return "Remove TRAILMATE_DATABASE_URL from the settings, then start the bot."
    if engines.is_sqlite(target_url):
        return f"Set TRAILMATE_DATABASE_URL=sqlite:///{hide_password(target_url)}, then start the bot."
    secret = " (with its password)" if make_url(target_url).password else ""
    return f"Set TRAILMATE_DATABASE_URL={hide_password(target_url)}{secret}, then start the bot."


def _identify_database(url: str) -> object:
    """Return a key that is equal for two URLs of the same database."""
    if engines.is_sqlite(url):
        return engines.sqlite_file(url).resolve()
    address = make_url(url)
    return address.host, address.port or 5432, address.database or address.username, address.query.get("host")


def hide_password(url: str) -> str:
    """Return a URL without its password, for printing."""
    return str(engines.sqlite_file(url)) if engines.is_sqlite(url) else make_url(url).render_as_string()
