"""What `trailmate db` does: migrate, check, write a migration, move to another engine."""

from __future__ import annotations

import argparse
import sys

from bot.core.characters import clean
from bot.installed import installed
from bot.measuring import counted
from bot.settings import Settings


def db(settings: Settings, given: argparse.Namespace) -> int:
    """Migrate the database, say how it differs from the present tables, or write the migration that leads to them."""
    from bot.catalogue import tables
    from bot.db import migrate

    if given.action == "move":
        from bot.keep_verbs import move

        return move(settings, given)
    if given.action == "revision":
        return _revision((given.why or "").strip(" ."))
    if given.action == "upgrade":
        if settings.url.startswith("sqlite"):
            settings.data_dir.expanduser().mkdir(parents=True, exist_ok=True)
        migrate.upgrade(settings.url)
        _forget_again(settings)
        print("The database is up to date.")
        return 0
    wrong = migrate.check(settings.url, tables())
    if not wrong:
        _name_processes(settings)
        wrong = _check_standings(settings, repair=given.repair)
    print("\n".join(wrong) if wrong else "The database is as it should be.")
    return 1 if wrong else 0


def _name_processes(settings: Settings) -> None:
    """Say which processes are at work on the database."""
    from bot.db.presence import list_living
    from bot.db.work import Database

    with Database(settings.url) as database:
        for one in database.run_sync(list_living, writes=False):
            print(f"At work: {clean(one.told)}.")


def _forget_again(settings: Settings) -> None:
    """Forget in an older copy of the database who has asked for it since."""
    from bot.catalogue import FEATURES
    from bot.db.work import Database
    from bot.features.feature import Features
    from bot.features.upkeep.forgotten import Forgotten

    with Database(settings.url) as database:
        if found := Forgotten.beside(settings.data_dir).replay(database, Features(FEATURES)):
            print(f"Forgotten again, as they had asked: {found}.")


def _check_standings(settings: Settings, *, repair: bool) -> list[str]:
    """Return a line if stored standings differ from what members' check-ins come to and are left so."""
    from bot.core.clock import SystemClock
    from bot.db.work import Database
    from bot.features.progress.audit import audit

    with Database(settings.url) as database:
        library, now = installed(settings), SystemClock().now()
        total, n_wrong = audit(database, library, now, counted("standings compared"), repair=repair)
    if n_wrong and repair:
        print(f"{n_wrong} of {total} standings differed from what the check-ins say, and are mended.")
    differ = (
        f"{n_wrong} of {total} standings differ from what the check-ins say; trailmate db check --repair mends them."
    )
    return [differ] if n_wrong and not repair else []


def _revision(why: str) -> int:
    from bot.catalogue import tables
    from bot.db.revise import revise

    if not why:
        print('Say what changes: trailmate db revision "members have a colour"', file=sys.stderr)
        return 2
    file = revise(why, tables())
    print(f"Wrote {file}. Read it before it is kept." if file else "Nothing to write: no table differs.")
    return 0
