"""Who was forgotten, unreadable, in a file and in the database: an older copy of the database forgets them again.

The file outlives the database that it stands beside. The rows are what other processes and backups know: where a folder
goes with its process no file lasts. At a start, and at a restore, each is brought to what the other has.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Self

from sqlalchemy import select

from bot.core.encoding import valid
from bot.db import disk
from bot.db import engine as engines
from bot.db.insert import insert_unless
from bot.db.work import Database, Work
from bot.features.feature import Features
from bot.features.people.tables import Account
from bot.features.upkeep.forgetting import forget
from bot.features.upkeep.tables import ForgottenMark

NAME = "forgotten.txt"
_SALT = "salt "
_SALTS, _MARKS = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{40}")
Mark = tuple[str, str, datetime]
"""A salt, the mark of an account with it, and when its person was forgotten."""
log = logging.getLogger(__name__)


class Forgotten:
    """A file of salted marks of accounts, each with the instant at which its person was forgotten.

    Args:
        file: where it is, or will be: it outlives the database that it stands beside.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def beside(cls, data_dir: Path) -> Self:
        """Return the list of a data directory."""
        return cls(data_dir.expanduser() / NAME)

    def add(self, account: Account, at: datetime) -> Mark:
        """Put an account on the list in the file and return its mark; it is on disk when this returns."""
        salt = next(reversed(self._read()), "")
        first = "" if salt else f"{_SALT}{(salt := secrets.token_hex(16))}\n"
        # a line that was cut off before must not swallow this one
        line = f"\n{first}{_mark(salt, account)} {at.isoformat()}\n"
        self._append(line)
        return salt, _mark(salt, account), at

    def take(self, other: str) -> None:
        """Put what another such list says below this one, whatever its salt."""
        mine = self._file.read_text(encoding="utf-8", errors="replace") if self._file.exists() else ""
        if not {*other.splitlines()} <= {*mine.splitlines(), ""}:
            self._append(f"\n{other}\n")

    def take_rows(self, url: str) -> None:
        """Put what a database says below this list, as far as it can be read: it is about to be replaced."""
        engine = engines.single(url)
        try:
            with engine.connect() as connection:
                columns = ForgottenMark.salt, ForgottenMark.mark, ForgottenMark.at
                self._write([(salt, mark, at) for salt, mark, at in connection.execute(select(*columns))])
        except Exception as trouble:  # noqa: BLE001  (one that is new, older or damaged: the file and the backup say the rest)
            log.debug("no marks of the forgotten were read: %s", type(trouble).__name__)
        finally:
            engine.dispose()

    def replay(self, database: Database, features: Features) -> int:
        """Have file and rows say the same, then forget whoever is on the list and was known before; return how many."""
        rows = database.run_sync(_rows, writes=False)
        if not rows and not self._read():
            return 0
        return database.run_sync(lambda work: self.forget_again(work, features))

    def forget_again(self, work: Work, features: Features) -> int:
        """Do so in a unit of work; where the file cannot be written the rows have to do."""
        try:
            self._write(_rows(work))
        except OSError as trouble:
            log.warning("%s cannot be written (%s): the database alone has who was forgotten", NAME, trouble.strerror)
        lists = _listed(_rows(work))
        for salt, marks in self._read().items():
            for mark, at in marks.items():
                known = lists.setdefault(salt, {})
                known[mark] = max(at, known.get(mark, at))
        note(work, [(salt, mark, at) for salt, marks in lists.items() for mark, at in marks.items()])
        return self._forget(work, features, lists)

    def _forget(self, work: Work, features: Features, lists: dict[str, dict[str, datetime]]) -> int:
        found = 0
        for account in work.session.scalars(select(Account)).all() if lists else ():
            at = max(filter(None, (marks.get(_mark(salt, account)) for salt, marks in lists.items())), default=None)
            if at is not None and (account.made_at is None or account.made_at <= at):
                forget(work, features, account.id)
                found += 1
        return found

    def _write(self, marks: Iterable[Mark]) -> None:
        """Put marks on the list that it does not have."""
        mine, lines = self._read(), list[str]()
        for salt, news in _listed(marks).items():
            known = mine.get(salt, {})
            fresh = [f"{mark} {at.isoformat()}" for mark, at in news.items() if mark not in known or known[mark] < at]
            lines += [f"{_SALT}{salt}", *fresh] if fresh else []
        if lines:
            self._append("\n" + "\n".join(lines) + "\n")

    def _append(self, text: str) -> None:
        disk.make_folder(self._file.parent)
        is_new = not self._file.exists()
        self._file.touch(mode=0o600)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            disk.sync_folder(self._file.parent)

    def _read(self) -> dict[str, dict[str, datetime]]:
        """Return each salt's marks with their newest instants; a line that was cut off says nothing."""
        if not self._file.exists():
            return {}
        salt, lists = "", dict[str, dict[str, datetime]]()
        for line in valid(self._file.read_text(encoding="utf-8", errors="replace")).splitlines():
            if line.startswith(_SALT):
                salt = line.removeprefix(_SALT).strip()
                lists[salt] = lists.pop(salt, {})  # the last one is that which is added to
                continue
            mark, _, at = line.partition(" ")
            try:
                marked = datetime.fromisoformat(at)
            except ValueError:
                continue
            if marked.tzinfo is None:
                continue
            marks = lists.setdefault(salt, {})
            marks[mark] = max(marked, marks.get(mark, marked))
        return lists


def note(work: Work, marks: Iterable[Mark]) -> None:
    """Keep marks in the database, where it does not have them."""
    known = _listed(_rows(work))
    for salt, mark, at in marks:
        if not (_SALTS.fullmatch(salt) and _MARKS.fullmatch(mark)):
            continue
        if mark not in known.get(salt, {}) or known[salt][mark] < at:
            row = {"salt": salt, "mark": mark, "at": at}
            insert_unless(work.session, ForgottenMark, row, replaces=ForgottenMark.at < at)


def _rows(work: Work) -> list[Mark]:
    columns = ForgottenMark.salt, ForgottenMark.mark, ForgottenMark.at
    return [(salt, mark, at) for salt, mark, at in work.session.execute(select(*columns))]


def _listed(marks: Iterable[Mark]) -> dict[str, dict[str, datetime]]:
    """Return each salt's marks with their newest instants."""
    lists = dict[str, dict[str, datetime]]()
    for salt, mark, at in marks:
        known = lists.setdefault(salt, {})
        known[mark] = max(at, known.get(mark, at))
    return lists


def _mark(salt: str, account: Account) -> str:
    told = f"{account.platform}:{account.scope}:{account.external_id}"
    return blake2b(told.encode(), key=salt.encode(), digest_size=20).hexdigest()
