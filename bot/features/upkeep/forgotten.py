"""Who was forgotten, beside the database and unreadable: an older copy of it forgets them again."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Self

from sqlalchemy import select

from bot.core.encoding import valid
from bot.db.work import Database, Work
from bot.features.feature import Features
from bot.features.people.tables import Account
from bot.features.upkeep.forgetting import forget

NAME = "forgotten.txt"
_SALT = "salt "


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

    def add(self, account: Account, at: datetime) -> None:
        """Put an account on the list; it is on disk when this returns."""
        salt = next(reversed(self._read()), "")
        first = "" if salt else f"{_SALT}{(salt := secrets.token_hex(16))}\n"
        # a line that was cut off before must not swallow this one
        line = f"\n{first}{_mark(salt, account)} {at.isoformat()}\n"
        self._append(line)

    def take(self, other: str) -> None:
        """Put what another such list says below this one, whatever its salt."""
        mine = self._file.read_text(encoding="utf-8", errors="replace") if self._file.exists() else ""
        if not {*other.splitlines()} <= {*mine.splitlines(), ""}:
            self._append(f"\n{other}\n")

    def replay(self, database: Database, features: Features) -> int:
        """Forget whoever is on the list and was known before that; return how many."""
        return database.run_sync(lambda work: self.forget_again(work, features)) if self._read() else 0

    def forget_again(self, work: Work, features: Features) -> int:
        """Forget, in a unit of work, whoever is on the list and was known before that; return how many."""
        found, lists = 0, self._read()
        for account in work.session.scalars(select(Account)).all() if lists else ():
            at = max(filter(None, (marks.get(_mark(salt, account)) for salt, marks in lists.items())), default=None)
            if at is not None and (account.made_at is None or account.made_at <= at):
                forget(work, features, account.id)
                found += 1
        return found

    def _append(self, text: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.touch(mode=0o600)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

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


def _mark(salt: str, account: Account) -> str:
    told = f"{account.platform}:{account.scope}:{account.external_id}"
    return blake2b(told.encode(), key=salt.encode(), digest_size=20).hexdigest()
